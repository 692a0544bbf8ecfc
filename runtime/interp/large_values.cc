#include "runtime/interp/large_values.h"

#include <chrono>
#include <cstring>

#include "runtime/json/scan.h"

namespace edict {
namespace {

// Most values of a large event are no larger: these are neither timed nor cut.
constexpr size_t kSmall = 4u << 10;

}  // namespace

// Most texts are too short to be asked where their lines end.
bool LargeValues::MayBeLarge(const char* at) {
  if (static_cast<size_t>(end_ - at) < kLarge) return false;
  if (line_end_ == nullptr || at < line_begin_ || at >= line_end_) {
    const void* line_break = std::memchr(at, '\n', static_cast<size_t>(end_ - at));
    line_begin_ = at;
    line_end_ = line_break != nullptr ? static_cast<const char*>(line_break) : end_;
  }
  return static_cast<size_t>(line_end_ - at) >= kLarge;
}

const char* LargeValues::Scan(const char* at, uint64_t depth) {
  if ((*at != '{' && *at != '[') || !MayBeLarge(at)) return json::ScanValue(at, depth);
  if (const char* small = json::ScanValueUpTo(at, depth, at + kSmall)) return small;
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const bool several = pace_.several();
  const char* end = several ? scan_.Scan(at, line_end_, depth, pieces_, help_) : json::ScanValue(at, depth);
  if (end == nullptr || (several && !scan_.was_cut())) return end;
  pace_.Took(static_cast<size_t>(end - at), std::chrono::duration<double, std::nano>(Clock::now() - start).count());
  return end;
}

}  // namespace edict
