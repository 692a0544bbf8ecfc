// Dear checks of a few fields: events whose fields repeat, now and then with others, are judged the same by the interpreter and by
// native code that remembers what passed, that does not, and that finds out by itself whether it pays.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/program/projections.h"
#include "tests/support/judge.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr const char* kRules = R"(
event Event by type {
  A { name: string, args: string?, n: number?, ok: bool?, any: any?, mode: ("on" | "off")?, id: string? }
  B { id: string, list: string[]? }
}
state last: string = "" bound 100
on B as e { last = e.id }
rule NAME "name" { on A as e require e.name.matches("^[a-z_]+[0-9]*$") at e.name message "{e.name}" }
rule JSON "json" { on A as e when has(e.args) require json.valid(e.args) || e.name == "raw" at e.args message "{e.args}" }
rule BOTH "both" {
  on A as e require !has(e.n) || string(e.n).matches("^-?[0-9.]+$")
            require !has(e.ok) || !e.ok || e.name.matches("a")
            message "{e.name}"
}
rule MODE "mode" { on A as e when has(e.mode) require e.mode.matches("on|off") && (e.mode == "on" || !has(e.id)) message "{e.mode}" }
rule ANY "any" { on A as e when has(e.any) require type(e.any) != string || string(e.any).matches("^x") message "any" }
rule STATE "state" { on A as e require last == "" || e.name.matches("^[a-z]") message "{last}" }
rule LOOP "loop" { on B as e when has(e.list) for s in e.list require s.matches("^[a-z]*$") message "{s}" }
rule CHEAP "cheap" { on B as e require size(e.id) < 20 message "{e.id}" }
)";

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::string Event(Random& random, uint32_t names) {
  if (random.Chance(10)) {
    return R"({"type":"B","id":)" + Quoted("b" + std::to_string(random.Below(names))) +
           (random.Chance(50) ? R"(,"list":["abc","Abc"]})" : "}");
  }
  std::string event =
      R"({"type":"A","name":)" + Quoted((random.Chance(5) ? "Tool" : "tool_") + std::to_string(random.Below(names)));
  const std::vector<std::string> args = {"{}",      R"({\"a\":[1,2]})", R"({\"a\":)",
                                         "\\u00e9", R"([\"\\ud83d\"])", std::string(300, '7')};
  if (random.Chance(60)) event += R"(,"args":)" + Quoted(random.Pick(args));
  const std::vector<std::string> numbers = {"1", "1.0", "-0.0", "0", "1e300", "12345678901234567890", "2.5"};
  if (random.Chance(30)) event += ",\"n\":" + random.Pick(numbers);
  if (random.Chance(30)) event += random.Chance(50) ? ",\"ok\":true" : ",\"ok\":false";
  const std::vector<std::string> any = {"null", "\"x\"", "\"y\"", "[1]", "{}", "7", "true"};
  if (random.Chance(20)) event += ",\"any\":" + random.Pick(any);
  if (random.Chance(20)) event += random.Chance(50) ? R"(,"mode":"on")" : R"(,"mode":"off")";
  if (random.Chance(20)) event += R"(,"id":"i")";
  return event + "}";
}

std::vector<std::string> Events(uint64_t seed, size_t count, uint32_t names) {
  Random random(seed);
  std::vector<std::string> events;
  while (events.size() < count) events.push_back(Event(random, names));
  return events;
}

Engine Native(const std::shared_ptr<const Program>& program, CacheMode mode, int64_t fuel = EngineOptions{}.fuel_per_event) {
  EngineOptions options;
  options.cache = mode;
  options.fuel_per_event = fuel;
  Engine engine(program, options);
  const Status made = compiler::CompileNative(engine);
  EXPECT_TRUE(made.ok()) << made.error().message;
  return engine;
}

TEST(CheckMemo, WhichChecks) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  std::vector<std::string> found;
  for (const Projection& projection : FindProjections(*program)) {
    const EventType& event = program->events[projection.event];
    std::string text = program->codes[event.checks[projection.check].code].code + ":";
    for (const uint32_t slot : projection.values) text += " " + event.slot_names[slot];
    for (const uint32_t slot : projection.present) text += " has " + event.slot_names[slot];
    found.push_back(text);
  }
  EXPECT_EQ(found, (std::vector<std::string>{"NAME: name", "JSON: name args", "BOTH: name n ok", "MODE: mode has id", "ANY: any"}));
}

TEST(CheckMemo, ChangesNoFinding) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  const Engine reference(program);
  const Engine on = Native(program, CacheMode::kOn);
  const Engine automatic = Native(program, CacheMode::kAuto);
  const Engine off = Native(program, CacheMode::kOff);
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const std::vector<std::string> events = Events(seed, 400, seed % 3 == 0 ? 5 : seed % 3 == 1 ? 200 : 1'000'000);
    const std::vector<std::string> expected = Judge(reference, events);
    ASSERT_EQ(Judge(on, events), expected) << seed;
    ASSERT_EQ(Judge(automatic, events), expected) << seed;
    ASSERT_EQ(Judge(off, events), expected) << seed;
  }
  EXPECT_GT(on.cache_stats().checks_known, 10'000u);
  EXPECT_GT(on.cache_stats().checks_asked, on.cache_stats().checks_known);
  EXPECT_EQ(off.cache_stats().checks_asked, 0u);
}

// What is known takes the fuel that it took when it was found out.
TEST(CheckMemo, TakesTheSameFuel) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  const std::vector<std::string> one = {R"({"type":"A","name":"tool_1","args":"{}","n":1,"mode":"on"})"};
  for (int64_t fuel = 1; fuel < 120; ++fuel) {
    EngineOptions options;
    options.fuel_per_event = fuel;
    ASSERT_EQ(Judge(Native(program, CacheMode::kOn, fuel), one, 3), Judge(Engine(program, options), one, 3)) << fuel;
    if (fuel > 60) fuel += 7;
  }
}

// Where fields do not repeat nothing is looked up before long, and where they do all is.
TEST(CheckMemo, KeepsAwayWhereItDoesNotPay) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  const auto counts = [&](const char* what, bool repeats) {
    const Engine engine = Native(program, CacheMode::kAuto);
    std::vector<std::string> events;
    for (int i = 0; i < 20'000; ++i) {
      events.push_back(R"({"type":"A","name":"tool_)" + std::to_string(repeats ? i % 7 : i) + "\"}");
    }
    EXPECT_TRUE(Judge(engine, events).empty()) << what;
    return engine.cache_stats();
  };
  const CacheStats fresh = counts("fresh", false);
  EXPECT_LT(fresh.checks_asked, 5'000u);  // two checks of each event
  EXPECT_EQ(fresh.checks_known, 0u);
  const CacheStats known = counts("known", true);
  EXPECT_GT(known.checks_known, 39'900u);
}

}  // namespace
}  // namespace edict::tests
