// Arithmetic on times and spans, nanoseconds in int64: what would pass the ends stays at them.
#ifndef EDICT_RUNTIME_STATE_TIME_MATH_H_
#define EDICT_RUNTIME_STATE_TIME_MATH_H_

#include <cstdint>

namespace edict {

// `span` is at most INT64_MAX.
inline int64_t Later(int64_t time, uint64_t span) {
  int64_t sum = 0;
  return __builtin_add_overflow(time, static_cast<int64_t>(span), &sum) ? INT64_MAX : sum;
}
inline int64_t Earlier(int64_t time, uint64_t span) {
  int64_t difference = 0;
  return __builtin_sub_overflow(time, static_cast<int64_t>(span), &difference) ? INT64_MIN : difference;
}
// The latest multiple of `span` that is not after `time`.
inline int64_t AlignedStart(int64_t time, uint64_t span) {
  const auto length = static_cast<int64_t>(span);
  int64_t into = time % length;
  if (into < 0) into += length;
  return Earlier(time, static_cast<uint64_t>(into));
}

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_TIME_MATH_H_
