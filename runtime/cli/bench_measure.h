// The measuring of `edict bench`: passes over inputs in memory, timed.
#ifndef EDICT_RUNTIME_CLI_BENCH_MEASURE_H_
#define EDICT_RUNTIME_CLI_BENCH_MEASURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/latency_histogram.h"
#include "runtime/cli/bench_input.h"
#include "runtime/engine.h"

namespace edict::cli {

using BenchInputs = std::vector<std::unique_ptr<BenchInput>>;

// What one pass gave. All but the time is the same in every pass, or the measuring is worth nothing.
struct BenchPass {
  double seconds = 0;  // of judging, from opening the streams to their end; not of looking at the findings
  uint64_t events = 0;
  uint64_t streams = 0;
  uint64_t by_severity[4] = {0, 0, 0, 0};
  uint64_t digest = 0;  // of all findings, in order
  uint64_t most_open = 0;
  uint64_t most_bytes = 0;   // of all open streams together
  uint64_t state_bytes = 0;  // of the largest stream's state at its end
  bool SameFindings(const BenchPass& other) const;
};

// Judges everything once. With `latency`: event by event through Stream::FeedRecord, each call timed.
BenchPass RunPass(const Engine& engine, const BenchInputs& inputs, LatencyHistogram* latency = nullptr);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_BENCH_MEASURE_H_
