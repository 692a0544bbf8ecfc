// Dear checks of a few fields, remembered by these fields: calls of tools whose names are few, and calls whose names are all
// different; by rules that match a pattern and that check JSON.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "bench/judge.h"

namespace edict::bench {
namespace {

const bool kSmoke = std::getenv("EDICT_BENCH_SMOKE") != nullptr;

constexpr std::pair<const char*, CacheMode> kModes[] = {
    {"off", CacheMode::kOff}, {"on", CacheMode::kOn}, {"auto", CacheMode::kAuto}};

constexpr const char* kRules = R"(
package calls 1.0.0
event Event by type { CALL { id: string, name: string, args: string } }
rule NAME "a name" { on CALL as e require e.name.matches("^[a-z][a-z0-9_]{2,63}(__[a-z][a-z0-9_]*)?$") message "{e.name}" }
rule ARGS "arguments" { on CALL as e require json.valid(e.args) message "{e.args}" }
)";

// `few`: 40 names, each with one of three texts of arguments.
Traffic MakeCalls(bool few) {
  Traffic made;
  made.events = kSmoke ? 200 : 50'000;
  Random random(7);
  for (uint64_t i = 0; i < made.events; ++i) {
    const std::string name = "server_tools__get_item_" + std::to_string(few ? random.Next() % 40 : i);
    const std::string args = few ? std::to_string(random.Next() % 3) : std::to_string(i);
    made.text += R"({"type":"CALL","id":"call-)" + std::to_string(i) + R"(","name":")" + name +
                 R"(","args":"{\"path\":\"/srv/data/)" + args + R"(\",\"limit\":)" + args + R"(}"})" + "\n";
  }
  return made;
}

const Traffic& Calls(bool few) {
  static const Traffic made[] = {MakeCalls(false), MakeCalls(true)};
  return made[few ? 1 : 0];
}

const Engine& EngineFor(CacheMode mode) {
  static std::map<CacheMode, Engine> engines;
  const auto found = engines.find(mode);
  if (found != engines.end()) return found->second;
  compiler::CompileOptions compile;
  compile.texts = {{"calls.rules", kRules}};
  EngineOptions options;
  options.cache = mode;
  Engine engine(CompileOrDie(compile), options);
  UseNative(engine);
  return engines.emplace(mode, std::move(engine)).first->second;
}

const bool kRegistered = [] {
  for (const bool few : {true, false}) {
    for (const auto& [name, mode] : kModes) {
      benchmark::RegisterBenchmark(("checks/" + std::string(few ? "few" : "fresh") + "/" + name).c_str(),
                                   [few, mode = mode](benchmark::State& state) { RunJudge(state, EngineFor(mode), Calls(few)); });
    }
  }
  return true;
}();

}  // namespace
}  // namespace edict::bench
