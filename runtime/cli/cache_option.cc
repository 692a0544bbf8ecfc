#include "runtime/cli/cache_option.h"

#include <cstdio>

namespace edict::cli {

void AddCacheOption(Command command, std::string& mode) {
  command
      .Add("--cache", mode,
           "auto, on or off: remember array elements, as the messages of a history that is sent again; auto: where it pays")
      .OneOf({"auto", "on", "off"});
}

CacheMode ToCacheMode(const std::string& mode) {
  return mode == "on" ? CacheMode::kOn : mode == "off" ? CacheMode::kOff : CacheMode::kAuto;
}

std::string CacheStatsText(const CacheStats& stats) {
  const uint64_t looks = stats.hits + stats.misses;
  if (looks == 0) return "";
  char line[300];
  std::snprintf(
      line, sizeof line,
      "cache: %llu of %llu elements known (%.1f %%), %llu evicted, %llu without room; holds %llu in %llu bytes of at most "
      "%llu; saved about %.1f ms\n",
      static_cast<unsigned long long>(stats.hits), static_cast<unsigned long long>(looks),
      100.0 * static_cast<double>(stats.hits) / static_cast<double>(looks), static_cast<unsigned long long>(stats.evictions),
      static_cast<unsigned long long>(stats.refused), static_cast<unsigned long long>(stats.elements),
      static_cast<unsigned long long>(stats.bytes), static_cast<unsigned long long>(stats.max_bytes),
      static_cast<double>(stats.saved_ns) * 1e-6);
  return line;
}

}  // namespace edict::cli
