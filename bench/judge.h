// Rules made ready for a benchmark, and how it has Edict judge lines by them.
#ifndef EDICT_BENCH_JUDGE_H_
#define EDICT_BENCH_JUDGE_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/traffic.h"
#include "compiler/compiler.h"
#include "runtime/engine.h"
#include "runtime/stream_set.h"

namespace edict::bench {

enum class Tier : uint8_t { kInterp, kNative };
inline constexpr Tier kTiers[] = {Tier::kInterp, Tier::kNative};
const char* TierName(Tier tier);

// An engine for agui.verify and the rules of `more`, the text of a rule file that may refer to agui.events; compiled once a
// process. Aborts, with a message, where that fails.
const Engine& AguiEngine(Tier tier, const std::string& more = "");

// Abort, with a message, where that fails. Native code is made once a process for rules that are the same.
std::shared_ptr<const Program> CompileOrDie(const compiler::CompileOptions& options);
void UseNative(Engine& engine);

// An engine for a standard package, on native code.
struct PackageEngine {
  std::shared_ptr<const Program> program;
  Engine engine;
};
PackageEngine MakePackageEngine(const std::string& package, CacheMode cache);

// What stands in the block, whole lines, goes to the stream. The one place where all benchmarks feed. `readable`: bytes behind it.
void FeedBlock(Stream& stream, std::string_view block, uint64_t offset, std::vector<Finding>& findings, size_t readable);

struct Judged {
  uint64_t events = 0;
  uint64_t invalid = 0;  // events with a finding
  uint64_t findings = 0;
};

// The lines as one stream, in blocks as they are read from a file, from its opening to its end. `streams` has the memory that
// judging takes, and keeps it for the next.
Judged Judge(const StreamSet& streams, std::string_view lines);

// Says for the report what one iteration is: its events and bytes.
void SetWork(benchmark::State& state, uint64_t events, uint64_t bytes);

// Judges the traffic in every iteration, and sees to it that exactly the invalid events are found.
void RunJudge(benchmark::State& state, const Engine& engine, const Traffic& traffic);

}  // namespace edict::bench

#endif  // EDICT_BENCH_JUDGE_H_
