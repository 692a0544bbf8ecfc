#include "compiler/lower/json_text.h"

#include <charconv>
#include <cmath>

namespace edict::lower {
namespace {

bool AppendList(std::string& out, const Value& list) {
  out += '[';
  bool first = true;
  for (ListCursor c(list); c.Next(); first = false) {
    if (!first) out += ',';
    if (!AppendJsonText(out, c.value())) return false;
  }
  out += ']';
  return true;
}

bool AppendMap(std::string& out, const Value& map) {
  out += '{';
  bool first = true;
  for (MapCursor c(map); c.Next(); first = false) {
    if (!first) out += ',';
    if (c.key().kind != Kind::kString) return false;
    AppendJsonText(out, c.key().text());
    out += ':';
    if (!AppendJsonText(out, c.value())) return false;
  }
  out += '}';
  return true;
}

}  // namespace

void AppendJsonText(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  out += '"';
}

bool AppendJsonText(std::string& out, const Value& value) {
  switch (value.kind) {
    case Kind::kNull:
      out += "null";
      return true;
    case Kind::kBool:
      out += value.is_true() ? "true" : "false";
      return true;
    case Kind::kInt:
      out += std::to_string(value.i);
      return true;
    case Kind::kUint:
      out += std::to_string(value.u);
      return true;
    case Kind::kDouble: {
      if (!std::isfinite(value.d)) return false;
      char buffer[32];
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, value.d).ptr;
      out.append(buffer, end);
      return true;
    }
    case Kind::kString:
      AppendJsonText(out, value.text());
      return true;
    case Kind::kList:
      return AppendList(out, value);
    case Kind::kMap:
      return AppendMap(out, value);
    default:
      return false;
  }
}

}  // namespace edict::lower
