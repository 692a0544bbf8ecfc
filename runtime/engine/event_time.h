// The time that an event names, in the unit that the event family declares.
#ifndef EDICT_RUNTIME_ENGINE_EVENT_TIME_H_
#define EDICT_RUNTIME_ENGINE_EVENT_TIME_H_

#include <cstdint>
#include <optional>

#include "runtime/builtins/context.h"
#include "runtime/program/program.h"

namespace edict {

struct EventTime {
  std::optional<int64_t> nanos;  // since 1970; none: the event names no time
  bool bad = false;              // what stands in the field is no time, or one beyond int64
};

// `field`: what the event holds; kAbsent and null are no time.
EventTime ReadEventTime(const Value& field, TimeUnit unit, EvalContext& context);

// A time as expressions read it.
Value TimestampAt(int64_t nanos);

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_EVENT_TIME_H_
