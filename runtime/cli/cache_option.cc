#include "runtime/cli/cache_option.h"

#include <cstdio>

namespace edict::cli {

void AddCacheOption(Command command, std::string& mode) {
  command
      .Add("--cache", mode,
           "auto, on or off: remember array elements, as the messages of a history that is sent again, and dear checks of a few "
           "fields; auto: where it pays")
      .OneOf({"auto", "on", "off"});
}

CacheMode ToCacheMode(const std::string& mode) {
  return mode == "on" ? CacheMode::kOn : mode == "off" ? CacheMode::kOff : CacheMode::kAuto;
}

namespace {

std::string Share(uint64_t part, uint64_t all, const char* of) {
  char text[100];
  std::snprintf(text, sizeof text, "%llu of %llu %s known (%.1f %%)", static_cast<unsigned long long>(part),
                static_cast<unsigned long long>(all), of, 100.0 * static_cast<double>(part) / static_cast<double>(all));
  return text;
}

}  // namespace

std::string CacheStatsText(const CacheStats& stats) {
  const uint64_t looks = stats.hits + stats.misses;
  if (looks == 0 && stats.checks_asked == 0) return "";
  std::string text = "cache: ";
  if (stats.checks_asked != 0) text += Share(stats.checks_known, stats.checks_asked, "checks");
  if (looks == 0) return text + "\n";
  if (stats.checks_asked != 0) text += "; ";
  char line[300];
  std::snprintf(line, sizeof line,
                ", %llu evicted, %llu without room; holds %llu in %llu bytes of at most %llu; saved about %.1f ms\n",
                static_cast<unsigned long long>(stats.evictions), static_cast<unsigned long long>(stats.refused),
                static_cast<unsigned long long>(stats.elements), static_cast<unsigned long long>(stats.bytes),
                static_cast<unsigned long long>(stats.max_bytes), static_cast<double>(stats.saved_ns) * 1e-6);
  return text + Share(stats.hits, looks, "elements") + line;
}

}  // namespace edict::cli
