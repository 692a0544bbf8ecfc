// Fail fast: of each event only the first finding, with the checks as they are written, by estimated and by measured cost. Costly
// checks that hardly ever fail are written first, a cheap one that most events fail last.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "bench/judge.h"

namespace edict::bench {
namespace {

const bool kSmoke = std::getenv("EDICT_BENCH_SMOKE") != nullptr;

enum class OrderBy : uint8_t { kSource, kEstimate, kMeasure };
constexpr std::pair<const char*, OrderBy> kOrders[] = {
    {"source", OrderBy::kSource}, {"estimated", OrderBy::kEstimate}, {"measured", OrderBy::kMeasure}};

// The last two look alike to an estimate: only measuring tells that one of them fails.
std::string Rules() {
  std::string text =
      "package skewed 1.0.0\nevent Event by type {\n  ORDER { id: string, lines: string[], total: int, paid: int }\n}\n";
  const char* const costly[] = {"e.lines.all(a, e.lines.filter(b, a == b).size() == 1)",
                                "e.lines.all(a, a.matches(\"^[a-z0-9 -]+$\"))", "e.lines.exists(a, a.endsWith(\"9\"))",
                                "e.lines.map(a, size(a)).all(n, n < 100)"};
  for (int i = 0; i < 12; ++i) {
    text +=
        "rule COSTLY_" + std::to_string(i) + " \"made up\" { on ORDER as e require " + costly[i % 4] + " message \"costly\" }\n";
  }
  text += "rule PAID \"made up\" { on ORDER as e require e.paid < 1000000 message \"paid\" }\n";
  text += "rule TOTAL \"made up\" { on ORDER as e require e.total < 1000000 message \"total\" }\n";
  return text;
}

// 90 of 100 events fail the last rule, and no other.
const Traffic& Orders() {
  static const Traffic traffic = [] {
    Traffic made;
    made.events = kSmoke ? 200 : 20'000;
    Random random(5);
    for (uint64_t i = 0; i < made.events; ++i) {
      const bool invalid = random.Chance(0.9);
      made.invalid += invalid ? 1 : 0;
      made.text += R"({"type":"ORDER","id":"order-)" + std::to_string(i) + R"(","lines":[)";
      for (int line = 0; line < 8; ++line)
        made.text += (line == 0 ? "\"line " : ",\"line ") + std::to_string(line * 7 + 3) + "-9\"";
      made.text += R"(],"total":)" + std::to_string(invalid ? 2'000'000 : 5) +
                   R"(,"paid":7})"
                   "\n";
    }
    return made;
  }();
  return traffic;
}

std::shared_ptr<const CostProfile> Measured(const std::shared_ptr<const Program>& program) {
  EngineOptions options;
  options.profile_share = 1;
  const Engine engine(program, options);
  const StreamSet streams(engine);
  (void)Judge(streams, Orders().text);
  return std::make_shared<const CostProfile>(engine.cost_profile());
}

Engine MakeEngine(OrderBy order, Tier tier) {
  compiler::CompileOptions options;
  options.texts = {{"skewed.rules", Rules()}};
  const std::shared_ptr<const Program> plain = CompileOrDie(options);
  options.order_checks = order != OrderBy::kSource;
  if (order == OrderBy::kMeasure) options.costs = Measured(plain);
  EngineOptions engine_options;
  engine_options.fail_fast = true;
  Engine engine(CompileOrDie(options), engine_options);
  if (tier == Tier::kNative) UseNative(engine);
  return engine;
}

const bool kRegistered = [] {
  for (const auto& [name, order] : kOrders) {
    for (const Tier tier : kTiers) {
      benchmark::RegisterBenchmark(("fail_fast/" + std::string(name) + "/" + TierName(tier)).c_str(), [order = order, tier](
                                                                                                          benchmark::State& state) {
        static std::map<std::pair<OrderBy, Tier>, Engine> engines;
        auto found = engines.find({order, tier});
        if (found == engines.end()) {
          found = engines.emplace(std::make_pair(order, tier), MakeEngine(order, tier)).first;
        }
        RunJudge(state, found->second, Orders());
      })->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace edict::bench
