// JSON text to Values and back, for tests that know no parser of ours: by nlohmann-json, but for escapes of lone
// surrogates, which it refuses.
#ifndef EDICT_TESTS_SUPPORT_JSON_TEXT_H_
#define EDICT_TESTS_SUPPORT_JSON_TEXT_H_

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace edict::tests {

using Json = nlohmann::ordered_json;

inline Value KeptText(Arena& arena, const std::string& text) {
  // "\ue000d83d" stands for the lone surrogate d83d.
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text.compare(i, 3, "\xee\x80\x80") != 0) {
      out += text[i++];
      continue;
    }
    const auto unit = static_cast<unsigned>(std::stoul(text.substr(i + 3, 4), nullptr, 16));
    out += static_cast<char>(0xe0 | (unit >> 12));
    out += static_cast<char>(0x80 | ((unit >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (unit & 0x3f));
    i += 7;
  }
  return Value::String({arena.Copy(out), out.size()});
}

inline Value FromJson(Arena& arena, const Json& json) {
  if (json.is_null()) return Value::Null();
  if (json.is_boolean()) return Value::Bool(json.get<bool>());
  if (json.is_number_integer()) return Value::Int(json.get<int64_t>());
  if (json.is_number()) return Value::Double(json.get<double>());
  if (json.is_string()) return KeptText(arena, json.get<std::string>());
  const auto size = static_cast<uint32_t>(json.size());
  if (json.is_array()) {
    Value* items = arena.AllocateArray<Value>(size);
    for (uint32_t i = 0; i < size; ++i) items[i] = FromJson(arena, json[i]);
    return Value::List(items, size);
  }
  MapEntry* entries = arena.AllocateArray<MapEntry>(size);
  uint32_t n = 0;
  for (const auto& [key, value] : json.items()) entries[n++] = {KeptText(arena, key), FromJson(arena, value)};
  return Value::Map(entries, n);
}

inline Value ParseJson(Arena& arena, std::string_view text) {
  std::string marked(text);
  for (size_t i = 0; (i = marked.find("\\ud", i)) != std::string::npos; i += 3) marked.replace(i, 2, "\xee\x80\x80");
  return FromJson(arena, Json::parse(marked));
}

inline Json ToJson(const Value& value) {
  switch (value.kind) {
    case Kind::kBool:
      return value.b;
    case Kind::kInt:
      return value.i;
    case Kind::kDouble:
      return value.d;
    case Kind::kString:
      return std::string(value.text());
    case Kind::kList: {
      Json out = Json::array();
      for (ListCursor c(value); c.Next();) out.push_back(ToJson(c.value()));
      return out;
    }
    case Kind::kMap: {
      Json out = Json::object();
      for (MapCursor c(value); c.Next();) out[std::string(c.key().text())] = ToJson(c.value());
      return out;
    }
    default:
      return nullptr;
  }
}

inline std::string JsonText(const Value& value) { return value.kind == Kind::kAbsent ? "nothing" : ToJson(value).dump(); }

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_JSON_TEXT_H_
