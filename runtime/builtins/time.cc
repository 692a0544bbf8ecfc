// Timestamps and durations: arithmetic, conversions, calendar fields. Calendar by std::chrono (proleptic Gregorian).
#include "runtime/builtins/time.h"

#include <charconv>
#include <chrono>
#include <cstdio>

#include "runtime/builtins/support.h"

namespace edict::builtins {
namespace {

using Wide = __int128;  // nanoseconds

Wide Nanos(const Value& v) { return Wide{v.i} * kNanosPerSecond + v.nanos(); }

Value TimestampOf(EvalContext& context, Wide nanos) {
  Wide seconds = nanos / kNanosPerSecond, rest = nanos % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    --seconds;
  }
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) {
    return Overflow(context, "timestamp is out of range");
  }
  return Value::Timestamp(static_cast<int64_t>(seconds), static_cast<int32_t>(rest));
}
Value DurationOf(EvalContext& context, Wide nanos) {
  Wide limit = Wide{kMaxDurationSeconds} * kNanosPerSecond;
  if (nanos < -limit || nanos > limit) return Overflow(context, "duration is out of range");
  return Value::Duration(static_cast<int64_t>(nanos / kNanosPerSecond), static_cast<int32_t>(nanos % kNanosPerSecond));
}

// Nanoseconds as ".5", ".000000001", or nothing, at text[at]; gives where it ends.
size_t PrintFraction(int32_t nanos, char (&text)[kTimeTextBytes], size_t at) {
  if (nanos == 0) return at;
  at += static_cast<size_t>(std::snprintf(text + at, sizeof text - at, ".%09d", nanos < 0 ? -nanos : nanos));
  while (text[at - 1] == '0') --at;
  return at;
}

struct Calendar {
  std::chrono::year_month_day date;
  std::chrono::sys_days day;
  int64_t second_of_day;
};
Calendar CalendarAt(int64_t seconds) {
  using std::chrono::floor;
  std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  auto day = floor<std::chrono::days>(time);
  return {std::chrono::year_month_day(day), day, (time - day).count()};
}

// Reads exactly `width` digits and moves behind them.
bool Digits(std::string_view& text, size_t width, int* value) {
  if (text.size() < width) return false;
  *value = 0;
  for (size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    *value = *value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}
bool Literal(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}
// ".123": up to nine digits count.
bool FractionDigits(std::string_view& text, int32_t* nanos) {
  *nanos = 0;
  if (!Literal(text, '.')) return true;
  int32_t unit = 100'000'000;
  size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
    *nanos += (text[0] - '0') * unit;
    unit /= 10;
  }
  return digits > 0;
}
bool Zone(std::string_view& text, int* offset_seconds) {
  *offset_seconds = 0;
  if (Literal(text, 'Z') || Literal(text, 'z')) return true;
  int sign = Literal(text, '+') ? 1 : Literal(text, '-') ? -1 : 0;
  int hours, minutes;
  if (sign == 0 || !Digits(text, 2, &hours) || !Literal(text, ':') || !Digits(text, 2, &minutes)) return false;
  *offset_seconds = sign * (hours * 3600 + minutes * 60);
  return hours < 24 && minutes < 60;
}

// RFC 3339.
bool ReadTimestamp(std::string_view text, Wide* nanos) {
  int year, month, day, hour, minute, second, offset;
  int32_t fraction;
  bool read = Digits(text, 4, &year) && Literal(text, '-') && Digits(text, 2, &month) && Literal(text, '-') &&
              Digits(text, 2, &day) && (Literal(text, 'T') || Literal(text, 't')) && Digits(text, 2, &hour) && Literal(text, ':') &&
              Digits(text, 2, &minute) && Literal(text, ':') && Digits(text, 2, &second) && FractionDigits(text, &fraction) &&
              Zone(text, &offset) && text.empty();
  if (!read || hour > 23 || minute > 59 || second > 59) return false;
  std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
  *nanos = Wide{seconds} * kNanosPerSecond + fraction;
  return true;
}

