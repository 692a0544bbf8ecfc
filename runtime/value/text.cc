// The printed forms of values.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "runtime/value/value.h"

namespace edict {
namespace {

// Values nest as deep as their input; printing stops at this depth.
constexpr int kMaxDepth = 200;

void AppendDouble(std::string& out, double d, bool cel) {
  if (std::isnan(d)) {
    out += cel ? "double(\"NaN\")" : "NaN";
  } else if (std::isinf(d)) {
    out += cel ? (d > 0 ? "double(\"Infinity\")" : "double(\"-Infinity\")") : (d > 0 ? "Infinity" : "-Infinity");
  } else {
    char text[40];
    auto [end, error] = std::to_chars(text, text + sizeof text, d);
    std::string_view digits(text, static_cast<size_t>(end - text));
    out += digits;
    // In CEL "1" is an int.
    if (cel && digits.find_first_of(".en") == std::string_view::npos) out += ".0";
  }
}

void AppendNanos(std::string& out, uint32_t nanos) {
  if (nanos == 0) return;
  char text[12];
  std::snprintf(text, sizeof text, ".%09u", nanos);
  std::string_view digits = text;
  while (digits.back() == '0') digits.remove_suffix(1);
  out += digits;
}

void AppendTimestamp(std::string& out, const Value& value) {
  auto seconds = static_cast<std::time_t>(value.i);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  out += text;
  AppendNanos(out, value.size);
  out += 'Z';
}

void AppendDuration(std::string& out, const Value& value) {
  if (value.i < 0 || value.nanos() < 0) out += '-';
  uint64_t seconds = value.i < 0 ? 0 - static_cast<uint64_t>(value.i) : static_cast<uint64_t>(value.i);
  out += std::to_string(seconds);
  AppendNanos(out, static_cast<uint32_t>(value.nanos() < 0 ? -value.nanos() : value.nanos()));
  out += 's';
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
          out += escape;
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void AppendBytes(std::string& out, std::string_view bytes) {
  out += "b\"";
  for (char c : bytes) {
    if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
      out += c;
      continue;
    }
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(c));
    out += escape;
  }
  out += '"';
}

struct Style {
  bool cel = false;          // a CEL literal
  size_t enough = SIZE_MAX;  // bytes after which texts, lists and maps end
};

void Append(std::string& out, const Value& value, const Style& style, bool quote, int depth);

void AppendList(std::string& out, const Value& value, const Style& style, int depth) {
  out += '[';
  const char* separator = "";
  for (ListCursor cursor(value); out.size() <= style.enough && cursor.Next(); separator = ", ") {
    out += separator;
    Append(out, cursor.value(), style, true, depth + 1);
  }
  out += ']';
}

void AppendMap(std::string& out, const Value& value, const Style& style, int depth) {
  out += '{';
  const char* separator = "";
  for (MapCursor cursor(value); out.size() <= style.enough && cursor.Next(); separator = ", ") {
    out += separator;
    Append(out, cursor.key(), style, true, depth + 1);
    out += ": ";
    Append(out, cursor.value(), style, true, depth + 1);
  }
  out += '}';
}

void AppendOptional(std::string& out, const Value& value, const Style& style, int depth) {
  if (value.inner == nullptr) {
    out += style.cel ? "optional.none()" : "none";
  } else {
    if (style.cel) out += "optional.of(";
    Append(out, *value.inner, style, style.cel, depth + 1);
    if (style.cel) out += ')';
  }
}

void Append(std::string& out, const Value& value, const Style& style, bool quote, int depth) {
  if (depth > kMaxDepth) {
    out += "...";
    return;
  }
  switch (value.kind) {
    case Kind::kAbsent:
      out += "absent";
      break;
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBool:
      out += value.b ? "true" : "false";
      break;
    case Kind::kInt:
      out += std::to_string(value.i);
      break;
    case Kind::kUint:
      out += std::to_string(value.u);
      if (style.cel) out += 'u';
      break;
    case Kind::kDouble:
      AppendDouble(out, value.d, style.cel);
      break;
    case Kind::kString:
      if (quote) {
        AppendQuoted(out, Beginning(value.text(), style.enough));
      } else {
        out += Beginning(value.text(), style.enough);
      }
      break;
    case Kind::kBytes:
      AppendBytes(out, value.text().substr(0, style.enough));
      break;
    case Kind::kList:
      AppendList(out, value, style, depth);
      break;
    case Kind::kMap:
      AppendMap(out, value, style, depth);
      break;
    case Kind::kOptional:
      AppendOptional(out, value, style, depth);
      break;
    case Kind::kType:
      out += value.text();
      break;
    case Kind::kTimestamp:
      if (style.cel) out += "timestamp(\"";
      AppendTimestamp(out, value);
      if (style.cel) out += "\")";
      break;
    case Kind::kDuration:
      if (style.cel) out += "duration(\"";
      AppendDuration(out, value);
      if (style.cel) out += "\")";
      break;
    case Kind::kError:
      out += value.error->detail;
      break;
  }
}

}  // namespace

std::string ToMessageText(const Value& value, size_t enough) {
  std::string out;
  Append(out, value, {false, enough}, false, 0);
  return out;
}

std::string ToCelText(const Value& value, size_t enough) {
  std::string out;
  Append(out, value, {true, enough}, true, 0);
  return out;
}

std::string_view Beginning(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace edict
