#include "runtime/state/table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace edict {
namespace {

std::string Encoded(const Value& v) {
  std::string out;
  EXPECT_TRUE(EncodeKey(v, out));
  return out;
}

TEST(EncodeKey, TellsAbsentNullAndEmptyApart) {
  const std::string absent = Encoded(Value::Absent());
  const std::string null = Encoded(Value::Null());
  const std::string empty = Encoded(Value::String(""));
  EXPECT_NE(absent, null);
  EXPECT_NE(absent, empty);
  EXPECT_NE(null, empty);
  EXPECT_NE(empty, Encoded(Value::Bytes("")));
  EXPECT_EQ(absent, Encoded(Value::Optional(nullptr)));
}

TEST(EncodeKey, EqualNumbersAreOneKey) {
  EXPECT_EQ(Encoded(Value::Int(1)), Encoded(Value::Uint(1)));
  EXPECT_EQ(Encoded(Value::Int(1)), Encoded(Value::Double(1.0)));
  EXPECT_EQ(Encoded(Value::Int(0)), Encoded(Value::Double(-0.0)));
  EXPECT_EQ(Encoded(Value::Uint(uint64_t{1} << 63)), Encoded(Value::Double(9223372036854775808.0)));
  EXPECT_EQ(Encoded(Value::Int(std::numeric_limits<int64_t>::min())), Encoded(Value::Double(-9223372036854775808.0)));
  EXPECT_NE(Encoded(Value::Int(1)), Encoded(Value::Double(1.5)));
  EXPECT_NE(Encoded(Value::Int(1)), Encoded(Value::Bool(true)));
  EXPECT_NE(Encoded(Value::Int(1)), Encoded(Value::String("1")));
}

TEST(EncodeKey, ConcatenationIsUnambiguous) {
  EXPECT_NE(Encoded(Value::String("ab")) + Encoded(Value::String("c")), Encoded(Value::String("a")) + Encoded(Value::String("bc")));
}

TEST(EncodeKey, RefusesWhatIsNoScalar) {
  std::string out;
  EXPECT_FALSE(EncodeKey(Value::List(nullptr, 0), out));
  EXPECT_FALSE(EncodeKey(Value::Map(nullptr, 0), out));
  EXPECT_TRUE(out.empty());
}

TEST(KeyTable, KeysComeBackInInsertionOrder) {
  KeyTable table(2, 7);
  bool inserted = false;
  for (const char* name : {"b", "a", "c"}) {
    table.FindOrInsert(Encoded(Value::String(name)) + Encoded(Value::Absent()), &inserted);
    EXPECT_TRUE(inserted);
  }
  table.Erase(table.Find(Encoded(Value::String("a")) + Encoded(Value::Absent())));
  table.FindOrInsert(Encoded(Value::String("a")) + Encoded(Value::Int(3)), &inserted);
  std::string order;
  for (uint32_t e = table.First(); e != KeyTable::kNotFound; e = table.Next(e)) {
    Value keys[2];
    table.KeysOf(e, keys);
    order += keys[0].text();
    order += keys[1].kind == Kind::kAbsent ? "-" : "3";
  }
  EXPECT_EQ(order, "b-c-a3");
}

TEST(KeyTable, StringValuesGrowShrinkAndSurviveCompaction) {
  KeyTable table(1, 1);
  bool inserted = false;
  for (int round = 0; round < 2000; ++round) {
    const std::string key = Encoded(Value::Int(round % 7));
    const std::string text(static_cast<size_t>(round * 37 % 91), static_cast<char>('a' + round % 26));
    const uint32_t e = table.FindOrInsert(key, &inserted);
    table.SetValue(e, Value::String(text));
    ASSERT_EQ(table.ValueOf(table.Find(key)).text(), text);
  }
  EXPECT_EQ(table.size(), 7u);
  EXPECT_LT(table.bytes(), 16u * 1024);
}

TEST(KeyTable, AMillionIdsOpenedAndClosedStayFlat) {
  KeyTable table(1, 42);
  bool inserted = false;
  std::string key;
  uint64_t highest = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    key.clear();
    EncodeKey(Value::String("message-" + std::to_string(i)), key);
    table.SetValue(table.FindOrInsert(key, &inserted), Value::Int(1));
    if (i >= 10) {  // ten are open at any time, the oldest goes
      key.clear();
      EncodeKey(Value::String("message-" + std::to_string(i - 10)), key);
      table.Erase(table.Find(key));
    }
    if (i % 1000 == 0) highest = std::max(highest, table.bytes());
  }
  EXPECT_EQ(table.size(), 10u);
  EXPECT_LT(highest, 8u * 1024);
}

TEST(KeyTable, ClearKeepsWorking) {
  KeyTable table(1, 3);
  bool inserted = false;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10'000; ++i) table.FindOrInsert(Encoded(Value::Int(i)), &inserted);
    EXPECT_EQ(table.size(), 10'000u);
    table.Clear();
    EXPECT_EQ(table.size(), 0u);
    EXPECT_EQ(table.First(), KeyTable::kNotFound);
    EXPECT_EQ(table.Find(Encoded(Value::Int(5))), KeyTable::kNotFound);
    EXPECT_LE(table.bytes(), 64u * 1024);
  }
}

}  // namespace
}  // namespace edict
