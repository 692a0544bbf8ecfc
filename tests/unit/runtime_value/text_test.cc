// The printed forms of values, as a table.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "runtime/value/json_node.h"
#include "runtime/value/value.h"

namespace edict {
namespace {

struct TextRow {
  Value value;
  const char* message;
  const char* cel;
};

void TryTexts(const std::vector<TextRow>& rows) {
  for (const TextRow& row : rows) {
    EXPECT_EQ(ToMessageText(row.value), row.message);
    EXPECT_EQ(ToCelText(row.value), row.cel);
  }
}

TEST(Text, Scalars) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  TryTexts({{Value::Null(), "null", "null"},
            {Value::Bool(true), "true", "true"},
            {Value::Int(std::numeric_limits<int64_t>::min()), "-9223372036854775808", "-9223372036854775808"},
            {Value::Uint(std::numeric_limits<uint64_t>::max()), "18446744073709551615", "18446744073709551615u"},
            {Value::Double(1), "1", "1.0"},
            {Value::Double(0.1), "0.1", "0.1"},
            {Value::Double(-0.0), "-0", "-0.0"},
            {Value::Double(1e300), "1e+300", "1e+300"},
            {Value::Double(kInf), "Infinity", "double(\"Infinity\")"},
            {Value::Double(-kInf), "-Infinity", "double(\"-Infinity\")"},
            {Value::Double(std::numeric_limits<double>::quiet_NaN()), "NaN", "double(\"NaN\")"},
            {Value::Type("int"), "int", "int"},
            {Value::Bytes("a\"\xFF"), "b\"a\\x22\\xff\"", "b\"a\\x22\\xff\""}});
}

TEST(Text, Strings) {
  TryTexts({{Value::String("a b"), "a b", "\"a b\""},
            {Value::String(""), "", "\"\""},
            {Value::String("\"\\\n\x01"), "\"\\\n\x01", "\"\\\"\\\\\\n\\u0001\""},
            // A lone surrogate stays what it is.
            {Value::String("\xED\xA0\xBD"), "\xED\xA0\xBD", "\"\xED\xA0\xBD\""}});
}

TEST(Text, Times) {
  TryTexts({{Value::Timestamp(0, 0), "1970-01-01T00:00:00Z", "timestamp(\"1970-01-01T00:00:00Z\")"},
            {Value::Timestamp(1760000000, 250'000'000), "2025-10-09T08:53:20.25Z", "timestamp(\"2025-10-09T08:53:20.25Z\")"},
            {Value::Timestamp(-1, 1), "1969-12-31T23:59:59.000000001Z", "timestamp(\"1969-12-31T23:59:59.000000001Z\")"},
            {Value::Timestamp(-62135596800, 0), "0001-01-01T00:00:00Z", "timestamp(\"0001-01-01T00:00:00Z\")"},
            {Value::Duration(1, 500'000'000), "1.5s", "duration(\"1.5s\")"},
            {Value::Duration(0, -500'000'000), "-0.5s", "duration(\"-0.5s\")"},
            {Value::Duration(-3, -1), "-3.000000001s", "duration(\"-3.000000001s\")"},
            {Value::Duration(0, 0), "0s", "duration(\"0s\")"}});
}

TEST(Text, Collections) {
  Value inner = Value::Double(2.5);
  Value items[] = {Value::String("a"), Value::Int(1), Value::Optional(&inner)};
  MapEntry entries[] = {{Value::String("k"), Value::List(items, 2)}, {Value::Int(3), Value::Map(nullptr, 0)}};
  TryTexts({{Value::List(nullptr, 0), "[]", "[]"},
            {Value::List(items, 2), "[\"a\", 1]", "[\"a\", 1]"},
            {Value::Map(entries, 2), "{\"k\": [\"a\", 1], 3: {}}", "{\"k\": [\"a\", 1], 3: {}}"},
            {Value::Optional(nullptr), "none", "optional.none()"},
            {items[2], "2.5", "optional.of(2.5)"}});
}

TEST(Text, JsonViewsPrintAsTheirValues) {
  JsonNode tape[3];
  tape[0].kind = JsonKind::kArray;
  tape[0].size = 2;
  tape[0].next = 3;
  tape[1].kind = JsonKind::kBool;
  tape[1].b = true;
  tape[2].kind = JsonKind::kDouble;
  tape[2].d = 0.5;
  EXPECT_EQ(ToMessageText(FromJson(tape[0])), "[true, 0.5]");
}

TEST(Text, DeepValuesAreCut) {
  std::vector<JsonNode> tape(1000);
  for (size_t i = 0; i < tape.size(); ++i) {
    tape[i].kind = JsonKind::kArray;
    tape[i].size = i + 1 < tape.size() ? 1 : 0;
    tape[i].next = static_cast<uint32_t>(tape.size() - i);
  }
  std::string text = ToMessageText(FromJson(tape[0]));
  EXPECT_NE(text.find("[...]"), std::string::npos);
  EXPECT_LT(text.size(), 1000u);
}

TEST(Text, Kinds) {
  EXPECT_STREQ(KindName(Kind::kNull), "null_type");
  EXPECT_STREQ(KindName(Kind::kTimestamp), "google.protobuf.Timestamp");
  EXPECT_STREQ(KindName(Kind::kOptional), "optional_type");
}

}  // namespace
}  // namespace edict
