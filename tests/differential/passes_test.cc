// The passes change nothing of what rules find: random rules as they were lowered against the same after the passes.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

std::shared_ptr<const Program> Lowered(const std::string& rules) {
  compiler::CompileOptions plain;
  plain.optimise = false;
  return CompileText(rules, plain);
}

// After the passes, in both tiers, the rules find what they find as they were lowered: so much.
size_t CompareAfterPasses(const std::string& rules, const std::vector<std::string>& events) {
  const std::shared_ptr<const Program> lowered = Lowered(rules);
  const std::shared_ptr<const Program> optimised = CompileText(rules);
  if (lowered == nullptr || optimised == nullptr) {
    ADD_FAILURE() << rules;
    return 0;
  }
  const std::vector<std::string> expected = Judge(Engine(lowered), events);
  EXPECT_EQ(Judge(Engine(optimised), events), expected);
  Engine native(optimised);
  EXPECT_TRUE(compiler::CompileNative(native).ok());
  EXPECT_EQ(Judge(native, events), expected);
  return expected.size();
}

TEST(Passes, FindWhatTheLoweredProgramFinds) {
  size_t found = 0;
  size_t before = 0;
  size_t after = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    std::string rules = RandomRules(random);
    std::shared_ptr<const Program> lowered = Lowered(rules);
    std::shared_ptr<const Program> optimised = CompileText(rules);
    ASSERT_NE(lowered, nullptr) << rules;
    ASSERT_NE(optimised, nullptr) << rules;
    std::vector<std::string> events;
    for (int i = 0; i < 300; ++i) events.push_back(RandomEvent(random));
    std::vector<std::string> expected = Judge(Engine(lowered), events);
    EXPECT_EQ(Judge(Engine(optimised), events), expected) << "seed " << seed << "\n" << rules;
    found += expected.size();
    before += lowered->nodes.size();
    after += optimised->nodes.size();
  }
  EXPECT_GT(found, 2000u);
  EXPECT_LT(after, before);
}

// Members that are read by names: constants, arguments of functions, and such as only the event tells.
constexpr const char* kMembers = R"(
fn member(e: dyn, name: string): optional<string> = name in e ? optional.of(string(e[name])) : optional.none()
fn id_of(e: dyn): optional<string> = member(e, e.type == "A" ? "id" : "key")
event Event by type {
  A { id: string?, n: int?, note: (string | null)?, ok: bool? }
  B { key: string, ref: string? }
  C closed { id: string? }
}
rule ID "id" { on A, B, C as e require id_of(dyn(e)).orValue("x") != "bad" message "{id_of(dyn(e)).orValue('none')}" }
rule NOTE "note" { on A as e require !("note" in dyn(e)) || dyn(e)["note"] != "bad" message "{dyn(e)['note']}" }
rule NUMBER "number" { on A as e when "n" in dyn(e) require string(dyn(e)["n"]) == "1" message "{dyn(e)['n']}" }
rule OTHER "other" { on A as e require member(dyn(e), "other").orValue("") == "" message "{dyn(e).other}" }
rule NAMED "named" { on B as e when has(e.ref) require e.ref in dyn(e) message "{e.ref}" }
rule THERE "there" { on A as e when has(e.id) require string(dyn(e)["id"]) != "bad" message "{e.type}" }
rule LOOP "loop" { on A as e require ["id", "n"].all(k, !(k in dyn(e)) || string(dyn(e)[k]) != "2") message "loop" }
)";

