// Streams that change to native code between two events find what they would have found without it.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

std::vector<std::string> Judge(Stream stream, const std::vector<std::string>& events, int times) {
  std::vector<Finding> findings;
  for (int i = 0; i < times; ++i) {
    for (const std::string& event : events) stream.FeedRecord(event, 0, findings);
  }
  stream.Finish(findings);
  std::vector<std::string> lines;
  for (const Finding& f : findings) lines.push_back(std::to_string(f.index) + f.code + f.path + f.message);
  return lines;
}

TEST(TierUp, StreamsOfManyThreadsChangeOver) {
  Random random(7);
  std::shared_ptr<const Program> program = CompileText(RandomRules(random));
  ASSERT_NE(program, nullptr);
  std::vector<std::string> events;
  for (int i = 0; i < 300; ++i) events.push_back(RandomEvent(random));
  constexpr int kTimes = 10;
  const std::vector<std::string> expected = Judge(Engine(program).Open("s"), events, kTimes);

  Engine engine(program);
  compiler::NativeInBackground native;
  std::vector<std::vector<std::string>> found(4);
  std::vector<std::thread> threads;
  native.Start(engine);
  native.Start(engine);  // does nothing
  for (std::vector<std::string>& lines : found) {
    threads.emplace_back([&lines, &native, &engine, &events] {
      lines = Judge(engine.Open("s"), events, kTimes);
      // Until the native code was there for a whole stream.
      while (native.running()) lines = Judge(engine.Open("s"), events, kTimes);
      lines = Judge(engine.Open("s"), events, kTimes);
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_FALSE(native.running());
  EXPECT_TRUE(native.status().ok()) << native.status().error().message;
  for (const std::vector<std::string>& lines : found) EXPECT_EQ(lines, expected);
}

}  // namespace
}  // namespace edict::tests
