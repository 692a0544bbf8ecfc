// Conversions between types: int(), uint(), double(), string(), bytes(), bool(), dyn(), type().
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "runtime/builtins/support.h"
#include "runtime/builtins/time.h"
#include "runtime/builtins/utf8.h"

namespace edict::builtins {
namespace {

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

Value Unreadable(EvalContext& context, std::string_view type, std::string_view text) {
  return Invalid(context, "cannot read " + ToCelText(Value::String(text.substr(0, 100))) + " as " + std::string(type));
}
Value OutOfRange(EvalContext& context, std::string_view type) {
  return Overflow(context, "value is out of the range of " + std::string(type));
}

// Digits with an optional sign; the whole text must be read. `plus`: a leading '+' is allowed.
template <typename T>
bool ReadInteger(std::string_view text, bool plus, T* value, bool* overflow) {
  if (plus && text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  *overflow = error == std::errc::result_out_of_range;
  return !text.empty() && end == text.data() + text.size() && (*overflow || error == std::errc());
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

bool ReadDouble(std::string_view text, double* value, bool* overflow) {
  *overflow = false;
  bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  if (EqualsIgnoringCase(text, "inf") || EqualsIgnoringCase(text, "infinity")) {
    *value = negative ? -HUGE_VAL : HUGE_VAL;
    return true;
  }
  if (EqualsIgnoringCase(text, "nan")) {
    *value = std::nan("");
    return true;
  }
  if (text.empty() || !(text[0] == '.' || (text[0] >= '0' && text[0] <= '9'))) return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  if (end != text.data() + text.size()) return false;
  if (error == std::errc::result_out_of_range) {
    *value = std::strtod(std::string(text).c_str(), nullptr);  // tells underflow, which is zero, from overflow
    *overflow = std::isinf(*value);
  } else if (error != std::errc()) {
    return false;
  }
  if (negative) *value = -*value;
  return true;
}

}  // namespace

std::string DoubleText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  double magnitude = std::fabs(value);
  bool fixed = magnitude == 0 || (magnitude >= 1e-6 && magnitude < 1e21);
  char buffer[64];
  auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, fixed ? std::chars_format::fixed : std::chars_format::scientific).ptr;
  return std::string(buffer, end);
}

EDICT_DEFINE(BoolFromBool) { *out = args[0]; }
EDICT_DEFINE(BoolFromString) {
  std::string_view text = args[0].text();
  for (std::string_view yes : {"true", "True", "TRUE", "t", "T", "1"}) {
    if (text == yes) return void(*out = Value::Bool(true));
  }
  for (std::string_view no : {"false", "False", "FALSE", "f", "F", "0"}) {
    if (text == no) return void(*out = Value::Bool(false));
  }
  *out = Unreadable(context, "bool", text);
}

EDICT_DEFINE(IntFromInt) { *out = args[0]; }
EDICT_DEFINE(IntFromUint) {
  *out = args[0].u > uint64_t{INT64_MAX} ? OutOfRange(context, "int") : Value::Int(static_cast<int64_t>(args[0].u));
}
EDICT_DEFINE(IntFromDouble) {
  double d = args[0].d;
  *out = d > -kTwo63 && d < kTwo63 ? Value::Int(static_cast<int64_t>(d)) : OutOfRange(context, "int");
}
EDICT_DEFINE(IntFromString) {
  int64_t value = 0;
  bool overflow;
  if (!ReadInteger(args[0].text(), true, &value, &overflow)) return void(*out = Unreadable(context, "int", args[0].text()));
  *out = overflow ? OutOfRange(context, "int") : Value::Int(value);
}
EDICT_DEFINE(IntFromTimestamp) { *out = Value::Int(args[0].i); }

EDICT_DEFINE(UintFromUint) { *out = args[0]; }
EDICT_DEFINE(UintFromInt) { *out = args[0].i < 0 ? OutOfRange(context, "uint") : Value::Uint(static_cast<uint64_t>(args[0].i)); }
EDICT_DEFINE(UintFromDouble) {
  double d = args[0].d;
  *out = d >= 0 && d < kTwo64 ? Value::Uint(static_cast<uint64_t>(d)) : OutOfRange(context, "uint");
}
EDICT_DEFINE(UintFromString) {
  uint64_t value = 0;
  bool overflow;
  if (!ReadInteger(args[0].text(), false, &value, &overflow)) {
    return void(*out = Unreadable(context, "uint", args[0].text()));
  }
  *out = overflow ? OutOfRange(context, "uint") : Value::Uint(value);
}

EDICT_DEFINE(DoubleFromDouble) { *out = args[0]; }
EDICT_DEFINE(DoubleFromInt) { *out = Value::Double(static_cast<double>(args[0].i)); }
EDICT_DEFINE(DoubleFromUint) { *out = Value::Double(static_cast<double>(args[0].u)); }
EDICT_DEFINE(DoubleFromString) {
  double value = 0;
  bool overflow;
  if (!ReadDouble(args[0].text(), &value, &overflow)) return void(*out = Unreadable(context, "double", args[0].text()));
  *out = overflow ? OutOfRange(context, "double") : Value::Double(value);
}

EDICT_DEFINE(StringFromString) { *out = args[0]; }
EDICT_DEFINE(StringFromBool) { *out = Value::String(args[0].b ? "true" : "false"); }
EDICT_DEFINE(StringFromInt) { *out = NewString(context, std::to_string(args[0].i)); }
EDICT_DEFINE(StringFromUint) { *out = NewString(context, std::to_string(args[0].u)); }
EDICT_DEFINE(StringFromDouble) { *out = NewString(context, DoubleText(args[0].d)); }
EDICT_DEFINE(StringFromBytes) {
  std::string_view text = args[0].text();
  if (!ChargeBytes(context, text.size())) return void(*out = FuelError(context));
  *out = IsUtf8(text) ? Value::String(text) : Invalid(context, "the bytes are invalid UTF-8");
}
EDICT_DEFINE(StringFromTimestamp) {
  char text[kTimeTextBytes];
  *out = NewString(context, PrintTimestamp(args[0], text));
}
EDICT_DEFINE(StringFromDuration) {
  char text[kTimeTextBytes];
  *out = NewString(context, PrintDuration(args[0], text));
}
EDICT_DEFINE(StringFromIp) { *out = Value::String(args[0].text()); }
EDICT_DEFINE(StringFromCidr) { *out = Value::String(args[0].text()); }

EDICT_DEFINE(BytesFromBytes) { *out = args[0]; }
EDICT_DEFINE(BytesFromString) { *out = Value::Bytes(args[0].text()); }

EDICT_DEFINE(ToDyn) { *out = args[0]; }
EDICT_DEFINE(TypeOf) { *out = Value::Type(TypeNameOf(args[0])); }

}  // namespace edict::builtins