TEST(Passes, ReadMembersLikeFields) {
  const std::vector<std::string> ids = {"", R"(,"id":"bad")", R"(,"id":"b\u0061d")", R"(,"id":"2")", R"(,"id":7)", R"(,"id":null)"};
  const std::vector<std::string> numbers = {"", ",\"n\":1", ",\"n\":1.0", ",\"n\":2", ",\"n\":2.5", ",\"n\":\"1\""};
  const std::vector<std::string> notes = {"", R"(,"note":null)", R"(,"note":"bad")", R"(,"other":"x")",
                                          R"(,"other":"","other":"y")"};
  std::vector<std::string> events;
  for (const std::string& id : ids) {
    for (const std::string& n : numbers) {
      for (const std::string& note : notes) events.push_back(R"({"type":"A")" + id + n + note + "}");
    }
    events.push_back(R"({"type":"C")" + id + "}");
  }
  for (const char* ref : {"", R"(,"ref":"ref")", R"(,"ref":"key")", R"(,"ref":"nothing")"}) {
    events.push_back(std::string(R"({"type":"B","key":"bad")") + ref + "}");
    events.push_back(std::string(R"({"key":"k","type":"B")") + ref + R"(,"nothing":1})");
  }
  EXPECT_GT(CompareAfterPasses(kMembers, events), 100u);
}

// Comprehensions that look at their own range: of several kinds, within each other, as ranges of loops, and of what is missing or
// no list.
constexpr const char* kRanges = R"(
fn backwards(l: list<dyn>): list<dyn> = l.transformList(i, x, l[size(l) - 1 - i])
fn rising(l: list<dyn>): bool = l.all(i, x, i == 0 || string(l[i - 1]) <= string(x))
event Event by type {
  A { o: any, list: any[]?, key: string? }
}
state last: map<string, string> bound 100
on A as e when has(e.list) {
  for x in e.o.list.transformList(i, x, string(x) + string(e.o.list[size(e.o.list) - 1 - i])) { last[x] = string(size(e.o.list)) }
}
rule RISING "rising" { on A as e require rising(e.o.list) message "{e.o.list}" }
rule SLOT "slot" { on A as e when has(e.list) require rising(e.list) message "{e.list}" }
rule TWICE "twice" { on A as e require backwards(backwards(e.o.list)) == e.o.list message "never" }
rule PAIRS "pairs" { on A as e require e.o.list.all(x, e.o.list.exists_one(y, x == y && size(e.o.list) < 4)) message "{e.o.list}" }
rule MAPS "maps" { on A as e require e.o.all(k, v, k in e.o && size(e.o) > 1) message "{e.o}" }
rule DEEP "deep" {
  on A as e
  require e.o.list.map(x, e.o.list.filter(y, e.o.list.exists(z, z == x && z != y))).all(l, size(l) < size(e.o.list))
  message "{e.o.list}"
}
rule KEY "key" { on A as e when has(e.key) require (e.key in last ? [last[e.key]] : []).all(x, x != "2" || size(e.key in last ? [last[e.key]] : []) == 0) message "{e.key}" }
rule LOOP "loop" { on A as e for x in e.o.list.filter(y, y != e.o.list[0]) require string(x) != "3" message "{x}" }
)";

TEST(Passes, KeepRanges) {
  Random random(3);
  const auto list = [&] {
    std::string text = "[";
    for (uint32_t left = random.Below(5); left > 0; --left) {
      text += random.Pick(std::vector<std::string>{"1", "2", "3", "\"2\"", "null", "2.0", "[1]"}) + (left > 1 ? "," : "");
    }
    return text + "]";
  };
  std::vector<std::string> events;
  for (int i = 0; i < 600; ++i) {
    std::string event = R"({"type":"A")";
    if (random.Chance(97)) {
      event += R"(,"o":)" + (random.Chance(90)
                                 ? R"({"list":)" + (random.Chance(95) ? list() : "7") + (random.Chance(50) ? ",\"b\":1" : "") + "}"
                                 : list());
    }
    if (random.Chance(50)) event += ",\"list\":" + list();
    if (random.Chance(30)) event += ",\"key\":\"" + std::to_string(random.Below(4)) + std::to_string(random.Below(4)) + "\"";
    events.push_back(event + "}");
  }
  EXPECT_GT(CompareAfterPasses(kRanges, events), 1000u);
}

}  // namespace
}  // namespace edict::tests
