#include "runtime/cli/bench_report.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "runtime/cli/cache_option.h"

namespace edict::cli {
namespace {

constexpr int kVersion = 1;
// Rules shown in the text; the JSON has all.
constexpr size_t kShownRules = 20;

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void Print(std::string& out, const char* format, ...) {
  char line[512];
  va_list args;
  va_start(args, format);
  std::vsnprintf(line, sizeof(line), format, args);
  va_end(args);
  out += line;
}

// For printf.
unsigned long long Llu(uint64_t value) { return value; }

double PerEvent(const BenchReport& report, double seconds) {
  return report.pass.events == 0 ? 0 : seconds * 1e9 / static_cast<double>(report.pass.events);
}

double Rate(double amount, double seconds) { return seconds > 0 ? amount / seconds : 0; }

void AppendTimes(std::string& out, const BenchReport& report, const char* name, const BenchTimes& times) {
  const double least = times.Least();
  Print(out, "%-24s %10.1f %10.1f %14.0f %9.1f", name, PerEvent(report, least), PerEvent(report, times.Median()),
        Rate(static_cast<double>(report.pass.events), least), Rate(static_cast<double>(report.bytes) / 1e6, least));
  if (!report.yardstick.seconds.empty()) Print(out, " %9.2f", least / report.yardstick.Least());
  out += "\n";
}

void AppendRules(std::string& out, const BenchReport& report) {
  if (report.rule_costs.empty()) return;
  Print(out, "\n%-32s %10s %10s %10s %10s\n", "rules, in the interpreter", "events", "steps each", "ns each", "ns of all");
  const size_t shown = report.rule_costs.size() <= kShownRules + 1 ? report.rule_costs.size() : kShownRules;
  for (size_t i = 0; i < report.rule_costs.size(); ++i) {
    const RuleCost& cost = report.rule_costs[i];
    if (i >= shown && i + 1 < report.rule_costs.size()) continue;  // the last is no rule
    const auto events = static_cast<double>(std::max<uint64_t>(cost.events, 1));
    Print(out, "%-32s %10llu %10.1f %10.1f %10.1f\n", cost.code.substr(0, 100).c_str(), Llu(cost.events),
          static_cast<double>(cost.steps) / events, std::max(cost.nanoseconds / events, 0.0),
          std::max(PerEvent(report, cost.nanoseconds * 1e-9), 0.0));
  }
  if (shown < report.rule_costs.size()) Print(out, "... and %zu rules that take less\n", report.rule_costs.size() - shown - 1);
  out += "(each judged once more by itself, on the events of its types; the last column spreads that over all events)\n";
}

const char* TierTitle(const BenchTier& tier) { return tier.name == "native" ? "native code" : "interpreter"; }

nlohmann::ordered_json TimesJson(const BenchReport& report, const BenchTimes& times) {
  const double least = times.Least();
  return {{"ns_per_event", {{"min", PerEvent(report, least)}, {"median", PerEvent(report, times.Median())}}},
          {"events_per_second", Rate(static_cast<double>(report.pass.events), least)},
          {"bytes_per_second", Rate(static_cast<double>(report.bytes), least)}};
}

nlohmann::ordered_json TierJson(const BenchReport& report, const BenchTier& tier) {
  nlohmann::ordered_json item = {{"tier", tier.name}};
  item.update(TimesJson(report, tier.times));
  if (!report.yardstick.seconds.empty()) item["ratio_to_yardstick"] = tier.times.Least() / report.yardstick.Least();
  if (tier.name == "native") item["compile_ms"] = tier.compile_ms;
  item["latency_ns"] = {{"p50", tier.latency.Quantile(0.5)},
                        {"p99", tier.latency.Quantile(0.99)},
                        {"p99.9", tier.latency.Quantile(0.999)},
                        {"max", tier.latency.max()},
                        {"calls", tier.latency.count()}};
  return item;
}

uint64_t BytesPerStream(const BenchReport& report) { return report.pass.most_bytes / std::max<uint64_t>(report.pass.most_open, 1); }

}  // namespace

double BenchTimes::Least() const { return seconds.empty() ? 0 : *std::min_element(seconds.begin(), seconds.end()); }

double BenchTimes::Median() const {
  if (seconds.empty()) return 0;
  std::vector<double> sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::string BenchText(const BenchReport& report) {
  const BenchPass& pass = report.pass;
  std::string out;
  Print(out, "%llu events in %llu stream%s, %llu bytes; in every run %llu errors, %llu warnings, %llu info\n", Llu(pass.events),
        Llu(pass.streams), pass.streams == 1 ? "" : "s", Llu(report.bytes), Llu(pass.by_severity[2] + pass.by_severity[3]),
        Llu(pass.by_severity[1]), Llu(pass.by_severity[0]));
  Print(out, "rules ready after %.1f ms", report.load_ms);
  for (const BenchTier& tier : report.tiers) {
    if (tier.name == "native") Print(out, ", native code after another %.1f ms", tier.compile_ms);
  }
  const size_t runs = report.tiers.empty() ? 0 : report.tiers[0].times.seconds.size();
  Print(out, "\n\n%-24s %10s %10s %14s %9s%s\n", ("of " + std::to_string(runs) + " runs").c_str(), "ns/event", "median", "events/s",
        "MB/s", report.yardstick.seconds.empty() ? "" : " to visit");
  if (!report.yardstick.seconds.empty()) AppendTimes(out, report, "visit of every value", report.yardstick);
  for (const BenchTier& tier : report.tiers) AppendTimes(out, report, TierTitle(tier), tier.times);
  if (report.yardstick.seconds.empty()) {
    out += "no visit to compare with: " + report.yardstick_why + "\n";
  } else {
    out += "(the visit: simdjson On-Demand reads every value of the same bytes, and judges nothing)\n";
  }
  Print(out, "\n%-24s %10s %10s %10s %14s\n", "ns of FeedRecord", "p50", "p99", "p99.9", "max");
  for (const BenchTier& tier : report.tiers) {
    Print(out, "%-24s %10llu %10llu %10llu %14llu\n", TierTitle(tier), Llu(tier.latency.Quantile(0.5)),
          Llu(tier.latency.Quantile(0.99)), Llu(tier.latency.Quantile(0.999)), Llu(tier.latency.max()));
  }
  Print(out, "(of these, %.0f ns are the clock's)\n", report.clock_ns);
  Print(out, "\na stream takes %llu bytes, its state at most %llu; %llu open at once\n", Llu(BytesPerStream(report)),
        Llu(pass.state_bytes), Llu(pass.most_open));
  const std::string cache = CacheStatsText(report.cache);
  if (!cache.empty()) out += "over all runs, " + cache;
  AppendRules(out, report);
  return out;
}

std::string BenchJson(const BenchReport& report) {
  const BenchPass& pass = report.pass;
  nlohmann::ordered_json out = {{"format", "edict-bench"},
                                {"version", kVersion},
                                {"rules", report.rules},
                                {"inputs", report.inputs},
                                {"events", pass.events},
                                {"streams", pass.streams},
                                {"bytes", report.bytes},
                                {"findings",
                                 {{"critical", pass.by_severity[3]},
                                  {"error", pass.by_severity[2]},
                                  {"warning", pass.by_severity[1]},
                                  {"info", pass.by_severity[0]}}},
                                {"load_ms", report.load_ms},
                                {"runs", report.tiers.empty() ? 0 : report.tiers[0].times.seconds.size()},
                                {"clock_ns", report.clock_ns},
                                {"stream_bytes", BytesPerStream(report)},
                                {"state_bytes", pass.state_bytes}};
  out["yardstick"] = nullptr;
  if (!report.yardstick.seconds.empty()) {
    out["yardstick"] = {{"name", "simdjson On-Demand, every value"}};
    out["yardstick"].update(TimesJson(report, report.yardstick));
  }
  out["tiers"] = nlohmann::ordered_json::array();
  for (const BenchTier& tier : report.tiers) out["tiers"].push_back(TierJson(report, tier));
  const CacheStats& cache = report.cache;
  out["cache"] = {{"hits", cache.hits},
                  {"misses", cache.misses},
                  {"evictions", cache.evictions},
                  {"refused", cache.refused},
                  {"elements", cache.elements},
                  {"bytes", cache.bytes},
                  {"max_bytes", cache.max_bytes},
                  {"saved_ns", cache.saved_ns},
                  {"checks_asked", cache.checks_asked},
                  {"checks_known", cache.checks_known}};
  out["rule_costs"] = nlohmann::ordered_json::array();
  for (const RuleCost& cost : report.rule_costs) {
    const auto events = static_cast<double>(std::max<uint64_t>(cost.events, 1));
    out["rule_costs"].push_back({{"code", cost.code},
                                 {"events", cost.events},
                                 {"steps_per_event", static_cast<double>(cost.steps) / events},
                                 {"ns_per_event", std::max(cost.nanoseconds / events, 0.0)}});
  }
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace edict::cli
