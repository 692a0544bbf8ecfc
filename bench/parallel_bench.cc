// Many streams in one input on one thread and on two: NDJSON bytes with the stream's key in each record, from the first event of
// a stream to its end. Wall-clock time, of which the caller's thread is one.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "bench/judge.h"
#include "bench/traffic.h"
#include "runtime/helpers.h"
#include "runtime/parallel_streams.h"

namespace edict::bench {
namespace {

const bool kSmoke = std::getenv("EDICT_BENCH_SMOKE") != nullptr;

struct Interleaved {
  std::string text;
  uint64_t events = 0;
  uint64_t streams = 0;  // that have an event
};

// Runs of the usual traffic, by their events.
std::vector<std::vector<std::string_view>> Runs(const Traffic& traffic) {
  std::vector<std::vector<std::string_view>> runs;
  for (std::string_view line : Lines(traffic.text)) {
    if (line.find("\"RUN_STARTED\"") != std::string_view::npos) runs.emplace_back();
    runs.back().push_back(line);
  }
  return runs;
}

// Each next event is one of a stream chosen at random, of the first with the chance `skew`. A stream repeats its runs.
Interleaved MakeInterleaved(uint32_t streams, uint64_t events, double skew) {
  static const Traffic traffic = MakeTraffic({.events = 20'000});
  static const std::vector<std::vector<std::string_view>> runs = Runs(traffic);
  struct Place {
    size_t run = 0;
    size_t next = 0;
  };
  Interleaved made;
  Random random(7);
  std::vector<Place> places(streams);
  for (Place& place : places) place.run = random.Below(static_cast<uint32_t>(runs.size()));
  std::vector<bool> began(streams);
  for (uint64_t i = 0; i < events; ++i) {
    const uint32_t stream = random.Chance(skew) ? 0 : random.Below(streams);
    Place& place = places[stream];
    if (place.next == runs[place.run].size()) place = {random.Below(static_cast<uint32_t>(runs.size())), 0};
    std::string_view event = runs[place.run][place.next++];
    event.remove_suffix(1);
    made.text += event;
    made.text += ",\"sessionId\":\"0b0e7c1a-session-" + std::to_string(stream) + "\"}\n";
    if (!began[stream]) ++made.streams;
    began[stream] = true;
  }
  made.events = events;
  made.text.append(64, '\n');
  return made;
}

void Parallel(benchmark::State& state, const Interleaved& input, unsigned threads) {
  const Engine& engine = AguiEngine(Tier::kNative);
  for (auto _ : state) {
    ParallelOptions options;
    options.threads = threads;
    options.key = "/sessionId";
    ParallelStreams streams(engine, options);
    std::vector<Finding> findings;
    streams.TakeLines(input.text, 0, findings);
    // A run that is cut at the end of the input is found at the end of its stream; no event is wrong.
    if (!findings.empty()) return state.SkipWithError(findings.front().message.c_str());
    streams.FinishAll(findings);
    if (streams.stats().ended.events != input.events || streams.stats().opened != input.streams) {
      return state.SkipWithError("not all events were judged");
    }
  }
  SetWork(state, input.events, input.text.size());
}

void Register(const std::string& name, uint32_t streams, uint64_t events, double skew) {
  for (unsigned threads : {1u, 2u}) {
    benchmark::RegisterBenchmark((name + "/threads/" + std::to_string(threads)).c_str(),
                                 [=](benchmark::State& state) {
                                   static std::map<std::string, Interleaved> made;
                                   Interleaved& input = made[name];
                                   if (input.text.empty()) input = MakeInterleaved(streams, events, skew);
                                   Parallel(state, input, threads);
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

// One event, an object of some megabytes that no rule reads.
void OneEvent(benchmark::State& state, unsigned threads) {
  constexpr size_t kBytes = 10u << 20;
  static const std::string event = [] {
    const Traffic traffic = MakeTraffic({.events = 20'000});
    const std::vector<std::string_view> lines = Lines(traffic.text);
    std::string text = R"({"type":"STATE_SNAPSHOT","snapshot":{"items":[)";
    for (size_t i = 0; text.size() < (kSmoke ? kBytes / 10 : kBytes); ++i) text.append(lines[i % lines.size()]) += ',';
    text.back() = ']';
    return text + "}}\n" + std::string(64, '\n');
  }();
  const std::string_view line(event.data(), event.size() - 64);
  Stream stream = AguiEngine(Tier::kNative).Open("one");
  stream.UseHelpers(MakeHelpers(threads));
  std::vector<Finding> findings;
  stream.FeedRecord(R"({"type":"RUN_STARTED","threadId":"t","runId":"r"})", 0, findings);
  for (auto _ : state) {
    stream.FeedRecord(line.substr(0, line.size() - 1), 0, findings, event.size() - line.size() + 1);
  }
  if (!findings.empty()) return state.SkipWithError(findings.front().message.c_str());
  if (stream.stats().events != 1 + static_cast<uint64_t>(state.iterations())) return state.SkipWithError("not all were judged");
  SetWork(state, 1, line.size());
}

const int kRegistered = [] {
  Register("parallel/streams", kSmoke ? 1'000 : 100'000, kSmoke ? 20'000 : 2'000'000, 0);
  Register("parallel/one_dominant", kSmoke ? 100 : 10'000, kSmoke ? 20'000 : 1'000'000, 0.9);
  for (unsigned threads : {1u, 2u}) {
    benchmark::RegisterBenchmark(("parallel/one_event/threads/" + std::to_string(threads)).c_str(),
                                 [=](benchmark::State& state) { OneEvent(state, threads); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  return 0;
}();

}  // namespace
}  // namespace edict::bench
