// The clock, and all that is timed against a naive reference: it keeps every event that ever came and looks through all of
// them at each question.
#include "runtime/state/timed_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace edict {
namespace {

constexpr WindowFunction kFunctions[] = {WindowFunction::kCount, WindowFunction::kSum,      WindowFunction::kMin,
                                         WindowFunction::kMax,   WindowFunction::kDistinct, WindowFunction::kRate};

// Six sliding windows and six tumbling ones, then a sequence and a deadline.
Program MakeProgram(uint64_t late) {
  Program p;
  p.clock.unit = TimeUnit::kNanoseconds;
  p.clock.late = late;
  for (const bool tumbling : {false, true}) {
    for (const WindowFunction function : kFunctions) {
      Window window;
      window.function = function;
      window.rep = Kind::kInt;
      window.key_count = 1;
      window.length = 10;
      window.tumbling = tumbling;
      window.bound_keys = window.bound_entries = 1'000'000;
      p.windows.push_back(window);
    }
  }
  for (const bool deadline : {false, true}) {
    Timer timer;
    timer.key_count = 1;
    timer.within = 10;
    timer.bound = 1000;
    timer.deadline = deadline;
    if (deadline) timer.expiry.emplace_back();
    p.timers.push_back(timer);
  }
  return p;
}

std::string Key(int64_t key) {
  std::string text;
  EncodeKey(Value::Int(key), text);
  return text;
}

struct Seen {
  int64_t time;
  int64_t key;
  int64_t value;
};

// What a window would say of all entries that ever came.
Value Naive(const Window& window, const std::vector<Seen>& all, int64_t key, int64_t at) {
  std::vector<int64_t> inside;
  for (const Seen& seen : all) {
    const int64_t bucket = (at + 1000) / 10;  // times here are above -1000
    const bool in = window.tumbling ? (seen.time + 1000) / 10 == bucket : seen.time > at - 10;
    if (seen.key == key && in && seen.time <= at) inside.push_back(seen.value);
  }
  const auto count = static_cast<int64_t>(inside.size());
  switch (window.function) {
    case WindowFunction::kCount:
      return Value::Int(count);
    case WindowFunction::kRate:
      return Value::Double(static_cast<double>(count) * 1e9 / 10);
    case WindowFunction::kDistinct:
      return Value::Int(static_cast<int64_t>(std::set<int64_t>(inside.begin(), inside.end()).size()));
    case WindowFunction::kSum: {
      int64_t sum = 0;
      for (const int64_t v : inside) sum += v;
      return Value::Int(sum);
    }
    case WindowFunction::kMin:
      return inside.empty() ? Value::Absent() : Value::Int(*std::min_element(inside.begin(), inside.end()));
    case WindowFunction::kMax:
      return inside.empty() ? Value::Absent() : Value::Int(*std::max_element(inside.begin(), inside.end()));
  }
  return Value::Absent();
}

TEST(TimedState, AgreesWithLookingThroughAllThatCame) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int64_t>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 60; ++round) {
    const int64_t late = round % 3 == 0 ? 0 : below(15);
    const Program program = MakeProgram(static_cast<uint64_t>(late));
    TimedState state(program, 5);
    std::vector<Seen> all;
    std::map<int64_t, int64_t> sequence;                    // key: the last beginning
    std::map<int64_t, std::pair<int64_t, int64_t>> opened;  // key: first beginning, number
    int64_t now = below(50);
    int64_t middle = now;
    int64_t number = 0;
    bool first = true;
    for (int step = 0; step < 300; ++step) {
      middle += below(3) == 0 ? below(6) : 0;
      const int64_t own = first ? now : middle - below(8) + below(3);
      first = false;
      now = std::max(now, own);
      const int64_t at = std::max(own, now - late);
      EXPECT_EQ(state.BeginEvent(own), own >= now - late);
      EXPECT_EQ(state.event_time(), at);
      // Deadlines that no event can meet any more, by time, then opening.
      std::vector<std::pair<int64_t, int64_t>> due;
      for (auto it = opened.begin(); it != opened.end();) {
        const bool gone = it->second.first + 10 < now - late;
        if (gone) due.emplace_back(it->second.first + 10, it->second.second);
        it = gone ? opened.erase(it) : std::next(it);
      }
      std::sort(due.begin(), due.end());
      std::vector<PassedDeadline> passed = state.TakePassed();
      ASSERT_EQ(passed.size(), due.size());
      for (size_t i = 0; i < due.size(); ++i) {
        EXPECT_EQ(passed[i].due, due[i].first);
        EXPECT_TRUE(i == 0 || passed[i - 1].due < passed[i].due || passed[i - 1].serial < passed[i].serial);
      }
      const int64_t key = below(3);
      for (uint32_t w = 0; w < program.windows.size(); ++w) {
        uint32_t walked = 0;
        const Value got = state.Read(w, Key(key), &walked);
        const Value want = Naive(program.windows[w], all, key, at);
        ASSERT_EQ(got.kind, want.kind) << "window " << w << " round " << round << " step " << step;
        ASSERT_TRUE(got.kind == Kind::kAbsent || Equal(got, want)) << "window " << w << " round " << round << " step " << step;
      }
      const auto begun = sequence.find(key);
      const bool armed = begun != sequence.end() && begun->second <= at && at <= begun->second + 10;
      ASSERT_EQ(state.Armed(0, Key(key)), armed) << "round " << round << " step " << step;
      const auto open = opened.find(key);
      const bool pending = open != opened.end() && open->second.first <= at && at <= open->second.first + 10;
      ASSERT_EQ(state.Armed(1, Key(key)), pending) << "round " << round << " step " << step;
      switch (below(3)) {
        case 0: {
          const int64_t value = below(4);
          for (uint32_t w = 0; w < program.windows.size(); ++w) state.Add(w, Key(key), Value::Int(value));
          all.push_back({at, key, value});
          break;
        }
        case 1:
          state.Arm(0, Key(key));
          state.Arm(1, Key(key));
          // A sequence that can be completed no more is forgotten, whether anyone looked or not.
          sequence[key] = begun == sequence.end() || begun->second + 10 < now - late ? at : std::max(begun->second, at);
          opened.emplace(key, std::pair(at, ++number));
          break;
        default:
          state.Disarm(0, Key(key));
          state.Disarm(1, Key(key));
          if (armed) sequence.erase(key);
          if (pending) opened.erase(key);
      }
    }
    EXPECT_EQ(state.TakeAll().size(), opened.size());
  }
}

