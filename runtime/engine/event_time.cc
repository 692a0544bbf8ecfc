#include "runtime/engine/event_time.h"

#include <cmath>

#include "runtime/builtins/registry.h"
#include "runtime/builtins/time.h"

namespace edict {
namespace {

using builtins::kNanosPerSecond;

int64_t NanosPer(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kSeconds:
      return kNanosPerSecond;
    case TimeUnit::kMilliseconds:
      return 1'000'000;
    case TimeUnit::kMicroseconds:
      return 1'000;
    default:
      return 1;
  }
}

EventTime FromText(const Value& field, EvalContext& context) {
  Value parsed;
  CallDynamic(&parsed, "timestamp", false, &field, 1, context);
  EventTime time;
  int64_t nanos = 0;
  time.bad = parsed.kind != Kind::kTimestamp || __builtin_mul_overflow(parsed.i, kNanosPerSecond, &nanos) ||
             __builtin_add_overflow(nanos, int64_t{parsed.nanos()}, &nanos);
  if (!time.bad) time.nanos = nanos;
  return time;
}

EventTime FromNumber(const Value& field, TimeUnit unit) {
  EventTime time;
  int64_t nanos = 0;
  if (field.kind == Kind::kInt) {
    time.bad = __builtin_mul_overflow(field.i, NanosPer(unit), &nanos);
  } else {
    // The whole part by itself: today's nanoseconds are beyond what a double holds exactly.
    const double whole = std::trunc(field.d);
    time.bad = !(std::fabs(whole) < 0x1p63) || __builtin_mul_overflow(static_cast<int64_t>(whole), NanosPer(unit), &nanos);
    const double rest = time.bad ? 0 : std::nearbyint((field.d - whole) * static_cast<double>(NanosPer(unit)));
    time.bad = time.bad || __builtin_add_overflow(nanos, static_cast<int64_t>(rest), &nanos);
  }
  if (!time.bad) time.nanos = nanos;
  return time;
}

}  // namespace

EventTime ReadEventTime(const Value& field, TimeUnit unit, EvalContext& context) {
  const bool text = unit == TimeUnit::kText;
  if (field.kind == Kind::kAbsent || field.kind == Kind::kNull) return {};
  if (text && field.kind == Kind::kString) return FromText(field, context);
  if (!text && (field.kind == Kind::kInt || field.kind == Kind::kDouble)) return FromNumber(field, unit);
  EventTime time;
  time.bad = true;
  return time;
}

Value TimestampAt(int64_t nanos) {
  int64_t seconds = nanos / kNanosPerSecond;
  int64_t rest = nanos % kNanosPerSecond;
  if (rest < 0) {
    rest += kNanosPerSecond;
    --seconds;
  }
  return Value::Timestamp(seconds, static_cast<int32_t>(rest));
}

}  // namespace edict
