// From the bytes of NDJSON lines to findings, against yardsticks that do less with the same bytes. bench/README.md says what
// each is. One thread; $EDICT_BENCH_INPUT names a file to take in place of the made up traffic.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "bench/hand_validator.h"
#include "bench/judge.h"
#include "bench/traffic.h"
#include "runtime/base/hash.h"
#include "runtime/json/visit.h"

namespace edict::bench {
namespace {

constexpr size_t kBlock = 128 << 10;

Traffic ReadInput(const char* name) {
  std::ifstream in(name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  Traffic traffic;
  traffic.text = text.str();
  if (!in || traffic.text.empty()) {
    std::fprintf(stderr, "cannot read %s\n", name);
    std::exit(2);
  }
  if (traffic.text.back() != '\n') traffic.text += '\n';
  traffic.text.reserve(traffic.text.size() + kVisitPadding);
  traffic.events = Lines(traffic.text).size();
  if (JsonVisitor::Supported()) traffic.invalid = HandValidator().Judge(traffic.text);
  return traffic;
}

const Traffic& Input() {
  static const Traffic traffic = [] {
    const char* name = std::getenv("EDICT_BENCH_INPUT");
    return name != nullptr ? ReadInput(name) : MakeTraffic({});
  }();
  return traffic;
}

template <typename OnLine>
void ForEachLine(std::string_view text, const OnLine& on_line) {
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const void* found = std::memchr(at, '\n', static_cast<size_t>(end - at));
    const char* stop = found != nullptr ? static_cast<const char*>(found) : end;
    on_line(std::string_view(at, static_cast<size_t>(stop - at)));
    at = stop + 1;
  }
}

void LineSplit(benchmark::State& state) {
  const Traffic& input = Input();
  for (auto _ : state) {
    uint64_t lines = 0;
    ForEachLine(input.text, [&](std::string_view line) {
      benchmark::DoNotOptimize(line);
      ++lines;
    });
    if (lines != input.events) return state.SkipWithError("wrong number of lines");
  }
  SetWork(state, input.events, input.text.size());
}

void HashLines(benchmark::State& state) {
  const Traffic& input = Input();
  uint64_t first = 0;
  for (auto _ : state) {
    uint64_t sum = 0;
    ForEachLine(input.text, [&](std::string_view line) { sum += Hash64(line, 0); });
    if (first == 0) first = sum;
    if (sum != first || sum == 0) return state.SkipWithError("wrong hash");
  }
  SetWork(state, input.events, input.text.size());
}

// The structural index alone, over blocks that are cut anywhere.
void StageOne(benchmark::State& state) {
  const Traffic& input = Input();
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;
  if (simdjson::get_active_implementation()->create_dom_parser_implementation(kBlock, 1, stage1) != simdjson::SUCCESS) {
    return state.SkipWithError("no memory");
  }
  uint64_t first = 0;
  for (auto _ : state) {
    uint64_t tokens = 0;
    for (size_t at = 0; at < input.text.size();) {
      size_t end = std::min(at + kBlock, input.text.size());
      if (end < input.text.size()) end = input.text.rfind('\n', end - 1) + 1;
      if (end <= at) return state.SkipWithError("a line is longer than a block");
      const auto* bytes = reinterpret_cast<const uint8_t*>(input.text.data() + at);
      if (stage1->stage1(bytes, end - at, simdjson::stage1_mode::regular) != simdjson::SUCCESS) {
        return state.SkipWithError("stage 1 fails");
      }
      tokens += stage1->n_structural_indexes;
      at = end;
    }
    if (first == 0) first = tokens;
    if (tokens != first || tokens < input.events) return state.SkipWithError("wrong number of tokens");
  }
  SetWork(state, input.events, input.text.size());
}

// Both visits must see the same. That it is all there is, the unit test says (tests/unit/runtime_json/visit_test.cc).
JsonTotals Expected(std::string_view text) {
  static const JsonTotals totals = [&] { return JsonVisitor().VisitLines(text); }();
  return totals;
}

void Visit(benchmark::State& state, bool many) {
  const Traffic& input = Input();
  if (!JsonVisitor::Supported()) return state.SkipWithError("the yardstick needs AVX2");
  JsonVisitor visitor;
  const JsonTotals expected = Expected(input.text);
  if (expected.documents != input.events) return state.SkipWithError("wrong number of documents");
  if (many && expected.faulty != 0) return state.SkipWithError("iterate_many is not for damaged lines");
  for (auto _ : state) {
    const JsonTotals totals = many ? visitor.VisitMany(input.text, kBlock) : visitor.VisitLines(input.text);
    if (totals != expected) return state.SkipWithError("the visits differ");
  }
  SetWork(state, input.events, input.text.size());
}

void Hand(benchmark::State& state) {
  const Traffic& input = Input();
  if (!JsonVisitor::Supported()) return state.SkipWithError("it needs AVX2");
  HandValidator validator;
  for (auto _ : state) {
    validator.Reset();
    if (validator.Judge(input.text) != input.invalid) return state.SkipWithError("wrong number of invalid events");
  }
  SetWork(state, input.events, input.text.size());
}

const bool kRegistered = [] {
  const auto add = [](const char* name, auto run) { benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMillisecond); };
  add("ingest/line_split", LineSplit);
  add("ingest/xxh3", HashLines);
  add("ingest/stage1", StageOne);
  add("ingest/on_demand", [](benchmark::State& state) { Visit(state, true); });
  add("ingest/on_demand_lines", [](benchmark::State& state) { Visit(state, false); });
  add("ingest/hand", Hand);
  add("ingest/interp", [](benchmark::State& state) { RunJudge(state, AguiEngine(Tier::kInterp), Input()); });
  add("ingest/native", [](benchmark::State& state) { RunJudge(state, AguiEngine(Tier::kNative), Input()); });
  return true;
}();

}  // namespace
}  // namespace edict::bench
