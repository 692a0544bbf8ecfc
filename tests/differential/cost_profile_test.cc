// Measuring what rules cost, and the order of checks, change nothing of what is found. In fail-fast mode both tiers find the same,
// and nothing that is not found otherwise.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "compiler/compiler.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/json_mutation.h"
#include "tests/support/rule_folder.h"
#include "tests/support/shape_rules.h"

namespace edict::tests {
namespace {

// More than the shapes' rules: `after`, loops with several findings, a critical rule, and a costly one that is written first.
constexpr const char* kMoreRules = R"(
rule SLOW "slow" { on B as e require e.parts.all(p, e.parts.exists(q, q.id == p.id && q.kind == p.kind)) message "never" }
rule EACH "each" { on B as e for p in e.parts require p.kind != "blob" at p.kind message "blob {p.id}" }
rule LATER "later" { on B as e after EACH require e.parts.size() < 2 message "{e.parts.size()} parts" }
rule DEAD "dead" { severity critical on D as e require e.key != "dead" message "dead" }
rule KEY "key" { on D as e require e.key.size() < 3 message "{e.key}" }
)";

std::shared_ptr<const Program> Compile(bool order, std::shared_ptr<const CostProfile> costs = nullptr) {
  compiler::CompileOptions options;
  options.texts.push_back({"rules.rules", std::string(kShapeRules) + kMoreRules});
  options.order_checks = order;
  options.costs = std::move(costs);
  Result<compiler::CompileResult> compiled = compiler::Compile(options);
  if (!compiled.ok() || compiled.value().program == nullptr) {
    ADD_FAILURE() << (compiled.ok() ? diag::RenderText(compiled.value().diagnostics, *compiled.value().sources, false)
                                    : compiled.error().message);
    return nullptr;
  }
  return compiled.value().program;
}

// Valid events and such that break one rule or several, some of them changed at random.
std::string Lines(uint64_t seed, int count) {
  Random random(seed);
  std::vector<std::string> events = ShapeEvents();
  events.emplace_back(R"({"type":"D","key":"dead"})");
  events.emplace_back(R"({"type":"D","key":"long key"})");
  events.emplace_back(
      R"({"type":"B","id":"b","parts":[{"kind":"blob","id":"p1","bytes":"x"},{"kind":"blob","id":"p2","bytes":"y"}]})");
  std::string lines;
  for (int i = 0; i < count; ++i) {
    // The critical one is rare, since it ends the stream.
    const std::string& event = random.Chance(1) ? events[ShapeEvents().size()] : random.Pick(events);
    if (event.find("\"dead\"") != std::string::npos && !random.Chance(10)) continue;
    lines += (random.Chance(5) ? Mutated(event, random) : event) + "\n";
  }
  return lines;
}

std::vector<Finding> Judge(const Engine& engine, const std::string& lines) {
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  stream.FeedLines(lines, 0, findings);
  stream.Finish(findings);
  return findings;
}

std::string LineOf(const Finding& f) {
  return std::to_string(f.index) + "|" + std::to_string(f.offset) + "|" + f.code + "|" + f.path + "|" + f.message + "|" + f.rule;
}

std::vector<std::string> LinesOf(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(LineOf(finding));
  return lines;
}

Engine Make(const std::shared_ptr<const Program>& program, bool native, EngineOptions options = {}) {
  static RuleFolder folder;
  static compiler::NativeOptions native_options = [] {
    compiler::NativeOptions made;
    made.cache = std::make_shared<ObjectCache>(folder.path());
    return made;
  }();
  Engine engine(program, options);
  if (!native) return engine;
  const Status made = compiler::CompileNative(engine, native_options);
  EXPECT_TRUE(made.ok()) << made.error().message;
  return engine;
}

TEST(CostProfile, MeasuringChangesNoFinding) {
  const std::shared_ptr<const Program> program = Compile(false);
  ASSERT_NE(program, nullptr);
  const Engine reference = Make(program, false);
  for (const bool native : {false, true}) {
    for (const double share : {0.001, 0.3, 1.0}) {
      EngineOptions options;
      options.profile_share = share;
      const Engine engine = Make(program, native, options);
      uint64_t events = 0;
      for (uint64_t seed = 0; seed < 20; ++seed) {
        const std::string lines = Lines(seed, 200);
        ASSERT_EQ(LinesOf(Judge(engine, lines)), LinesOf(Judge(reference, lines))) << seed << " " << share;
        events += static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
      }
      const CostProfile profile = engine.cost_profile();
      EXPECT_GT(profile.samples, share == 1 ? 1000u : 20u);
      EXPECT_LE(profile.samples, events);
      const EventCost* cost = profile.Find("B");
      ASSERT_NE(cost, nullptr);
      EXPECT_EQ(cost->native_events, native ? cost->events : 0);
      if (share < 1) continue;
      // SLOW looks at all parts for each, and never fails; KEY fails often.
      EXPECT_EQ(FindCheck(*cost, "SLOW")->failed, 0u);
      EXPECT_EQ(FindCheck(*cost, "SLOW")->runs, cost->events);
      EXPECT_GT(FindCheck(*profile.Find("D"), "KEY")->failed, 10u);
      EXPECT_GT(FindSlot(*profile.Find("D"), "key")->size, cost->events);
    }
  }
}

// The first samples, which are close together, are those of the engine, not of each stream.
TEST(CostProfile, ManyShortStreamsAreSampledTogether) {
  EngineOptions options;
  options.profile_share = 0.001;
  const Engine engine = Make(Compile(false), false, options);
  for (uint64_t seed = 0; seed < 1000; ++seed) (void)Judge(engine, Lines(seed, 5));
  EXPECT_GT(engine.cost_profile().samples, 20u);
  EXPECT_LT(engine.cost_profile().samples, 300u);
}

TEST(CostProfile, TheOrderOfChecksChangesNoFinding) {
  EngineOptions measuring;
  measuring.profile_share = 1;
  const std::shared_ptr<const Program> program = Compile(false);
  ASSERT_NE(program, nullptr);
  const Engine measured = Make(program, false, measuring);
  // Many streams: on a busy machine one long pause must not make another check look like the slow one.
  for (uint64_t seed = 99; seed < 129; ++seed) (void)Judge(measured, Lines(seed, 500));
  const auto profile = std::make_shared<const CostProfile>(measured.cost_profile());
  const std::shared_ptr<const Program> ordered = Compile(true, profile);
  const auto codes = [](const Program& p, const char* type) {
    const auto is = [&](const EventType& event) { return event.name == type; };
    std::vector<std::string> names;
    for (const Check& check : std::find_if(p.events.begin(), p.events.end(), is)->checks) names.push_back(p.codes[check.code].code);
    return names;
  };
  ASSERT_NE(codes(*ordered, "B"), codes(*program, "B"));
  EXPECT_EQ(codes(*ordered, "B").back(), "SLOW");
  for (const bool native : {false, true}) {
    const Engine engine = Make(ordered, native);
    for (uint64_t seed = 0; seed < 50; ++seed) {
      const std::string lines = Lines(seed, 200);
      ASSERT_EQ(LinesOf(Judge(engine, lines)), LinesOf(Judge(measured, lines))) << seed;
    }
  }
}

TEST(CostProfile, FailFastFindsTheFirstInBothTiers) {
  EngineOptions fail_fast;
  fail_fast.fail_fast = true;
  for (const bool order : {false, true}) {
    const std::shared_ptr<const Program> program = Compile(order);
    ASSERT_NE(program, nullptr);
    const Engine all = Make(program, false);
    const Engine interp = Make(program, false, fail_fast);
    const Engine native = Make(program, true, fail_fast);
    size_t fewer = 0;
    for (uint64_t seed = 0; seed < 50; ++seed) {
      const std::string lines = Lines(seed, 200);
      const std::vector<Finding> first = Judge(interp, lines);
      ASSERT_EQ(LinesOf(Judge(native, lines)), LinesOf(first)) << seed;
      const std::vector<Finding> every = Judge(all, lines);
      fewer += every.size() - first.size();
      const std::vector<std::string> every_line = LinesOf(every);
      const std::set<std::string> known(every_line.begin(), every_line.end());
      std::set<uint64_t> found;
      for (const Finding& finding : first) {
        EXPECT_TRUE(known.count(LineOf(finding)) == 1) << LineOf(finding);
        const bool again = !found.insert(finding.index).second;
        EXPECT_TRUE(!again || finding.severity == Severity::kCritical || finding.code == "EDICT_BOUND") << LineOf(finding);
      }
      for (const Finding& finding : every) EXPECT_TRUE(found.count(finding.index) == 1) << LineOf(finding);
    }
    EXPECT_GT(fewer, 100u);
  }
}

}  // namespace
}  // namespace edict::tests
