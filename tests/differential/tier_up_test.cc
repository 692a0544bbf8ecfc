// Streams that change to native code between two events find what they would have found without it.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"
#include "tests/support/many_rules.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

TEST(TierUp, StreamsOfManyThreadsChangeOver) {
  Random random(7);
  std::shared_ptr<const Program> program = CompileText(RandomRules(random));
  ASSERT_NE(program, nullptr);
  std::vector<std::string> events;
  for (int i = 0; i < 300; ++i) events.push_back(RandomEvent(random));
  constexpr int kTimes = 10;
  const std::vector<std::string> expected = Judge(Engine(program), events, kTimes);

  Engine engine(program);
  compiler::NativeInBackground native;
  std::vector<std::vector<std::string>> found(4);
  std::vector<std::thread> threads;
  native.Start(engine);
  native.Start(engine);  // does nothing
  for (std::vector<std::string>& lines : found) {
    threads.emplace_back([&lines, &native, &engine, &events] {
      lines = Judge(engine, events, kTimes);
      // Until the native code was there for a whole stream.
      while (native.running()) lines = Judge(engine, events, kTimes);
      lines = Judge(engine, events, kTimes);
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_FALSE(native.running());
  EXPECT_TRUE(native.status().ok()) << native.status().error().message;
  for (const std::vector<std::string>& lines : found) EXPECT_EQ(lines, expected);
}

// A large rule set, which has hardly optimised code first.
TEST(TierUp, LargeRuleSetsChangeOverTwice) {
  std::shared_ptr<const Program> program = CompileText(ManyRules(80, 20));
  ASSERT_NE(program, nullptr);
  std::vector<std::string> events;
  for (int i = 0; i < 400; ++i) {
    events.push_back(R"({"type":"T)" + std::to_string(i % 20) + R"(","id":"b","count":)" + std::to_string(i * 37 % 1500) + "}");
  }
  const std::vector<std::string> expected = Judge(Engine(program), events);
  EXPECT_FALSE(expected.empty());
  Engine engine(program);
  compiler::NativeInBackground native;
  native.Start(engine);
  bool saw_first = false;
  while (native.running()) {
    saw_first = saw_first || native.has_first();
    EXPECT_EQ(Judge(engine, events), expected);
  }
  EXPECT_TRUE(saw_first || native.has_first());
  EXPECT_TRUE(native.status().ok()) << native.status().error().message;
  EXPECT_EQ(Judge(engine, events), expected);
}

}  // namespace
}  // namespace edict::tests
