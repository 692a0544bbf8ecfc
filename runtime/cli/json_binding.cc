#include "runtime/cli/json_binding.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "runtime/builtins/base64.h"
#include "runtime/builtins/registry.h"

namespace edict::cli {
namespace {

using sema::Type;
using sema::TypeKind;
using sema::TypeRef;

std::string Shown(const JsonNode& json) {
  constexpr size_t kMax = 60;  // bytes of a value in an error
  std::string text = ToCelText(FromJson(json));
  return text.size() <= kMax ? text : text.substr(0, kMax) + "...";
}

Error Misfit(const JsonNode& json, TypeRef type) { return Error{Shown(json) + " is no " + ToText(type)}; }

// "" or the place of an error inside, in front of it.
Error At(const std::string& place, const Error& error) {
  return Error{place + (error.message.substr(0, 1) == "[" ? "" : ": ") + error.message};
}

template <typename Number>
bool ReadWhole(std::string_view text, Number& number) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

Result<Value> BindInt(const JsonNode& json, TypeRef type) {
  int64_t number = 0;
  if (json.kind == JsonKind::kInt) return Value::Int(json.i);
  if (json.kind == JsonKind::kDouble && std::trunc(json.d) == json.d && std::fabs(json.d) < 0x1p63) {
    return Value::Int(static_cast<int64_t>(json.d));
  }
  if (json.kind == JsonKind::kString && ReadWhole(json.text(), number)) return Value::Int(number);
  return Misfit(json, type);
}

Result<Value> BindUint(const JsonNode& json, TypeRef type) {
  uint64_t number = 0;
  if (json.kind == JsonKind::kInt && json.i >= 0) return Value::Uint(static_cast<uint64_t>(json.i));
  if (json.kind == JsonKind::kDouble) {
    if ((json.flags & JsonNode::kUintBits) != 0) return Error{Shown(json) + " has lost digits: write a uint so large as a string"};
    if (std::trunc(json.d) == json.d && json.d >= 0 && json.d < 0x1p64) return Value::Uint(static_cast<uint64_t>(json.d));
  }
  if (json.kind == JsonKind::kString && ReadWhole(json.text(), number)) return Value::Uint(number);
  return Misfit(json, type);
}

Result<Value> BindDouble(const JsonNode& json, TypeRef type) {
  if (json.kind == JsonKind::kInt) return Value::Double(static_cast<double>(json.i));
  if (json.kind == JsonKind::kDouble) return Value::Double(json.d);
  if (json.kind == JsonKind::kString) {
    std::string_view text = json.text();
    if (text == "NaN") return Value::Double(std::nan(""));
    if (text == "Infinity" || text == "-Infinity") return Value::Double(text[0] == '-' ? -HUGE_VAL : HUGE_VAL);
  }
  return Misfit(json, type);
}

// Types that a builtin reads from a string.
Result<Value> BindParsed(const JsonNode& json, TypeRef type, Builtin parse, Arena& arena) {
  if (json.kind != JsonKind::kString) return Misfit(json, type);
  EvalContext context;
  context.arena = &arena;
  context.fuel = json.size + int64_t{1000};
  Value argument = Value::String(json.text());
  Value value;
  CallChecked(&value, static_cast<uint32_t>(parse), &argument, 1, context);
  if (value.is_error()) return Error{Shown(json) + " is no " + ToText(type) + ": " + std::string(value.error->detail)};
  return value;
}

Result<Value> BindBytes(const JsonNode& json, TypeRef type, Arena& arena) {
  std::string bytes;
  if (json.kind != JsonKind::kString) return Misfit(json, type);
  if (!DecodeBase64(json.text(), bytes)) return Error{Shown(json) + " is no base64, as bytes are written in JSON"};
  return Value::Bytes({arena.Copy(bytes), bytes.size()});
}

Result<Value> BindList(const JsonNode& json, TypeRef type, Arena& arena) {
  if (json.kind != JsonKind::kArray) return Misfit(json, type);
  Value* values = arena.AllocateArray<Value>(json.size);
  const JsonNode* item = &json + 1;
  for (uint32_t i = 0; i < json.size; ++i, item += item->next) {
    Result<Value> value = BindJson(*item, type->args[0], arena);
    if (!value.ok()) return At("[" + std::to_string(i) + "]", value.error());
    values[i] = value.value();
  }
  return Value::List(values, json.size);
}

// A key that JSON writes as a string.
Result<Value> BindKey(const JsonNode& key, TypeRef type, Arena& arena) {
  if (type->kind == TypeKind::kBool) {
    if (key.text() == "true" || key.text() == "false") return Value::Bool(key.text() == "true");
    return Error{"the key " + Shown(key) + " is no bool"};
  }
  Result<Value> value = BindJson(key, type, arena);
  if (!value.ok()) return Error{"the key " + value.error().message};
  return value;
}

Result<Value> BindMap(const JsonNode& json, TypeRef type, Arena& arena) {
  if (json.kind != JsonKind::kObject) return Misfit(json, type);
  MapEntry* entries = arena.AllocateArray<MapEntry>(json.size);
  const JsonNode* key = &json + 1;
  uint32_t n = 0;
  while (n < json.size) {
    const JsonNode* value_node = key + 1;
    if ((key->flags & JsonNode::kShadowed) == 0) {
      Result<Value> bound_key = BindKey(*key, type->args[0], arena);
      if (!bound_key.ok()) return bound_key;
      if (MapFind(Value::Map(entries, n), bound_key.value()).kind != Kind::kAbsent) {
        return Error{"the key " + Shown(*key) + " stands twice"};
      }
      Result<Value> value = BindJson(*value_node, type->args[1], arena);
      if (!value.ok()) return At("[" + Shown(*key) + "]", value.error());
      entries[n++] = {bound_key.value(), value.value()};
    }
    key = value_node + value_node->next;
  }
  return Value::Map(entries, n);
}

Result<Value> BindOptional(const JsonNode& json, TypeRef type, Arena& arena) {
  if (json.kind == JsonKind::kNull) return Value::Optional(nullptr);
  Result<Value> inner = BindJson(json, type->args[0], arena);
  if (!inner.ok()) return inner;
  Value* kept = arena.AllocateArray<Value>(1);
  *kept = inner.value();
  return Value::Optional(kept);
}

}  // namespace

// Recursion is as deep as the type.
Result<Value> BindJson(const JsonNode& json, TypeRef type, Arena& arena) {
  switch (type->kind) {
    case TypeKind::kDyn:
      return FromJson(json);
    case TypeKind::kNull:
      if (json.kind == JsonKind::kNull) return Value::Null();
      return Misfit(json, type);
    case TypeKind::kBool:
      if (json.kind == JsonKind::kBool) return Value::Bool(json.b);
      return Misfit(json, type);
    case TypeKind::kString:
      if (json.kind == JsonKind::kString) return Value::String(json.text());
      return Misfit(json, type);
    case TypeKind::kInt:
      return BindInt(json, type);
    case TypeKind::kUint:
      return BindUint(json, type);
    case TypeKind::kDouble:
      return BindDouble(json, type);
    case TypeKind::kBytes:
      return BindBytes(json, type, arena);
    case TypeKind::kTimestamp:
      return BindParsed(json, type, Builtin::kTimestampFromString, arena);
    case TypeKind::kDuration:
      return BindParsed(json, type, Builtin::kDurationFromString, arena);
    case TypeKind::kOpaque:
      return BindParsed(json, type, type->name == "net.IP" ? Builtin::kIpFromString : Builtin::kCidrFromString, arena);
    case TypeKind::kList:
      return BindList(json, type, arena);
    case TypeKind::kMap:
      return BindMap(json, type, arena);
    case TypeKind::kOptional:
      return BindOptional(json, type, arena);
    default:
      return Error{"JSON has no values of type " + ToText(type)};
  }
}

}  // namespace edict::cli
