// LargeValues: values of which nothing matters but that they are JSON, scanned with the help of other threads where they are large
// and that is sooner. For native code.
#ifndef EDICT_RUNTIME_INTERP_LARGE_VALUES_H_
#define EDICT_RUNTIME_INTERP_LARGE_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <functional>

#include "runtime/base/pace.h"
#include "runtime/json/split_scan.h"

namespace edict {

// One thread at a time uses it.
class LargeValues {
 public:
  // `pieces` of a value at most are given to `help`.
  LargeValues(size_t pieces, json::SplitScan::ForEach help) : pieces_(pieces), help_(std::move(help)) {}

  // Before events of a text that can be read up to `end`.
  void Begin(const char* end) {
    end_ = end;
    line_end_ = nullptr;
  }
  // As json::ScanValue.
  const char* Scan(const char* at, uint64_t depth);

  // The rest of an event in which a value may be large.
  static constexpr size_t kLarge = 512u << 10;

 private:
  bool MayBeLarge(const char* at);

  const size_t pieces_;
  const json::SplitScan::ForEach help_;
  const char* end_ = nullptr;
  const char* line_begin_ = nullptr;  // that was looked at
  const char* line_end_ = nullptr;    // its end, or the text's
  json::SplitScan scan_;
  Pace pace_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_INTERP_LARGE_VALUES_H_
