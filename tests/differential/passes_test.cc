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

TEST(Passes, FindWhatTheLoweredProgramFinds) {
  size_t found = 0;
  size_t before = 0;
  size_t after = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    std::string rules = RandomRules(random);
    compiler::CompileOptions plain;
    plain.optimise = false;
    std::shared_ptr<const Program> lowered = CompileText(rules, plain);
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
  compiler::CompileOptions plain;
  plain.optimise = false;
  const std::shared_ptr<const Program> lowered = CompileText(kMembers, plain);
  const std::shared_ptr<const Program> optimised = CompileText(kMembers);
  ASSERT_NE(lowered, nullptr);
  ASSERT_NE(optimised, nullptr);
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
  const std::vector<std::string> expected = Judge(Engine(lowered), events);
  EXPECT_EQ(Judge(Engine(optimised), events), expected);
  EXPECT_GT(expected.size(), 100u);
  Engine native(optimised);
  ASSERT_TRUE(compiler::CompileNative(native).ok());
  EXPECT_EQ(Judge(native, events), expected);
}

}  // namespace
}  // namespace edict::tests
