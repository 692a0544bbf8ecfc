// The cache of array elements: conversations that repeat their history each turn, and some that do not.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <string>

#include "bench/conversation.h"
#include "bench/judge.h"

namespace edict::bench {
namespace {

const bool kSmoke = std::getenv("EDICT_BENCH_SMOKE") != nullptr;

constexpr std::pair<const char*, CacheMode> kModes[] = {
    {"off", CacheMode::kOff}, {"on", CacheMode::kOn}, {"auto", CacheMode::kAuto}};

struct Kind {
  const char* name;
  ConversationOptions options;
};
const Kind kKinds[] = {
    {"snapshot", {}},
    {"snapshot_and_input", {.input = true}},
    {"tools", {.tools = 0.9}},
    {"small", {.message_bytes = 150, .conversations = 8}},
    {"fresh", {.conversations = 16, .fresh = true}},
    {"fresh_small", {.message_bytes = 150, .conversations = 64, .fresh = true}},
};

const Traffic& TrafficOf(const Kind& kind) {
  static std::map<std::string, Traffic> made;
  Traffic& traffic = made[kind.name];
  ConversationOptions options = kind.options;
  if (kSmoke) options.conversations = 1;
  if (traffic.text.empty()) traffic = MakeConversations(options);
  return traffic;
}

PackageEngine& EngineOf(const std::string& package, CacheMode mode) {
  static std::map<std::pair<std::string, CacheMode>, PackageEngine> engines;
  const auto found = engines.find({package, mode});
  if (found != engines.end()) return found->second;
  return engines.emplace(std::make_pair(package, mode), MakePackageEngine(package, mode)).first->second;
}

// Every iteration begins with nothing known.
void Conversations(benchmark::State& state, const std::string& package, CacheMode mode, const Kind& kind) {
  const Traffic& traffic = TrafficOf(kind);
  PackageEngine& made = EngineOf(package, mode);
  Engine& engine = made.engine;
  CacheStats stats;
  for (auto _ : state) {
    state.PauseTiming();
    engine.ShareCache(Engine(made.program, engine.options()));
    const StreamSet streams(engine);
    state.ResumeTiming();
    const Judged judged = Judge(streams, traffic.text);
    if (judged.events != traffic.events) return state.SkipWithError("not all events were judged");
    if (judged.invalid != traffic.invalid) return state.SkipWithError("wrong number of invalid events");
    stats = engine.cache_stats();
  }
  const double looks = static_cast<double>(stats.hits + stats.misses);
  state.counters["hit_percent"] = looks == 0 ? 0 : 100.0 * static_cast<double>(stats.hits) / looks;
  SetWork(state, traffic.events, traffic.text.size());
  if (mode == CacheMode::kOff && looks != 0) return state.SkipWithError("the cache is used where it is off");
  if (mode == CacheMode::kAuto && kind.options.fresh && (looks != 0 || stats.elements != 0)) {
    return state.SkipWithError("the cache is used where nothing repeats");
  }
  if (mode != CacheMode::kOn) return;
  ConversationOptions options = kind.options;
  if (kSmoke) options.conversations = 1;
  const MessageCounts counts = CountMessages(options);
  if (stats.misses == counts.fresh && stats.hits + stats.misses == counts.all) return;
  state.SkipWithError(("wrong number of hits: " + std::to_string(stats.hits) + " of " + std::to_string(looks)).c_str());
}

const bool kRegistered = [] {
  for (const char* package : {"agui.events", "agui.verify", "agui.pipeline"}) {
    for (const Kind& kind : kKinds) {
      for (const auto& [name, mode] : kModes) {
        benchmark::RegisterBenchmark(("cache/" + std::string(package) + "/" + kind.name + "/" + name).c_str(),
                                     [=, mode = mode](benchmark::State& state) { Conversations(state, package, mode, kind); })
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace edict::bench
