// Equality and order of values, as tables.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "runtime/value/json_node.h"
#include "runtime/value/value.h"

namespace edict {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr uint64_t kUintMax = std::numeric_limits<uint64_t>::max();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kUnordered = 2;
constexpr int kIncomparable = 3;

struct OrderRow {
  Value a;
  Value b;
  int order;
};

std::string Name(const OrderRow& row) { return ToCelText(row.a) + " <=> " + ToCelText(row.b); }

// Each row is tried both ways around; equality must agree with the order.
void TryOrders(const std::vector<OrderRow>& rows) {
  for (const OrderRow& row : rows) {
    SCOPED_TRACE(Name(row));
    EXPECT_EQ(Compare(row.a, row.b), row.order);
    EXPECT_EQ(Compare(row.b, row.a), row.order == 1 || row.order == -1 ? -row.order : row.order);
    if (row.order == kIncomparable) continue;
    EXPECT_EQ(Equal(row.a, row.b), row.order == 0);
    EXPECT_EQ(Equal(row.b, row.a), row.order == 0);
  }
}

TEST(Compare, NumbersOfOneKind) {
  TryOrders({{Value::Int(kMin), Value::Int(kMax), -1},
             {Value::Int(7), Value::Int(7), 0},
             {Value::Uint(kUintMax), Value::Uint(0), 1},
             {Value::Double(0.0), Value::Double(-0.0), 0},
             {Value::Double(-kInf), Value::Double(kInf), -1},
             {Value::Double(kNan), Value::Double(1), kUnordered},
             {Value::Double(kNan), Value::Double(kNan), kUnordered}});
}

TEST(Compare, IntAndUintMathematically) {
  TryOrders({{Value::Int(-1), Value::Uint(kUintMax), -1},
             {Value::Int(-1), Value::Uint(0), -1},
             {Value::Int(kMax), Value::Uint(kMax), 0},
             {Value::Int(kMax), Value::Uint(uint64_t{1} << 63), -1},
             {Value::Int(5), Value::Uint(4), 1}});
}

TEST(Compare, IntAndDoubleMathematically) {
  TryOrders({{Value::Int(1), Value::Double(1.0), 0},
             {Value::Int(1), Value::Double(1.5), -1},
             {Value::Int(-1), Value::Double(-1.5), 1},
             {Value::Int(0), Value::Double(-0.5), 1},
             {Value::Int(0), Value::Double(-0.0), 0},
             // 2^53 + 1 has no double: rounding the int would make it equal to 2^53.
             {Value::Int(9007199254740993), Value::Double(9007199254740992.0), 1},
             {Value::Int(9007199254740992), Value::Double(9007199254740992.0), 0},
             {Value::Int(kMax), Value::Double(9223372036854775808.0), -1},
             {Value::Int(kMin), Value::Double(-9223372036854775808.0), 0},
             {Value::Int(kMin), Value::Double(-9223372036854777856.0), 1},
             {Value::Int(kMax), Value::Double(kInf), -1},
             {Value::Int(kMin), Value::Double(-kInf), 1},
             {Value::Int(0), Value::Double(kNan), kUnordered}});
}

TEST(Compare, UintAndDoubleMathematically) {
  TryOrders({{Value::Uint(0), Value::Double(-0.0), 0},
             {Value::Uint(0), Value::Double(-0.5), 1},
             {Value::Uint(1), Value::Double(1.25), -1},
             {Value::Uint(kUintMax), Value::Double(18446744073709551616.0), -1},
             {Value::Uint(uint64_t{1} << 63), Value::Double(9223372036854775808.0), 0},
             {Value::Uint(kUintMax), Value::Double(kInf), -1},
             {Value::Uint(3), Value::Double(kNan), kUnordered}});
}

TEST(Compare, OtherKinds) {
  TryOrders({{Value::Bool(false), Value::Bool(true), -1},
             {Value::String("a"), Value::String("b"), -1},
             {Value::String("a"), Value::String("a"), 0},
             {Value::String("a"), Value::String("aa"), -1},
             {Value::String("\xED\xA0\xBD"), Value::String("\xED\xA0\xBE"), -1},  // lone surrogates differ
             {Value::String("z"), Value::String("\xC3\xA9"), -1},
             {Value::Bytes(std::string_view("\0", 1)), Value::Bytes(""), 1},
             {Value::Timestamp(1, 5), Value::Timestamp(1, 6), -1},
             {Value::Timestamp(-2, 999'999'999), Value::Timestamp(-1, 0), -1},
             {Value::Duration(0, -5), Value::Duration(0, 5), -1},
             {Value::Duration(3, 0), Value::Duration(3, 0), 0},
             {Value::String("1"), Value::Int(1), kIncomparable},
             {Value::Null(), Value::Null(), kIncomparable},
             {Value::Bool(true), Value::Int(1), kIncomparable}});
}

TEST(Equal, KindsDiffer) {
  EXPECT_FALSE(Equal(Value::Bool(true), Value::Int(1)));
  EXPECT_FALSE(Equal(Value::Null(), Value::Bool(false)));
  EXPECT_FALSE(Equal(Value::String("a"), Value::Bytes("a")));
  EXPECT_FALSE(Equal(Value::Timestamp(1, 0), Value::Duration(1, 0)));
  EXPECT_TRUE(Equal(Value::Null(), Value::Null()));
  EXPECT_TRUE(Equal(Value::Type("int"), Value::Type("int")));
  EXPECT_FALSE(Equal(Value::Type("int"), Value::Type("uint")));
}

TEST(Equal, OptionalsByTheirContents) {
  Value one = Value::Int(1);
  Value one_too = Value::Double(1);
  Value two = Value::Int(2);
  EXPECT_TRUE(Equal(Value::Optional(nullptr), Value::Optional(nullptr)));
  EXPECT_FALSE(Equal(Value::Optional(&one), Value::Optional(nullptr)));
  EXPECT_TRUE(Equal(Value::Optional(&one), Value::Optional(&one_too)));
  EXPECT_FALSE(Equal(Value::Optional(&one), Value::Optional(&two)));
}

// {"k": 1, "k": [1, 2.0], "m": null} as a tape; the first "k" is shadowed.
std::vector<JsonNode> Tape() {
  std::vector<JsonNode> tape(9);
  auto text = [&](size_t i, const char* s) {
    tape[i].kind = JsonKind::kString;
    tape[i].s = s;
    tape[i].size = 1;
  };
  tape[0].kind = JsonKind::kObject;
  tape[0].size = 2;
  tape[0].next = 9;
  text(1, "k");
  tape[1].flags = JsonNode::kShadowed;
  tape[2].kind = JsonKind::kInt;
  tape[2].i = 1;
  text(3, "k");
  tape[4].kind = JsonKind::kArray;
  tape[4].size = 2;
  tape[4].next = 3;
  tape[5].kind = JsonKind::kInt;
  tape[5].i = 1;
  tape[6].kind = JsonKind::kDouble;
  tape[6].d = 2.0;
  text(7, "m");
  return tape;
}

TEST(Cursors, JsonAndPlainAgree) {
  std::vector<JsonNode> tape = Tape();
  Value json = FromJson(tape[0]);
  Value items[] = {Value::Uint(1), Value::Int(2)};
  MapEntry entries[] = {{Value::String("m"), Value::Null()}, {Value::String("k"), Value::List(items, 2)}};
  Value plain = Value::Map(entries, 2);
  EXPECT_TRUE(Equal(json, plain));
  EXPECT_TRUE(Equal(plain, json));
  EXPECT_EQ(MapSize(json), 2u);

  MapCursor members(json);
  ASSERT_TRUE(members.Next());
  EXPECT_EQ(members.key().text(), "k");
  Value list = members.value();
  ASSERT_EQ(list.kind, Kind::kList);
  ASSERT_TRUE(members.Next());
  EXPECT_EQ(members.key().text(), "m");
  EXPECT_EQ(members.value().kind, Kind::kNull);
  EXPECT_FALSE(members.Next());
  EXPECT_FALSE(members.Next());

  ASSERT_EQ(ListSize(list), 2u);
  EXPECT_EQ(ListAt(list, 1).d, 2.0);
  EXPECT_EQ(ListAt(list, 0).i, 1);
  int seen = 0;
  for (ListCursor cursor(list); cursor.Next(); ++seen) EXPECT_TRUE(Equal(cursor.value(), items[seen]));
  EXPECT_EQ(seen, 2);

  items[1] = Value::Int(3);
  EXPECT_FALSE(Equal(json, plain));
  EXPECT_FALSE(Equal(Value::List(items, 1), list));
}

TEST(Cursors, EmptyOnes) {
  EXPECT_FALSE(ListCursor(Value::List(nullptr, 0)).Next());
  EXPECT_FALSE(MapCursor(Value::Map(nullptr, 0)).Next());
  JsonNode object;
  object.kind = JsonKind::kObject;
  EXPECT_FALSE(MapCursor(FromJson(object)).Next());
  EXPECT_TRUE(Equal(FromJson(object), Value::Map(nullptr, 0)));
}

TEST(MapFind, KeysCompareByValue) {
  MapEntry entries[] = {{Value::Int(1), Value::String("one")}, {Value::String("1"), Value::String("text")}};
  Value map = Value::Map(entries, 2);
  EXPECT_EQ(MapFind(map, Value::Double(1.0)).text(), "one");
  EXPECT_EQ(MapFind(map, Value::Uint(1)).text(), "one");
  EXPECT_EQ(MapFind(map, Value::String("1")).text(), "text");
  EXPECT_EQ(MapFindString(map, "1").text(), "text");
  EXPECT_EQ(MapFind(map, Value::Int(2)).kind, Kind::kAbsent);
  EXPECT_EQ(MapFindString(map, "").kind, Kind::kAbsent);

  std::vector<JsonNode> tape = Tape();
  EXPECT_EQ(MapFind(FromJson(tape[0]), Value::String("k")).kind, Kind::kList);
  EXPECT_EQ(MapFind(FromJson(tape[0]), Value::Int(1)).kind, Kind::kAbsent);
  EXPECT_EQ(FindMember(tape[0], "k"), &tape[4]);
  EXPECT_EQ(FindMember(tape[0], "x"), nullptr);
}

TEST(MakeError, KeepsItsOwnText) {
  Arena arena;
  std::string detail = "no such key: a";
  Value error = MakeError(arena, ErrorCode::kNoSuchKey, detail);
  detail.assign(detail.size(), 'x');
  ASSERT_TRUE(error.is_error());
  EXPECT_EQ(error.error->code, ErrorCode::kNoSuchKey);
  EXPECT_EQ(error.error->detail, "no such key: a");
}

}  // namespace
}  // namespace edict
