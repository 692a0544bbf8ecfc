#include "runtime/cli/typed_value.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/builtins/base64.h"

namespace edict::cli {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 1000;  // bounds recursion, as the engine's limit for events does

template <typename Number>
bool ReadNumber(const json& item, Number& number) {
  if (!item.is_number() && !item.is_string()) return false;
  // A JSON number by its text too: what does not fit is refused, not cut.
  const std::string text = item.is_string() ? item.get<std::string>() : item.dump();
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::string DoubleText(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[40];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end};
}

std::string_view Keep(Arena& arena, std::string_view text) { return {arena.Copy(text), text.size()}; }

Result<Value> ReadValue(const json& typed, Arena& arena, int depth);

Result<Value> ReadList(const json& items, Arena& arena, int depth) {
  Value* values = arena.AllocateArray<Value>(items.size() + 1);
  uint32_t n = 0;
  for (const json& item : items) {
    Result<Value> value = ReadValue(item, arena, depth);
    if (!value.ok()) return value;
    values[n++] = value.value();
  }
  return Value::List(values, n);
}

Result<Value> ReadMap(const json& pairs, Arena& arena, int depth) {
  MapEntry* entries = arena.AllocateArray<MapEntry>(pairs.size() + 1);
  uint32_t n = 0;
  for (const json& pair : pairs) {
    if (!pair.is_array() || pair.size() != 2) return Error{"a map is a list of pairs"};
    Result<Value> key = ReadValue(pair[0], arena, depth);
    if (!key.ok()) return key;
    Result<Value> value = ReadValue(pair[1], arena, depth);
    if (!value.ok()) return value;
    entries[n++] = {key.value(), value.value()};
  }
  return Value::Map(entries, n);
}

Result<Value> ReadValue(const json& typed, Arena& arena, int depth) {
  if (++depth > kMaxDepth) return Error{"the value is nested deeper than " + std::to_string(kMaxDepth)};
  if (!typed.is_object() || typed.size() != 1) return Error{"a typed value is an object with one key, its type"};
  const std::string& kind = typed.begin().key();
  const json& item = typed.begin().value();
  int64_t integer = 0;
  uint64_t natural = 0;
  double number = 0;
  int32_t nanos = 0;
  if (kind == "null") return Value::Null();
  if (kind == "bool" && item.is_boolean()) return Value::Bool(item.get<bool>());
  if (kind == "int" && ReadNumber(item, integer)) return Value::Int(integer);
  if (kind == "uint" && ReadNumber(item, natural)) return Value::Uint(natural);
  if (kind == "double" && ReadNumber(item, number)) return Value::Double(number);
  if (item.is_string()) {
    const std::string& text = item.get_ref<const std::string&>();
    std::string bytes;
    if (kind == "double" && (text == "inf" || text == "-inf" || text == "nan"))
      return Value::Double(std::strtod(text.c_str(), nullptr));
    if (kind == "string") return Value::String(Keep(arena, text));
    if (kind == "type") return Value::Type(Keep(arena, text));
    if (kind == "bytes_base64" && DecodeBase64(text, bytes)) return Value::Bytes(Keep(arena, bytes));
  }
  if (kind == "list" && item.is_array()) return ReadList(item, arena, depth);
  if (kind == "map" && item.is_array()) return ReadMap(item, arena, depth);
  if ((kind == "timestamp" || kind == "duration") && item.is_array() && item.size() == 2 && ReadNumber(item[0], integer) &&
      ReadNumber(item[1], nanos)) {
    return kind == "timestamp" ? Value::Timestamp(integer, nanos) : Value::Duration(integer, nanos);
  }
  if (kind == "optional") {
    if (item.is_null()) return Value::Optional(nullptr);
    Result<Value> inner = ReadValue(item, arena, depth);
    if (!inner.ok()) return inner;
    Value* kept = arena.AllocateArray<Value>(1);
    *kept = inner.value();
    return Value::Optional(kept);
  }
  return Error{"this is no typed value of type \"" + kind + "\""};
}

}  // namespace

Result<Value> ReadTypedValue(const json& typed, Arena& arena) { return ReadValue(typed, arena, 0); }

json WriteTypedValue(const Value& value) {
  switch (value.kind) {
    case Kind::kBool:
      return {{"bool", value.b}};
    case Kind::kInt:
      return {{"int", std::to_string(value.i)}};
    case Kind::kUint:
      return {{"uint", std::to_string(value.u)}};
    case Kind::kDouble:
      return {{"double", DoubleText(value.d)}};
    case Kind::kString:
      return {{"string", std::string(value.text())}};
    case Kind::kBytes:
      return {{"bytes_base64", EncodeBase64(value.text())}};
    case Kind::kType:
      return {{"type", std::string(value.text())}};
    case Kind::kTimestamp:
      return {{"timestamp", json::array({value.i, value.nanos()})}};
    case Kind::kDuration:
      return {{"duration", json::array({value.i, value.nanos()})}};
    case Kind::kList: {
      json items = json::array();
      for (ListCursor c(value); c.Next();) items.push_back(WriteTypedValue(c.value()));
      return {{"list", std::move(items)}};
    }
    case Kind::kMap: {
      json pairs = json::array();
      for (MapCursor c(value); c.Next();) pairs.push_back(json::array({WriteTypedValue(c.key()), WriteTypedValue(c.value())}));
      return {{"map", std::move(pairs)}};
    }
    case Kind::kOptional: {
      json inner = value.inner == nullptr ? json(nullptr) : WriteTypedValue(*value.inner);
      return {{"optional", std::move(inner)}};
    }
    default:
      return {{"null", nullptr}};
  }
}

}  // namespace edict::cli
