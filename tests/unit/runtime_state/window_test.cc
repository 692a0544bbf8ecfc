#include "runtime/state/window.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace edict {
namespace {

Window Declared(WindowFunction function, Kind rep = Node::kAny) {
  Window window;
  window.name = "w";
  window.function = function;
  window.rep = rep;
  window.key_count = 1;
  window.length = 10;
  window.bound_keys = 3;
  window.bound_entries = 6;
  return window;
}

std::string Key(const char* text) {
  std::string key;
  EncodeKey(Value::String(text), key);
  return key;
}

Value At(const WindowState& window, int64_t time, const char* key = "a") {
  uint32_t walked = 0;
  return window.Read(Key(key), time, &walked);
}

TEST(Window, ReachesFromAfterItsFarEdgeToTheEventItself) {
  const Window declared = Declared(WindowFunction::kCount);
  WindowState window(declared, 1);
  for (const int64_t time : {0, 1, 10}) window.Add(Key("a"), time, Value::Absent());
  EXPECT_EQ(At(window, 9).i, 2);
  EXPECT_EQ(At(window, 10).i, 2) << "the entry of 0 is just out, that of 10 is in";
  EXPECT_EQ(At(window, 11).i, 1);
  EXPECT_EQ(At(window, 20).i, 0);
  EXPECT_EQ(At(window, -1).i, 0) << "what lies ahead of the event is not seen";
  EXPECT_EQ(At(window, 10, "b").i, 0);
}

TEST(Window, ATumblingOneStartsAtMultiplesOfItsLength) {
  Window declared = Declared(WindowFunction::kCount);
  declared.tumbling = true;
  WindowState window(declared, 1);
  for (const int64_t time : {-1, 0, 9, 10}) window.Add(Key("a"), time, Value::Absent());
  EXPECT_EQ(At(window, -1).i, 1);
  EXPECT_EQ(At(window, 9).i, 2);
  EXPECT_EQ(At(window, 10).i, 1);
  EXPECT_EQ(At(window, 19).i, 1);
  window.Expire(10);
  EXPECT_EQ(window.entries(), 1u);
}

TEST(Window, TheOrderOfArrivalDoesNotMatter) {
  const Window declared = Declared(WindowFunction::kSum, Kind::kDouble);
  WindowState one(declared, 1);
  WindowState other(declared, 1);
  const double values[] = {1e16, 1.0, -1e16, 0.5};
  for (int i = 0; i < 4; ++i) one.Add(Key("a"), i / 2, Value::Double(values[i]));
  for (int i = 3; i >= 0; --i) other.Add(Key("a"), i / 2, Value::Double(values[i]));
  EXPECT_EQ(At(one, 5).d, At(other, 5).d);
}

TEST(Window, MinAndMaxOfNothingAreNothing) {
  const Window declared = Declared(WindowFunction::kMax, Kind::kInt);
  WindowState window(declared, 1);
  EXPECT_EQ(At(window, 0).kind, Kind::kAbsent);
  window.Add(Key("a"), 0, Value::Int(-7));
  window.Add(Key("a"), 0, Value::Int(-9));
  EXPECT_EQ(At(window, 0).i, -7);
}

TEST(Window, DoublesAreInATotalOrder) {
  const Window smallest = Declared(WindowFunction::kMin, Kind::kDouble);
  WindowState window(smallest, 1);
  for (const double v : {std::nan(""), 0.0, -0.0, 3.0}) window.Add(Key("a"), 0, Value::Double(v));
  EXPECT_TRUE(std::signbit(At(window, 0).d));
  const Window largest = Declared(WindowFunction::kMax, Kind::kDouble);
  WindowState other(largest, 1);
  for (const double v : {3.0, std::nan(""), -1.0}) other.Add(Key("a"), 0, Value::Double(v));
  EXPECT_TRUE(std::isnan(At(other, 0).d));
}

TEST(Window, ASumOfIntsIsExactOrMissing) {
  const Window declared = Declared(WindowFunction::kSum, Kind::kInt);
  WindowState window(declared, 1);
  window.Add(Key("a"), 0, Value::Int(INT64_MAX));
  window.Add(Key("a"), 0, Value::Int(1));
  EXPECT_EQ(At(window, 0).kind, Kind::kAbsent);
  window.Add(Key("a"), 0, Value::Int(-2));
  EXPECT_EQ(At(window, 0).i, INT64_MAX - 1) << "what passes int64 on the way does not count";
}

TEST(Window, DistinctTellsValuesApartAsKeysAre) {
  const Window declared = Declared(WindowFunction::kDistinct);
  WindowState window(declared, 1);
  window.Add(Key("a"), 0, Value::Int(1));
  window.Add(Key("a"), 0, Value::Double(1.0));
  window.Add(Key("a"), 0, Value::String("1"));
  window.Add(Key("b"), 5, Value::Int(1));
  EXPECT_EQ(At(window, 0).i, 2);
  window.Expire(10);
  EXPECT_EQ(At(window, 5, "b").i, 1) << "a value that another key still holds is not forgotten";
  EXPECT_EQ(At(window, 10).i, 0);
}

TEST(Window, RateIsPerSecond) {
  Window declared = Declared(WindowFunction::kRate);
  declared.length = 500'000'000;
  WindowState window(declared, 1);
  window.Add(Key("a"), 0, Value::Absent());
  EXPECT_EQ(At(window, 1).d, 2.0);
}

TEST(Window, BoundsHoldUntilEntriesLeave) {
  const Window declared = Declared(WindowFunction::kCount);
  WindowState window(declared, 1);
  for (const char* key : {"a", "b", "c"}) EXPECT_EQ(window.Add(Key(key), 0, Value::Absent()), WindowState::Outcome::kAdded);
  EXPECT_EQ(window.Add(Key("d"), 0, Value::Absent()), WindowState::Outcome::kKeysFull);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(window.Add(Key("a"), 1, Value::Absent()), WindowState::Outcome::kAdded);
  EXPECT_EQ(window.Add(Key("a"), 1, Value::Absent()), WindowState::Outcome::kEntriesFull);
  window.Expire(10);
  EXPECT_EQ(window.keys(), 1u);
  EXPECT_EQ(window.entries(), 3u);
  EXPECT_EQ(window.Add(Key("d"), 10, Value::Absent()), WindowState::Outcome::kAdded);
}

TEST(Window, TimesAtTheEndsOfTheRangeDoNotWrap) {
  for (const bool tumbling : {false, true}) {
    Window declared = Declared(WindowFunction::kCount);
    declared.length = INT64_MAX;
    declared.tumbling = tumbling;
    WindowState window(declared, 1);
    window.Add(Key("a"), INT64_MIN, Value::Absent());
    window.Add(Key("a"), INT64_MAX, Value::Absent());
    EXPECT_EQ(At(window, INT64_MIN).i, 1);
    EXPECT_EQ(At(window, INT64_MAX).i, 1);
    window.Expire(INT64_MAX);
    EXPECT_EQ(window.entries(), 1u);
  }
}

TEST(Window, MemoryStaysFlatAndBelowWhatIsPromised) {
  Window declared = Declared(WindowFunction::kDistinct);
  declared.bound_keys = 100;
  declared.bound_entries = 1000;
  WindowState window(declared, 1);
  uint64_t most = 0;
  for (int64_t i = 0; i < 200'000; ++i) {
    window.Expire(i / 50);
    window.Add(Key(std::to_string(i % 90 + i / 5000).c_str()), i / 50, Value::Int(i));
    most = std::max(most, window.bytes());
  }
  EXPECT_LE(window.entries(), 501u);
  EXPECT_LT(most, WindowState::MostBytes(declared) + 1100 * 64);  // and the text of keys and values
  window.Clear();
  EXPECT_LT(window.bytes(), 70'000u);
}

}  // namespace
}  // namespace edict
