#include "runtime/state/timer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace edict {
namespace {

Timer Declared(bool deadline) {
  Timer timer;
  timer.name = "t";
  timer.deadline = deadline;
  timer.key_count = 1;
  timer.within = 30;
  timer.bound = 3;
  if (deadline) timer.expiry.emplace_back();
  return timer;
}

std::string Key(const std::string& text) {
  std::string key;
  EncodeKey(Value::String(text), key);
  return key;
}

std::string Passed(TimerState& timer, int64_t watermark) {
  std::vector<PassedDeadline> passed;
  timer.Expire(watermark, passed);
  std::string text;
  for (const PassedDeadline& p : passed) {
    Value key;
    DecodeKeys(p.key, 1, &key);
    text += std::string(key.text()) + "@" + std::to_string(p.opened) + "-" + std::to_string(p.due) + " ";
  }
  return text;
}

TEST(TimerState, IsArmedFromItsBeginningToWhatIsDueBothIncluded) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  ASSERT_TRUE(timer.Arm(Key("a"), 10, 1));
  EXPECT_FALSE(timer.Armed(Key("a"), 9));
  EXPECT_TRUE(timer.Armed(Key("a"), 10));
  EXPECT_TRUE(timer.Armed(Key("a"), 40));
  EXPECT_FALSE(timer.Armed(Key("a"), 41));
  EXPECT_FALSE(timer.Armed(Key("b"), 10));
}

TEST(TimerState, ADeadlinePassesOnceTimeIsBeyondIt) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  timer.Arm(Key("a"), 10, 1);
  timer.Arm(Key("b"), 5, 2);
  EXPECT_EQ(Passed(timer, 35), "");
  EXPECT_EQ(Passed(timer, 36), "b@5-35 ");
  EXPECT_EQ(Passed(timer, 100), "a@10-40 ");
  EXPECT_EQ(timer.open(), 0u);
}

TEST(TimerState, WhatIsDueAtOnceComesInOrderOfOpening) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  timer.Arm(Key("z"), 10, 1);
  timer.Arm(Key("y"), 10, 2);
  timer.Arm(Key("x"), 10, 3);
  EXPECT_EQ(Passed(timer, 41), "z@10-40 y@10-40 x@10-40 ");
}

TEST(TimerState, ADeadlineCountsFromTheFirstASequenceFromTheLast) {
  const Timer deadline = Declared(true);
  TimerState first(deadline, 0, 1);
  first.Arm(Key("a"), 10, 1);
  first.Arm(Key("a"), 20, 2);
  EXPECT_FALSE(first.Armed(Key("a"), 45));
  EXPECT_EQ(Passed(first, 45), "a@10-40 ");
  const Timer sequence = Declared(false);
  TimerState last(sequence, 0, 1);
  last.Arm(Key("a"), 10, 1);
  last.Arm(Key("a"), 20, 2);
  last.Arm(Key("a"), 15, 3);  // out of order
  EXPECT_FALSE(last.Armed(Key("a"), 19));
  EXPECT_EQ(Passed(last, 45), "") << "a sequence ends silently";
  EXPECT_TRUE(last.Armed(Key("a"), 50));
  EXPECT_EQ(last.open(), 1u);
  Passed(last, 51);
  EXPECT_EQ(last.open(), 0u);
}

TEST(TimerState, OnlyWhatIsArmedIsEnded) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  timer.Arm(Key("a"), 10, 1);
  timer.Disarm(Key("a"), 9);
  timer.Disarm(Key("a"), 41);
  EXPECT_EQ(timer.open(), 1u);
  timer.Disarm(Key("a"), 40);
  EXPECT_EQ(timer.open(), 0u);
  EXPECT_EQ(Passed(timer, 1000), "");
}

TEST(TimerState, ItsBoundCountsKeys) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(timer.Arm(Key(key), 0, 1));
  EXPECT_FALSE(timer.Arm(Key("d"), 0, 4));
  EXPECT_TRUE(timer.Arm(Key("a"), 1, 5)) << "a key that is there needs no room";
  timer.Disarm(Key("a"), 1);
  EXPECT_TRUE(timer.Arm(Key("d"), 1, 6));
}

TEST(TimerState, TimesAtTheEndOfTheRangeDoNotWrap) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  timer.Arm(Key("a"), INT64_MAX - 1, 1);
  EXPECT_TRUE(timer.Armed(Key("a"), INT64_MAX));
  EXPECT_EQ(Passed(timer, INT64_MAX), "") << "time never goes beyond it; the end of the stream does";
  std::vector<PassedDeadline> passed;
  timer.ExpireAll(passed);
  EXPECT_EQ(passed.size(), 1u);
}

TEST(TimerState, MemoryStaysFlatAndBelowWhatIsPromised) {
  const Timer declared = Declared(true);
  TimerState timer(declared, 0, 1);
  uint64_t most = 0;
  for (int64_t i = 0; i < 100'000; ++i) {  // time stands still: every reminder goes stale
    timer.Arm(Key(std::to_string(i)), 0, static_cast<uint64_t>(i) + 1);
    timer.Disarm(Key(std::to_string(i)), 0);
    most = std::max(most, timer.bytes());
  }
  EXPECT_LT(most, TimerState::MostBytes(declared) + 1024);
}

}  // namespace
}  // namespace edict
