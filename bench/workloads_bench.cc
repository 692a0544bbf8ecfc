// What must stay flat: the cost of an event against the number of rules that do not apply to it, of streams, of events before
// it, against its size and the share of invalid events; and that the order of members does not matter.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <tuple>

#include "bench/judge.h"
#include "bench/traffic.h"
#include "runtime/json/visit.h"
#include "runtime/parallel_streams.h"
#include "runtime/stream_set.h"

namespace edict::bench {
namespace {

// Bytes of one iteration where events are of one size.
constexpr size_t kSizedBytes = 8 << 20;
constexpr uint64_t kStreamEvents = 200'000;

// For a test that everything runs: what takes seconds to prepare is left out.
const bool kSmoke = std::getenv("EDICT_BENCH_SMOKE") != nullptr;

const Traffic& CachedTraffic(const TrafficOptions& options) {
  static std::map<std::tuple<uint64_t, bool, bool>, Traffic> made;
  Traffic& traffic = made[{options.events, options.one_run, options.shuffled}];
  if (traffic.text.empty()) traffic = MakeTraffic(options);
  return traffic;
}

void Register(const std::string& name, const std::function<void(benchmark::State&)>& run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

void RegisterTiers(const std::string& name, const std::function<void(benchmark::State&, Tier)>& run) {
  for (Tier tier : kTiers) Register(name + "/" + TierName(tier), [=](benchmark::State& state) { run(state, tier); });
}

// ---- rules ----

std::string RulesOn(const std::vector<std::pair<std::string, std::string>>& events, uint32_t count) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i) {
    const auto& [event, field] = events[i % events.size()];
    const std::string n = std::to_string(i);
    text += "rule BENCH_" + n + " \"made up\" {\n  on " + event + " as e\n  require ";
    switch (i % 4) {
      case 0:
        text += "size(e." + field + ") < " + std::to_string(1'000'000 + i);
        break;
      case 1:
        text += "!e." + field + ".startsWith(\"forbidden " + n + "\")";
        break;
      case 2:
        text += "e." + field + " != \"value " + n + "\"";
        break;
      default:
        text += "!has(e.timestamp) || e.timestamp > " + n;
        break;
    }
    text += " at e." + field + "\n  message \"rule " + n + "\"\n}\n";
  }
  return text;
}

// On events that the traffic has none of.
std::string OtherRules(uint32_t count) {
  return RulesOn({{"SUBAGENT_STARTED", "name"}, {"SUBAGENT_ERROR", "message"}, {"SUBAGENT_FINISHED", "subagentRunId"}}, count);
}

// On the one that half of the traffic is.
std::string ContentRules(uint32_t count) { return RulesOn({{"TEXT_MESSAGE_CONTENT", "delta"}}, count); }

void RegisterRules() {
  for (uint32_t count : {0u, 10u, 100u, 1'000u}) {
    if (kSmoke && count > 100) continue;
    RegisterTiers("rules/other/" + std::to_string(count), [count](benchmark::State& state, Tier tier) {
      RunJudge(state, AguiEngine(tier, OtherRules(count)), CachedTraffic({}));
    });
  }
  for (uint32_t count : {0u, 40u}) {
    RegisterTiers("rules/content/" + std::to_string(count), [count](benchmark::State& state, Tier tier) {
      RunJudge(state, AguiEngine(tier, ContentRules(count)), CachedTraffic({}));
    });
  }
}

// ---- streams ----

constexpr std::string_view kStarted = R"({"type":"RUN_STARTED","threadId":"thread-1","runId":"run-1"})";
constexpr std::string_view kOpened = R"({"type":"TEXT_MESSAGE_START","messageId":"d30cb663-22b9-40cb-ac98-9ca067c94c0a"})";
constexpr std::string_view kToken =
    R"({"type":"TEXT_MESSAGE_CONTENT","messageId":"d30cb663-22b9-40cb-ac98-9ca067c94c0a","delta":" word"})";

// Streams of which each has a run and an open message, and in what order they get one more token.
struct OpenStreams {
  explicit OpenStreams(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) keys.push_back("session-" + std::to_string(i));
    Random random(1);
    for (uint64_t i = 0; i < kStreamEvents; ++i) order.push_back(random.Below(count));
    options.max_streams = count;
  }

  void Report(benchmark::State& state, const std::vector<Finding>& findings, const StreamSetStats& stats) const {
    if (!findings.empty()) return state.SkipWithError("there are findings");
    if (stats.most_open != keys.size() || stats.evicted != 0) return state.SkipWithError("wrong number of streams");
    SetWork(state, kStreamEvents, kStreamEvents * (kToken.size() + 1));
    state.counters["stream_bytes"] = static_cast<double>(stats.bytes) / static_cast<double>(keys.size());
  }

  std::vector<std::string> keys;
  std::vector<uint32_t> order;
  StreamSetOptions options;
};

// Each token by itself, as a server gets them.
void Streams(benchmark::State& state, Tier tier, uint32_t count) {
  const OpenStreams open(count);
  StreamSet streams(AguiEngine(tier), open.options);
  std::vector<Finding> findings;
  for (const std::string& key : open.keys) {
    Stream& stream = streams.At(key, findings);
    stream.FeedRecord(kStarted, 0, findings);
    stream.FeedRecord(kOpened, 0, findings);
  }
  for (auto _ : state) {
    for (uint32_t at : open.order) streams.At(open.keys[at], findings).FeedRecord(kToken, 0, findings);
  }
  open.Report(state, findings, streams.stats());
}

// By one thread too, some hundred tokens at a time: who judges them knows which streams come next.
void StreamsTogether(benchmark::State& state, Tier tier, uint32_t count) {
  constexpr size_t kTogether = 500;
  const OpenStreams open(count);
  ParallelOptions options;
  options.threads = 1;
  options.streams = open.options;
  options.streams.max_streams += kStreamEvents;  // near the limit, each is judged in order
  ParallelStreams streams(AguiEngine(tier), options);
  std::vector<Finding> findings;
  for (const std::string& key : open.keys) {
    streams.AddEvent(key, kStarted, 0);
    streams.AddEvent(key, kOpened, 0);
    streams.Judge(findings);
  }
  for (auto _ : state) {
    size_t added = 0;
    for (uint32_t at : open.order) {
      streams.AddEvent(open.keys[at], kToken, 0);
      if (++added % kTogether == 0) streams.Judge(findings);
    }
    streams.Judge(findings);
  }
  open.Report(state, findings, streams.stats());
}

void RegisterStreams() {
  for (uint32_t count : {1u, 100u, 10'000u, 100'000u, 1'000'000u}) {
    if (kSmoke && count > 10'000) continue;
    RegisterTiers("streams/" + std::to_string(count), [count](benchmark::State& state, Tier tier) { Streams(state, tier, count); });
    RegisterTiers("streams_together/" + std::to_string(count),
                  [count](benchmark::State& state, Tier tier) { StreamsTogether(state, tier, count); });
  }
}

// ---- lengths, orders, invalid events ----

void RegisterTraffic() {
  for (uint64_t events : {10'000u, 100'000u, 1'000'000u}) {
    if (kSmoke && events > 10'000) continue;
    for (bool one_run : {false, true}) {
      RegisterTiers((one_run ? "length/one_run/" : "length/runs/") + std::to_string(events),
                    [=](benchmark::State& state, Tier tier) {
                      RunJudge(state, AguiEngine(tier), CachedTraffic({.events = events, .one_run = one_run}));
                    });
    }
  }
  for (bool shuffled : {false, true}) {
    RegisterTiers(shuffled ? "members/any" : "members/usual", [shuffled](benchmark::State& state, Tier tier) {
      RunJudge(state, AguiEngine(tier), CachedTraffic({.shuffled = shuffled}));
    });
  }
  for (uint32_t percent : {0u, 1u, 100u}) {
    RegisterTiers("invalid/" + std::to_string(percent), [percent](benchmark::State& state, Tier tier) {
      static std::map<uint32_t, Traffic> made;
      Traffic& traffic = made[percent];
      if (traffic.text.empty()) traffic = Break(CachedTraffic({}), percent / 100.0, 5);
      RunJudge(state, AguiEngine(tier), traffic);
    });
  }
}

// ---- sizes ----

// An event of about so many bytes.
std::string LongString(size_t bytes) {
  const std::string head = R"({"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":")";
  return head + std::string(bytes < head.size() + 3 ? 1 : bytes - head.size() - 2, 'x') + "\"}";
}

std::string SmallValues(size_t bytes) {
  std::string text = R"({"type":"CUSTOM","name":"n","value":{"a":1)";
  for (size_t i = 0; text.size() + 14 < bytes; ++i) {
    text += ",\"k" + std::to_string(i % 100) + "_" + std::to_string(i) + "\":" +
            (i % 3 == 0   ? "true"
             : i % 3 == 1 ? "\"v\""
                          : std::to_string(i));
  }
  return text + "}}";
}

std::string NestedArrays(size_t bytes) {
  std::string text = R"({"type":"CUSTOM","name":"n","value":[0)";
  while (text.size() + 12 < bytes) text += bytes > 2'000 ? ",[[[[[[[[1,2],3],4],5],6],7],8],9]" : ",[[1],2]";
  return text + "]}";
}

Traffic OfSize(const std::string& event) {
  Traffic traffic;
  traffic.text =
      "{\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"r\"}\n{\"type\":\"TEXT_MESSAGE_START\",\"messageId\":\"m\"}\n";
  traffic.events = 2;
  do {
    traffic.text += event + "\n";
    ++traffic.events;
  } while (traffic.text.size() < kSizedBytes);
  traffic.text.reserve(traffic.text.size() + kVisitPadding);
  return traffic;
}

void Visit(benchmark::State& state, const Traffic& traffic) {
  if (!JsonVisitor::Supported()) return state.SkipWithError("the yardstick needs AVX2");
  JsonVisitor visitor;
  for (auto _ : state) {
    const JsonTotals totals = visitor.VisitMany(traffic.text, 128 << 10);
    if (totals.documents != traffic.events || totals.faulty != 0) return state.SkipWithError("not everything was visited");
  }
  SetWork(state, traffic.events, traffic.text.size());
}

void RegisterSizes() {
  const std::tuple<const char*, std::string (*)(size_t)> kinds[] = {
      {"string", LongString}, {"small_values", SmallValues}, {"arrays", NestedArrays}};
  for (const auto& [kind, make] : kinds) {
    for (size_t bytes : {60u, 120u, 1'000u, 10'000u, 100'000u, 1'000'000u, 10'000'000u}) {
      const std::string name = std::string("size/") + kind + "/" + std::to_string(bytes);
      const auto traffic = [name, make = make, bytes]() -> const Traffic& {
        static std::map<std::string, Traffic> made;
        Traffic& one = made[name];
        if (one.text.empty()) one = OfSize(make(bytes));
        return one;
      };
      Register(name + "/on_demand", [=](benchmark::State& state) { Visit(state, traffic()); });
      RegisterTiers(name, [=](benchmark::State& state, Tier tier) { RunJudge(state, AguiEngine(tier), traffic()); });
    }
  }
}

const bool kRegistered = [] {
  RegisterRules();
  RegisterStreams();
  RegisterTraffic();
  RegisterSizes();
  return true;
}();

}  // namespace
}  // namespace edict::bench
