// What stands behind the handles of edict.h, and what its functions have in common.
#ifndef EDICT_RUNTIME_CAPI_HANDLES_H_
#define EDICT_RUNTIME_CAPI_HANDLES_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "runtime/capi/edict.h"
#include "runtime/engine.h"
#include "runtime/parallel_streams.h"
#include "runtime/stream_set.h"

struct edict_error {
  std::string text;
};
struct edict_findings {
  std::vector<edict::Finding> all;
};
struct edict_cancel {
  std::atomic<bool> cancelled{false};
};
struct edict_engine {
  edict::Engine engine;
  std::string report;  // of the last reload
};
struct edict_stream {
  edict::Stream stream;
};
struct edict_set {
  edict::StreamSet set;
};
struct edict_parallel {
  edict::ParallelStreams streams;
};

namespace edict::capi {

// The caller's struct as this library knows it: what the caller does not know is zero. False: no version has such a struct.
template <typename T>
bool ReadStruct(const T* given, T& out) {
  out = T{};
  if (given == nullptr) return true;
  const size_t size = given->struct_size;
  if (size < sizeof(size_t) || size > (1u << 16)) return false;
  std::memcpy(&out, given, std::min(size, sizeof(T)));
  return true;
}

// The other way: only what the caller has room for is written.
template <typename T>
edict_status WriteStruct(const T& value, T* out) {
  const size_t size = out != nullptr ? out->struct_size : 0;
  if (size < sizeof(size_t)) return EDICT_BAD_ARGUMENT;
  std::memcpy(out, &value, std::min(size, sizeof(T)));
  out->struct_size = size;
  return EDICT_OK;
}

inline std::string_view View(const char* text, size_t size) {
  return text == nullptr ? std::string_view() : std::string_view(text, size);
}
inline std::string Name(const char* text) { return text == nullptr ? std::string() : std::string(text); }

// `work` may throw what the standard library throws; nothing leaves.
template <typename Work>
edict_status Guarded(Work&& work) {
  try {
    return work();
  } catch (...) {
    return EDICT_OUT_OF_MEMORY;
  }
}

inline edict_status Fail(edict_status status, std::string why, edict_error** error) {
  if (error != nullptr) *error = new edict_error{std::move(why)};
  return status;
}

// False: the struct is no stop.
bool ReadStop(const edict_stop* stop, StopWhen& out);
edict_status WriteStats(const StreamSetStats& stats, edict_set_stats* out);
// False: the structs are none of any version.
bool ReadHostFunctions(const edict_host_function* given, size_t count, std::vector<HostFunction>& out);
bool ReadSetOptions(const edict_set_options* given, edict_set_options& read, StreamSetOptions& out);

}  // namespace edict::capi

#endif  // EDICT_RUNTIME_CAPI_HANDLES_H_
