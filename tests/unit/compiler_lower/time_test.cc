// What windows, sequences and deadlines mean, by running rules; and the engine's clock.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/engine.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr char kDeadline[] = R"(
event Event by type { t: int?  time t in s  ASK, ANSWER { id: string } }
deadline answer by e.id bound 10 keys: every ASK is followed by ANSWER within 30s else error SILENT "{key} at {now}")";

constexpr int64_t kSecond = 1'000'000'000;

// "index@offset CODE message" of each.
std::vector<std::string> Lines(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& f : findings) {
    lines.push_back(std::to_string(f.index) + "@" + std::to_string(f.offset) + " " + f.code + " " + f.message);
  }
  return lines;
}

using Strings = std::vector<std::string>;

TEST(EventTime, ATickPassesDeadlinesBetweenEvents) {
  Engine engine(CompileText(kDeadline));
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  EXPECT_EQ(stream.Time(), 0);
  stream.FeedRecord(R"({"type":"ASK","t":100,"id":"a"})", 0, findings);
  EXPECT_EQ(stream.Time(), 100 * kSecond);
  stream.Tick(130 * kSecond, findings);
  EXPECT_EQ(Lines(findings), Strings{});
  stream.Tick(stream.Time() + 1, findings);
  EXPECT_EQ(Lines(findings), Strings{"1@31 SILENT a at 1970-01-01T00:02:10.000000001Z"});
  stream.Tick(5, findings);
  EXPECT_EQ(stream.Time(), 130 * kSecond + 1);
  stream.Finish(findings);
  EXPECT_EQ(findings.size(), 1u) << "it is said once";
  stream.Tick(500 * kSecond, findings);
  EXPECT_EQ(stream.Time(), 130 * kSecond + 1) << "after the end time stands still";
}

TEST(EventTime, TheEndOfTheStreamPassesWhatIsOpenInOrder) {
  Engine engine(CompileText(kDeadline));
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  stream.FeedRecord(R"({"type":"ASK","t":100,"id":"z"})", 0, findings);
  stream.FeedRecord(R"({"type":"ASK","t":100,"id":"a"})", 40, findings);
  stream.Finish(findings, 90);
  EXPECT_EQ(Lines(findings), (Strings{"2@90 SILENT z at 1970-01-01T00:01:40Z", "2@90 SILENT a at 1970-01-01T00:01:40Z"}));
}

TEST(EventTime, ACriticalDeadlineEndsTheStream) {
  std::string rules = kDeadline;
  rules.replace(rules.find("else error"), 10, "else critical");
  Engine engine(CompileText(rules));
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  stream.FeedRecord(R"({"type":"ASK","t":100,"id":"a"})", 0, findings);
  stream.Tick(200 * kSecond, findings);
  EXPECT_TRUE(stream.ended());
  EXPECT_EQ(findings.size(), 1u);
}

TEST(EventTime, ManyDeadlinesAtOnceAreCutAsOtherFindingsAre) {
  std::string rules = kDeadline;
  rules.replace(rules.find("bound 10 keys"), 13, "bound 10_000 keys");
  Engine engine(CompileText(rules));
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  for (int i = 0; i < 10'000; ++i) {
    stream.FeedRecord(R"({"type":"ASK","t":100,"id":")" + std::to_string(i) + "\"}", 0, findings);
  }
  stream.Tick(200 * kSecond, findings);
  ASSERT_EQ(findings.size(), 65u);
  EXPECT_EQ(findings[64].code, "EDICT_BOUND");
  EXPECT_NE(findings[64].message.find("9936 more"), std::string::npos) << findings[64].message;
}

TEST(EventTime, WhatAProfileSwitchesOffIsNotReported) {
  compiler::CompileOptions options;
  options.profile = "quiet";
  Engine engine(CompileText(std::string(kDeadline) + "\nprofile quiet { off SILENT }", options));
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  stream.FeedRecord(R"({"type":"ASK","t":100,"id":"a"})", 0, findings);
  stream.Finish(findings);
  EXPECT_TRUE(findings.empty());
}

TEST(EventTime, StateBytesCountWhatIsTimedAndShrinkWithTime) {
  Engine engine(CompileText(R"(
event Event by type { t: int  time t in s  A { id: string } }
window w: distinct of e.id on A by e.id over 10s bound 10_000 keys bound 10_000 entries
rule R "reads" { on A as e  require w[e.id] < 5 })"));
  Stream stream = engine.Open("s");
  const uint64_t idle = stream.stats().state_bytes;
  std::vector<Finding> findings;
  for (int i = 0; i < 1000; ++i) {
    stream.FeedRecord(R"({"type":"A","t":1,"id":"k)" + std::to_string(i) + "\"}", 0, findings);
  }
  const uint64_t full = stream.stats().state_bytes;
  EXPECT_GT(full, idle + 1000 * 50);
  stream.FeedRecord(R"({"type":"A","t":100,"id":"k"})", 0, findings);
  EXPECT_LT(stream.stats().state_bytes, full);
}

TEST(EventTime, MemoryBeyondTheEnginesLimitIsRefused) {
  EngineOptions options;
  options.max_state_bytes = 20'000;
  Engine engine(CompileText(R"(
event Event by type { t: int  time t in s  A { id: string } }
window w: count of A by e.id over 10s bound 10_000 keys bound 10_000 entries
rule R "reads" { on A as e  require w[e.id] < 5 })"),
                options);
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  for (int i = 0; i < 1000; ++i) {
    stream.FeedRecord(R"({"type":"A","t":1,"id":"k)" + std::to_string(i) + "\"}", 0, findings);
  }
  ASSERT_FALSE(findings.empty());
  EXPECT_NE(findings[0].message.find("limit of 20000 bytes; a write to window w is not kept"), std::string::npos)
      << findings[0].message;
  EXPECT_LT(stream.stats().state_bytes, 40'000u);
}

}  // namespace
}  // namespace edict::tests