TEST(TimedState, AnEventWithoutTimeCountsAtTheStreams) {
  const Program program = MakeProgram(0);
  TimedState state(program, 1);
  EXPECT_TRUE(state.BeginEvent(100));
  EXPECT_TRUE(state.BeginEvent(std::nullopt));
  EXPECT_EQ(state.event_time(), 100);
}

TEST(TimedState, AnEventThatIsTooLateCountsAtTheEarliestTimeThatIsTolerated) {
  const Program program = MakeProgram(5);
  TimedState state(program, 1);
  state.BeginEvent(100);
  EXPECT_TRUE(state.BeginEvent(95));
  EXPECT_EQ(state.event_time(), 95);
  EXPECT_FALSE(state.BeginEvent(94));
  EXPECT_EQ(state.event_time(), 95);
  EXPECT_EQ(state.now(), 100);
}

TEST(TimedState, WhatCameBeforeAnyTimeStandsAtTheFirst) {
  const Program program = MakeProgram(0);
  TimedState state(program, 1);
  state.BeginEvent(std::nullopt);
  state.Add(0, Key(1), Value::Int(1));
  state.Arm(1, Key(1));
  state.BeginEvent(1'000'000);
  EXPECT_TRUE(state.TakePassed().empty());
  uint32_t walked = 0;
  EXPECT_EQ(state.Read(0, Key(1), &walked).i, 1);
  EXPECT_TRUE(state.Armed(1, Key(1)));
  state.BeginEvent(1'000'011);
  EXPECT_EQ(state.TakePassed().size(), 1u);
  EXPECT_EQ(state.Read(0, Key(1), &walked).i, 0);
}

TEST(TimedState, ATickMovesTimeOnlyForwards) {
  const Program program = MakeProgram(0);
  TimedState state(program, 1);
  state.BeginEvent(100);
  state.Arm(1, Key(1));
  state.Tick(50);
  EXPECT_EQ(state.now(), 100);
  state.Tick(110);
  EXPECT_TRUE(state.TakePassed().empty());
  state.Tick(111);
  EXPECT_EQ(state.TakePassed().size(), 1u);
}

TEST(TimedState, TimesAtTheEndsOfTheRangeDoNotWrap) {
  const Program program = MakeProgram(INT64_MAX);
  TimedState state(program, 1);
  EXPECT_TRUE(state.BeginEvent(INT64_MIN));
  state.Add(0, Key(1), Value::Int(1));
  EXPECT_TRUE(state.BeginEvent(INT64_MAX));
  EXPECT_EQ(state.now(), INT64_MAX);
  EXPECT_FALSE(state.BeginEvent(INT64_MIN));
  EXPECT_EQ(state.event_time(), 0);
}

}  // namespace
}  // namespace edict
