// Calendar arithmetic for the time builtins. For runtime/builtins and native code.
#ifndef EDICT_RUNTIME_BUILTINS_TIME_H_
#define EDICT_RUNTIME_BUILTINS_TIME_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/value/value.h"

namespace edict::builtins {

// CEL's range of timestamps: the years 1 to 9999. Durations: as far as protobuf's.
inline constexpr int64_t kMinTimestampSeconds = -62135596800;
inline constexpr int64_t kMaxTimestampSeconds = 253402300799;
inline constexpr int64_t kMaxDurationSeconds = 315576000000;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;

// As TimestampText and DurationText of support.h, in the caller's room.
inline constexpr size_t kTimeTextBytes = 80;
std::string_view PrintTimestamp(const Value& timestamp, char (&text)[kTimeTextBytes]);
std::string_view PrintDuration(const Value& duration, char (&text)[kTimeTextBytes]);

// Seconds east of UTC at that moment. The zone: an IANA name, "UTC", or a fixed offset "+01:00", "-02:30", "02:00".
// False: there is no such zone.
bool ZoneOffset(std::string_view zone, int64_t seconds, int32_t* offset);

}  // namespace edict::builtins

#endif  // EDICT_RUNTIME_BUILTINS_TIME_H_