struct Unit {
  std::string_view name;
  int64_t nanos;
};
// Longer names first: "ms" is not "m".
constexpr Unit kUnits[] = {{"ns", 1},         {"us", 1'000},          {"\xc2\xb5s", 1'000},        {"\xce\xbcs", 1'000},
                           {"ms", 1'000'000}, {"s", kNanosPerSecond}, {"m", 60 * kNanosPerSecond}, {"h", 3600 * kNanosPerSecond}};

// One "1.5h" of a duration, in nanoseconds; digits below a nanosecond are dropped.
bool ReadDurationPart(std::string_view& text, Wide* nanos) {
  Wide whole = 0, fraction = 0, scale = 1;
  size_t digits = 0;
  auto is_digit = [&] { return !text.empty() && text[0] >= '0' && text[0] <= '9'; };
  for (; is_digit(); text.remove_prefix(1), ++digits) {
    whole = whole * 10 + (text[0] - '0');
    if (digits > 20) return false;
  }
  if (Literal(text, '.')) {
    for (; is_digit(); text.remove_prefix(1), ++digits) {
      if (scale >= kNanosPerSecond * 100'000) continue;
      fraction = fraction * 10 + (text[0] - '0');
      scale *= 10;
    }
  }
  if (digits == 0) return false;
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    *nanos = whole * unit.nanos + fraction * unit.nanos / scale;
    return true;
  }
  return false;
}

// As Go reads them: "1h30m", "-1.5s", "100ms", "0".
bool ReadDuration(std::string_view text, Wide* nanos) {
  *nanos = 0;
  bool negative = Literal(text, '-');
  if (!negative) Literal(text, '+');
  if (text == "0") return true;
  if (text.empty() || text.size() > 200) return false;
  while (!text.empty()) {
    Wide part;
    if (!ReadDurationPart(text, &part)) return false;
    *nanos += part;
  }
  if (negative) *nanos = -*nanos;
  return true;
}

// Calendar fields, numbered as CEL does: months and days of the year from 0, getDate from 1, Sunday is 0.
using Field = int64_t (*)(const Calendar&);
int64_t Date(const Calendar& c) { return static_cast<unsigned>(c.date.day()); }
int64_t DayOfMonth(const Calendar& c) { return Date(c) - 1; }
int64_t DayOfWeek(const Calendar& c) { return std::chrono::weekday(c.day).c_encoding(); }
int64_t DayOfYear(const Calendar& c) { return (c.day - std::chrono::sys_days(c.date.year() / std::chrono::January / 1)).count(); }
int64_t FullYear(const Calendar& c) { return static_cast<int>(c.date.year()); }
int64_t Month(const Calendar& c) { return static_cast<unsigned>(c.date.month()) - 1; }
int64_t Hours(const Calendar& c) { return c.second_of_day / 3600; }
int64_t Minutes(const Calendar& c) { return c.second_of_day / 60 % 60; }
int64_t Seconds(const Calendar& c) { return c.second_of_day % 60; }

Value FieldAt(const Value* args, uint32_t n, Field field, EvalContext& context) {
  int32_t offset = 0;
  if (n == 2 && !ZoneOffset(args[1].text(), args[0].i, &offset)) {
    return Invalid(context, "no such time zone: " + std::string(args[1].text().substr(0, 100)));
  }
  return Value::Int(field(CalendarAt(args[0].i + offset)));
}
Value Milliseconds(const Value* args, uint32_t n, EvalContext& context) {
  Value checked = FieldAt(args, n, Seconds, context);
  return checked.is_error() ? checked : Value::Int(args[0].nanos() / 1'000'000);
}

}  // namespace

std::string_view PrintTimestamp(const Value& timestamp, char (&text)[kTimeTextBytes]) {
  Calendar c = CalendarAt(timestamp.i);
  int printed = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(c.date.year()),
                              static_cast<unsigned>(c.date.month()), static_cast<unsigned>(c.date.day()),
                              static_cast<int>(Hours(c)), static_cast<int>(Minutes(c)), static_cast<int>(Seconds(c)));
  size_t end = PrintFraction(timestamp.nanos(), text, static_cast<size_t>(printed));
  text[end++] = 'Z';
  return {text, end};
}

std::string_view PrintDuration(const Value& duration, char (&text)[kTimeTextBytes]) {
  bool negative = duration.i < 0 || duration.nanos() < 0;
  uint64_t seconds = duration.i < 0 ? 0 - static_cast<uint64_t>(duration.i) : static_cast<uint64_t>(duration.i);
  int printed = std::snprintf(text, sizeof text, "%s%llu", negative ? "-" : "", static_cast<unsigned long long>(seconds));
  size_t end = PrintFraction(duration.nanos(), text, static_cast<size_t>(printed));
  text[end++] = 's';
  return {text, end};
}

std::string TimestampText(const Value& timestamp) {
  char text[kTimeTextBytes];
  return std::string(PrintTimestamp(timestamp, text));
}

std::string DurationText(const Value& duration) {
  char text[kTimeTextBytes];
  return std::string(PrintDuration(duration, text));
}

