// string.format of the strings extension: %s %d %f %e %b %o %x %X %%, with a precision for %f and %e.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "runtime/builtins/support.h"

namespace edict::builtins {
namespace {

constexpr int kDefaultPrecision = 6;
constexpr int kMaxPrecision = 100;

void AppendText(std::string& out, const Value& value, EvalContext& context);

void AppendList(std::string& out, const Value& list, EvalContext& context) {
  out += '[';
  for (ListCursor c(list); c.Next();) {
    if (out.back() != '[') out += ", ";
    AppendText(out, c.value(), context);
  }
  out += ']';
}

// Entries in order of their keys' text, so that the result depends on the map's value only.
void AppendMap(std::string& out, const Value& map, EvalContext& context) {
  std::vector<std::pair<std::string, Value>> entries;
  for (MapCursor c(map); c.Next();) {
    std::string key;
    AppendText(key, c.key(), context);
    entries.emplace_back(std::move(key), c.value());
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out += '{';
  bool first = true;
  for (const auto& [key, value] : entries) {
    if (!first) out += ", ";
    first = false;
    out += key + ": ";
    AppendText(out, value, context);
  }
  out += '}';
}

void AppendText(std::string& out, const Value& value, EvalContext& context) {
  if (value.kind == Kind::kOptional && value.inner != nullptr) return AppendText(out, *value.inner, context);
  bool text = value.kind == Kind::kString || value.kind == Kind::kBytes;
  if (!Charge(context, 1 + (text ? value.size / 16 : 0))) return;
  switch (value.kind) {
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
      break;
    case Kind::kDouble:
      out += DoubleText(value.d);
      break;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      out += value.text();
      break;
    case Kind::kList:
      AppendList(out, value, context);
      break;
    case Kind::kMap:
      AppendMap(out, value, context);
      break;
    case Kind::kTimestamp:
      out += TimestampText(value);
      break;
    case Kind::kDuration:
      out += DurationText(value);
      break;
    default:
      out += ToMessageText(value);
  }
}

// The base's digits of an int, uint (or bool, for base 2); false: another kind.
bool AppendDigits(std::string& out, const Value& value, int base) {
  uint64_t magnitude = value.u;
  if (value.kind == Kind::kInt && value.i < 0) {
    out += '-';
    magnitude = uint64_t{0} - magnitude;
  } else if (value.kind == Kind::kBool && base == 2) {
    magnitude = value.b ? 1 : 0;
  } else if (value.kind != Kind::kInt && value.kind != Kind::kUint) {
    return false;
  }
  char digits[64];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, magnitude, base).ptr);
  return true;
}

bool AppendHex(std::string& out, const Value& value, bool upper) {
  std::string hex;
  if (value.kind == Kind::kString || value.kind == Kind::kBytes) {
    for (unsigned char c : value.text()) {
      hex += "0123456789abcdef"[c >> 4];
      hex += "0123456789abcdef"[c & 15];
    }
  } else if (!AppendDigits(hex, value, 16)) {
    return false;
  }
  for (char& c : hex) {
    if (upper && c >= 'a') c = static_cast<char>(c - 0x20);
  }
  out += hex;
  return true;
}

bool IsSpecial(const Value& value) { return value.kind == Kind::kDouble && !std::isfinite(value.d); }

bool AppendDecimal(std::string& out, const Value& value) {
  if (!IsSpecial(value)) return AppendDigits(out, value, 10);
  out += DoubleText(value.d);
  return true;
}

// %f (verb 'f') and %e. Never the C library's locale: to_chars.
bool AppendReal(std::string& out, const Value& value, char verb, int precision) {
  if (!value.is_number()) return false;
  double number = value.kind == Kind::kInt    ? static_cast<double>(value.i)
                  : value.kind == Kind::kUint ? static_cast<double>(value.u)
                                              : value.d;
  if (!std::isfinite(number)) {
    out += DoubleText(number);
    return true;
  }
  char buffer[512];
  auto format = verb == 'f' ? std::chars_format::fixed : std::chars_format::scientific;
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number, format, precision).ptr);
  return true;
}

// What a clause takes, for the error.
const char* Wanted(char verb) {
  switch (verb) {
    case 'd':
      return "decimal clause can only be used on integers";
    case 'f':
      return "fixed-point clause can only be used on numbers";
    case 'e':
      return "scientific clause can only be used on numbers";
    case 'b':
      return "binary clause can only be used on integers and bools";
    case 'o':
      return "octal clause can only be used on integers";
    default:
      return "hex clause can only be used on integers, strings and bytes";
  }
}

bool AppendClause(std::string& out, char verb, int precision, const Value& value, EvalContext& context) {
  switch (verb) {
    case 's':
      AppendText(out, value, context);
      return true;
    case 'd':
      return AppendDecimal(out, value);
    case 'f':
    case 'e':
      return AppendReal(out, value, verb, precision);
    case 'b':
      return AppendDigits(out, value, 2);
    case 'o':
      return AppendDigits(out, value, 8);
    default:
      return AppendHex(out, value, verb == 'X');
  }
}

// Reads ".3f" at `at`, just behind the '%'; 0: not a clause.
char ReadClause(std::string_view format, size_t& at, int* precision) {
  *precision = kDefaultPrecision;
  if (at < format.size() && format[at] == '.') {
    const char* begin = format.data() + at + 1;
    auto [end, error] = std::from_chars(begin, format.data() + format.size(), *precision);
    if (end == begin || error != std::errc() || *precision < 0 || *precision > kMaxPrecision) return 0;
    at = static_cast<size_t>(end - format.data());
  }
  if (at >= format.size() || std::string_view("sdfeboxX%").find(format[at]) == std::string_view::npos) return 0;
  return format[at++];
}

}  // namespace

EDICT_DEFINE(Format) {
  std::string_view format = args[0].text();
  std::string result;
  ListCursor values(args[1]);
  uint32_t used = 0;
  for (size_t at = 0; at < format.size();) {
    size_t percent = std::min(format.find('%', at), format.size());
    result.append(format, at, percent - at);
    if (!ChargeBytes(context, 16 + percent - at)) return void(*out = FuelError(context));
    if (percent == format.size()) break;
    at = percent + 1;
    int precision;
    char verb = ReadClause(format, at, &precision);
    if (verb == 0) return void(*out = Invalid(context, "could not parse formatting clause at byte " + std::to_string(percent)));
    if (verb == '%') {
      result += '%';
      continue;
    }
    if (!values.Next())
      return void(*out = Fail(context, ErrorCode::kIndexOutOfRange, "format: index " + std::to_string(used) + " out of range"));
    ++used;
    if (!AppendClause(result, verb, precision, values.value(), context)) {
      return void(*out = Invalid(
                      context, std::string("format: ") + Wanted(verb) + ", was given " + std::string(TypeNameOf(values.value()))));
    }
    // Only of text is `size` a length; lists and maps have paid for their elements.
    bool text = values.value().kind == Kind::kString || values.value().kind == Kind::kBytes;
    if (text && !ChargeBytes(context, values.value().size)) return void(*out = FuelError(context));
  }
  *out = context.fuel < 0 ? FuelError(context) : NewString(context, result);
}

}  // namespace edict::builtins
