// Random rules on random events: native code finds what the interpreter finds, to the last byte.
// EDICT_DIFF_SEEDS=first:count tries other seeds than those of every test run, or EDICT_DIFF_SEEDS=first:count:events with
// another number of events for each.
#include "tests/support/random_rules.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "compiler/codegen/codegen.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/jit/native_code.h"
#include "tests/support/judge.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

TEST(RandomRules, NativeFindsWhatTheInterpreterFinds) {
  unsigned long long first = 1;
  unsigned long long count = 25;
  unsigned long long events_of_seed = 400;
  if (const char* seeds = std::getenv("EDICT_DIFF_SEEDS")) {
    ASSERT_GE(std::sscanf(seeds, "%llu:%llu:%llu", &first, &count, &events_of_seed), 2) << "EDICT_DIFF_SEEDS is first:count";
  }
  size_t found = 0;
  for (unsigned long long seed = first; seed < first + count; ++seed) {
    Random random(seed);
    std::string rules = RandomRules(random);
    std::shared_ptr<const Program> program = CompileText(rules);
    ASSERT_NE(program, nullptr) << "seed " << seed << "\n" << rules;
    std::vector<std::string> events;
    for (unsigned long long i = 0; i < events_of_seed; ++i) events.push_back(RandomEvent(random));
    Engine engine(program);
    std::vector<std::string> expected = Judge(engine, events);
    Status native = compiler::CompileNative(engine);
    ASSERT_TRUE(native.ok()) << native.error().message;
    std::vector<std::string> actual = Judge(engine, events);
    for (size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
      ASSERT_EQ(i < actual.size() ? actual[i] : "(nothing)", i < expected.size() ? expected[i] : "(nothing)")
          << "seed " << seed << ", finding " << i << "\n"
          << rules;
    }
    found += expected.size();
  }
  // Findings of all kinds are there to compare.
  EXPECT_GT(found, count * events_of_seed / 4);
}

// Where the fuel ends, both find the same up to there, say so in the same words, and write the same state.
TEST(RandomRules, TheSameAtEveryLimitOfFuel) {
  size_t exhausted = 0;
  for (unsigned long long seed = 1; seed <= 4; ++seed) {
    Random random(seed);
    std::string rules = RandomRules(random);
    std::shared_ptr<const Program> program = CompileText(rules);
    ASSERT_NE(program, nullptr) << "seed " << seed << "\n" << rules;
    std::vector<std::string> events;
    for (int i = 0; i < 60; ++i) events.push_back(RandomEvent(random));
    Result<std::string> object = codegen::Generate(*program, {}, codegen::CodegenOutput::kObject);
    ASSERT_TRUE(object.ok()) << object.error().message;
    auto code = LoadNativeCode(object.value(), program->events.size());
    ASSERT_TRUE(code.ok()) << code.error().message;
    for (int64_t fuel = 0; fuel < 80; ++fuel) {
      EngineOptions options;
      options.fuel_per_event = fuel;
      Engine engine(program, options);
      std::vector<std::string> expected = Judge(engine, events);
      engine.UseNative(code.value());
      ASSERT_EQ(Judge(engine, events), expected) << "seed " << seed << ", fuel " << fuel << "\n" << rules;
      const std::string text = "the limit of " + std::to_string(fuel) + " steps is spent";
      for (const std::string& line : expected) exhausted += line.find(text) != std::string::npos ? 1 : 0;
    }
  }
  EXPECT_GT(exhausted, 1000u);
}

}  // namespace
}  // namespace edict::tests