EDICT_DEFINE(AddTimestampDuration) { *out = TimestampOf(context, Nanos(args[0]) + Nanos(args[1])); }
EDICT_DEFINE(AddDurationTimestamp) { *out = TimestampOf(context, Nanos(args[0]) + Nanos(args[1])); }
EDICT_DEFINE(AddDuration) { *out = DurationOf(context, Nanos(args[0]) + Nanos(args[1])); }
// What CEL's evaluators cannot hold in 64-bit nanoseconds (292 years) they refuse; a rule must not pass here and fail there.
EDICT_DEFINE(SubtractTimestamp) {
  Wide nanos = Nanos(args[0]) - Nanos(args[1]);
  bool fits = nanos >= std::numeric_limits<int64_t>::min() && nanos <= std::numeric_limits<int64_t>::max();
  *out = fits ? DurationOf(context, nanos) : Overflow(context, "the difference is out of the range of 64-bit nanoseconds");
}
EDICT_DEFINE(SubtractTimestampDuration) { *out = TimestampOf(context, Nanos(args[0]) - Nanos(args[1])); }
EDICT_DEFINE(SubtractDuration) { *out = DurationOf(context, Nanos(args[0]) - Nanos(args[1])); }

EDICT_DEFINE(TimestampFromTimestamp) { *out = args[0]; }
EDICT_DEFINE(TimestampFromString) {
  Wide nanos;
  if (ReadTimestamp(args[0].text(), &nanos)) {
    *out = TimestampOf(context, nanos);
  } else {
    *out =
        Invalid(context, "cannot read " + ToCelText(Value::String(args[0].text().substr(0, 100))) + " as a timestamp (RFC 3339)");
  }
}
EDICT_DEFINE(TimestampFromInt) { *out = TimestampOf(context, Wide{args[0].i} * kNanosPerSecond); }
EDICT_DEFINE(DurationFromDuration) { *out = args[0]; }
EDICT_DEFINE(DurationFromString) {
  Wide nanos;
  if (ReadDuration(args[0].text(), &nanos)) {
    *out = DurationOf(context, nanos);
  } else {
    *out = Invalid(context, "cannot read " + ToCelText(Value::String(args[0].text().substr(0, 100))) + " as a duration");
  }
}

EDICT_DEFINE(GetDate) { *out = FieldAt(args, n, Date, context); }
EDICT_DEFINE_SAME(GetDateIn, GetDate)
EDICT_DEFINE(GetDayOfMonth) { *out = FieldAt(args, n, DayOfMonth, context); }
EDICT_DEFINE_SAME(GetDayOfMonthIn, GetDayOfMonth)
EDICT_DEFINE(GetDayOfWeek) { *out = FieldAt(args, n, DayOfWeek, context); }
EDICT_DEFINE_SAME(GetDayOfWeekIn, GetDayOfWeek)
EDICT_DEFINE(GetDayOfYear) { *out = FieldAt(args, n, DayOfYear, context); }
EDICT_DEFINE_SAME(GetDayOfYearIn, GetDayOfYear)
EDICT_DEFINE(GetFullYear) { *out = FieldAt(args, n, FullYear, context); }
EDICT_DEFINE_SAME(GetFullYearIn, GetFullYear)
EDICT_DEFINE(GetMonth) { *out = FieldAt(args, n, Month, context); }
EDICT_DEFINE_SAME(GetMonthIn, GetMonth)
EDICT_DEFINE(GetHours) { *out = FieldAt(args, n, Hours, context); }
EDICT_DEFINE_SAME(GetHoursIn, GetHours)
EDICT_DEFINE(GetMinutes) { *out = FieldAt(args, n, Minutes, context); }
EDICT_DEFINE_SAME(GetMinutesIn, GetMinutes)
EDICT_DEFINE(GetSeconds) { *out = FieldAt(args, n, Seconds, context); }
EDICT_DEFINE_SAME(GetSecondsIn, GetSeconds)
EDICT_DEFINE(GetMilliseconds) { *out = Milliseconds(args, n, context); }
EDICT_DEFINE_SAME(GetMillisecondsIn, GetMilliseconds)
// Of a duration: the whole of it in that unit, but the milliseconds within the second.
EDICT_DEFINE(DurationHours) { *out = Value::Int(args[0].i / 3600); }
EDICT_DEFINE(DurationMinutes) { *out = Value::Int(args[0].i / 60); }
EDICT_DEFINE(DurationSeconds) { *out = Value::Int(args[0].i); }
EDICT_DEFINE(DurationMilliseconds) { *out = Value::Int(args[0].nanos() / 1'000'000); }

}  // namespace edict::builtins
