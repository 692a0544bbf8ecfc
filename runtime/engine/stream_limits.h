// Whether open streams are within StreamSetOptions.
#ifndef EDICT_RUNTIME_ENGINE_STREAM_LIMITS_H_
#define EDICT_RUNTIME_ENGINE_STREAM_LIMITS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "runtime/stream_set.h"

namespace edict {

inline bool Over(const StreamSetOptions& options, size_t open, uint64_t bytes) {
  return open > 1 && (open > std::max<size_t>(options.max_streams, 1) || bytes > options.max_bytes);
}

// Of a stream that has to go when so many are open.
inline std::string WhyEvicted(const StreamSetOptions& options, size_t open) {
  if (open > options.max_streams) return "more than " + std::to_string(options.max_streams) + " streams are open";
  return "the open streams take more than " + std::to_string(options.max_bytes) + " bytes";
}

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_STREAM_LIMITS_H_
