// What an engine has done so far, over all its streams and threads: Engine::metrics().
#ifndef EDICT_RUNTIME_METRICS_H_
#define EDICT_RUNTIME_METRICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/latency_histogram.h"
#include "runtime/program/program.h"

namespace edict {

struct RuleMetrics {
  std::string code;
  std::string rule;
  std::string package;
  Severity severity = Severity::kError;
  uint64_t findings = 0;  // exact
};

// Of the engine's cache, since the beginning. An element counts that is an object of 64 bytes or more.
struct CacheStats {
  uint64_t hits = 0;       // elements that were known
  uint64_t misses = 0;     // elements that were not; where the cache is switched off, nobody looks
  uint64_t evictions = 0;  // elements dropped to stay below the bound
  uint64_t refused = 0;    // elements not kept, as there was no room for them
  uint64_t elements = 0;   // now
  uint64_t bytes = 0;      // now
  uint64_t max_bytes = 0;
  // By elements, estimated from samples: time of all threads that the hits have saved, less what the cache took.
  int64_t saved_ns = 0;
  // Checks that are dear and look at a few fields alone: how often one was looked for by these, and how often it was known to pass.
  uint64_t checks_asked = 0;
  uint64_t checks_known = 0;
};

struct Metrics {
  uint64_t events = 0;  // exact, but for calls that are running
  uint64_t not_validated = 0;
  // Findings by code, of all rule sets so far; those without any are left out. In the order of code, rule and package.
  std::vector<RuleMetrics> rules;
  // Nanoseconds of an event from call to return. Sampled: one in 256 events that are fed by themselves; those of a block of lines
  // count with their mean.
  LatencyHistogram latency;

  uint64_t streams = 0;         // open
  uint64_t streams_opened = 0;  // so far
  uint64_t state_bytes = 0;     // of the open ones
  uint64_t workspaces = 0;      // what threads need to judge
  uint64_t workspace_bytes = 0;

  CacheStats cache;

  uint64_t generation = 0;  // number of the current rules
  uint64_t reloads = 0;
  uint64_t roll_backs = 0;
  uint64_t rule_sets = 0;    // in memory: the current, kept ones and others that streams are on
  uint64_t native_sets = 0;  // of them, with native code
};

// The text format of Prometheus (version 0.0.4), with names that begin with edict_; each line ends with a line break.
std::string ToPrometheus(const Metrics& metrics);

}  // namespace edict

#endif  // EDICT_RUNTIME_METRICS_H_
