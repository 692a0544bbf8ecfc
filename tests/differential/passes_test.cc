// The passes change nothing of what rules find: random rules as they were lowered against the same after the passes.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

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

}  // namespace
}  // namespace edict::tests
