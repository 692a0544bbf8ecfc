// What `edict bench` says: as text, or as JSON in a versioned form (the README of the benchmarks describes it).
#ifndef EDICT_RUNTIME_CLI_BENCH_REPORT_H_
#define EDICT_RUNTIME_CLI_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "runtime/cli/bench_measure.h"
#include "runtime/cli/bench_rules.h"

namespace edict::cli {

// Seconds of each run over all events.
struct BenchTimes {
  std::vector<double> seconds;
  double Least() const;
  double Median() const;
};

struct BenchTier {
  std::string name;       // "interp" or "native"
  double compile_ms = 0;  // of native code, from the Program to code that can run; interp: 0
  BenchTimes times;
  LatencyHistogram latency;
};

struct BenchReport {
  std::vector<std::string> rules;
  std::vector<std::string> inputs;
  double load_ms = 0;  // from the rules' text to a Program
  uint64_t bytes = 0;
  BenchPass pass;  // of the first run: events, streams, findings, memory
  // Empty: no yardstick; `yardstick_why` says why.
  BenchTimes yardstick;
  std::string yardstick_why;
  double clock_ns = 0;
  std::vector<BenchTier> tiers;
  std::vector<RuleCost> rule_costs;
  CacheStats cache;  // of native code, over all runs
};

std::string BenchText(const BenchReport& report);
std::string BenchJson(const BenchReport& report);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_BENCH_REPORT_H_
