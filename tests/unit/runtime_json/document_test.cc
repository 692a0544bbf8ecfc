// The tape: every fault with its place, every valid text with its value, and agreement with nlohmann::json.
#include "runtime/json/document.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/support/count_allocations.h"
#include "tests/unit/runtime_json/generate.h"

namespace edict {
namespace {

using std::string_literals::operator""s;

struct FaultRow {
  std::string text;
  uint64_t offset;
  const char* message;
};

TEST(JsonFaults, EachNamesItsPlace) {
  const FaultRow rows[] = {
      {"", 0, "no value"},
      {" \n ", 0, "no value"},
      {"{", 1, "ends inside an object"},
      {"[1, 2", 5, "ends inside an array"},
      {R"({"a":1)", 6, "ends inside an object"},
      {R"({"a")", 4, "ends inside an object"},
      {R"({"a":)", 5, "ends inside an object"},
      {R"(["ab)", 4, "ends inside a string"},
      {R"("a\")", 4, "ends inside a string"},
      {"1 2", 2, "something follows the value"},
      {"{}}", 2, "something follows the value"},
      {R"("a""b")", 3, "something follows the value"},
      {R"("a"1)", 3, "something follows the value"},
      {"\"a\"\0"s, 3, "something follows the value"},
      {"[1,]", 3, "expected a value"},
      {"[,1]", 1, "expected a value or ']'"},
      {"[1 2]", 3, "expected ',' or ']'"},
      {"[1}", 2, "expected ',' or ']'"},
      {"]", 0, "expected a value"},
      {R"({"a":1,})", 7, "expected a key"},
      {R"({,})", 1, "expected a key or '}'"},
      {R"({1:2})", 1, "expected a key or '}'"},
      {R"({"a" 1})", 5, "expected ':'"},
      {R"({"a"})", 4, "expected ':'"},
      {R"({"a":})", 5, "expected a value"},
      {R"({"a":1 "b":2})", 7, "expected ',' or '}'"},
      {R"({"a":1])", 6, "expected ',' or '}'"},
      {"[tru]", 1, "expected a value"},
      {"[nulll]", 1, "expected a value"},
      {"[True]", 1, "expected a value"},
      {"[NaN]", 1, "expected a value"},
      {"'a'", 0, "expected a value"},
      {R"([true"a"])", 1, "expected a value"},
      {"[true\0]"s, 1, "expected a value"},
      {"[01]", 1, "a number has no leading zeros"},
      {"[-01]", 1, "a number has no leading zeros"},
      {"[-]", 1, "malformed number"},
      {"[+1]", 1, "expected a value"},
      {"[.5]", 1, "expected a value"},
      {"[1.]", 1, "malformed number"},
      {"[1.e3]", 1, "malformed number"},
      {"[1e]", 1, "malformed number"},
      {"[1e+]", 1, "malformed number"},
      {"[0x1]", 1, "malformed number"},
      {"[1a]", 1, "malformed number"},
      {R"([1"a"])", 1, "malformed number"},
      {"[1\0]"s, 1, "malformed number"},
      {"1\0"s, 0, "malformed number"},
      {"[1\f]", 1, "malformed number"},
      {"[\f1]", 1, "expected a value"},
      {R"(["ab\x"])", 4, "unknown escape in a string"},
      {R"(["\u12g4"])", 2, "\\u needs four hex digits"},
      {R"(["\u12"])", 2, "\\u needs four hex digits"},
      {R"({"\q":1})", 2, "unknown escape in a string"},
      {"[\"a\tb\"]", 3, "control character in a string"},
      {"[\n\"a\nb\"]", 4, "control character in a string"},
      {"[\"a\0b\"]"s, 3, "control character in a string"},
      {"{\"a\\\"\x01\":1}", 5, "control character in a string"},
      {"\xEF\xBB\xBF{}", 0, "a byte order mark is not JSON"},
      {"a\x80", 1, "not UTF-8"},
      {"[\"ok \xFF\"]", 5, "not UTF-8"},
      {"[\"\xC3\"]", 2, "not UTF-8"},
      {"[\"\xC3\xA9\xC0\x80\"]", 4, "not UTF-8"},
      {"[\"\xED\xA0\x80\"]", 2, "not UTF-8"},
      {"[\"\xF4\x90\x80\x80\"]", 2, "not UTF-8"},
  };
  JsonParser parser;
  for (const FaultRow& row : rows) {
    SCOPED_TRACE(row.text);
    ASSERT_EQ(parser.Parse(row.text, {}), nullptr);
    EXPECT_EQ(parser.fault().message, row.message);
    EXPECT_EQ(parser.fault().offset, row.offset);
    // The same behind more than a block of stage 1.
    std::string padded = std::string(200, ' ') + row.text;
    if (row.text.find('\xEF') != std::string::npos) continue;
    ASSERT_EQ(parser.Parse(padded, {}), nullptr);
    EXPECT_EQ(parser.fault().message, row.message);
    EXPECT_EQ(parser.fault().offset, row.message == "no value"s ? 0 : row.offset + 200);
  }
}

TEST(JsonFaults, Limits) {
  JsonParser parser;
  std::string deep = std::string(1000, '[') + std::string(1000, ']');
  EXPECT_NE(parser.Parse(deep, {}), nullptr);
  EXPECT_EQ(parser.Parse("[" + deep + "]", {}), nullptr);
  EXPECT_EQ(parser.fault().message, "nested deeper than 1000");
  EXPECT_EQ(parser.fault().offset, 1000u);
  JsonLimits small;
  small.max_bytes = 4;
  EXPECT_NE(parser.Parse("1234", small), nullptr);
  EXPECT_EQ(parser.Parse("12345", small), nullptr);
  EXPECT_EQ(parser.fault().message, "longer than 4 bytes");
}

TEST(JsonTape, Numbers) {
  struct Row {
    const char* text;
    JsonKind kind;
    double value;
    bool beyond_int64;
  };
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const Row rows[] = {
      {"0", JsonKind::kInt, 0, false},
      {"-0", JsonKind::kInt, 0, false},
      {"-0.0", JsonKind::kDouble, -0.0, false},
      {"9223372036854775807", JsonKind::kInt, 9223372036854775807.0, false},
      {"-9223372036854775808", JsonKind::kInt, -9223372036854775808.0, false},
      {"9223372036854775808", JsonKind::kDouble, 9223372036854775808.0, true},
      {"18446744073709551616", JsonKind::kDouble, 18446744073709551616.0, true},
      {"1760000000000.0", JsonKind::kDouble, 1.76e12, false},
      {"1.76e12", JsonKind::kDouble, 1.76e12, false},
      {"1E+2", JsonKind::kDouble, 100, false},
      {"0.1", JsonKind::kDouble, 0.1, false},
      {"9007199254740991.4", JsonKind::kDouble, 9007199254740991.0, false},
      // Halfway between two doubles, and just above: only correct rounding tells them apart.
      {"9007199254740993.0", JsonKind::kDouble, 9007199254740992.0, false},
      {"9007199254740993.00000000000000000000000001", JsonKind::kDouble, 9007199254740994.0, false},
      {"5e-324", JsonKind::kDouble, 5e-324, false},
      {"1e400", JsonKind::kDouble, kInf, false},
      {"-1e400", JsonKind::kDouble, -kInf, false},
      {"1e99999999999999999999", JsonKind::kDouble, kInf, false},
      {"0.0001e400", JsonKind::kDouble, kInf, false},
      {"1e-400", JsonKind::kDouble, 0, false},
      {"-12345.6e-9999999999999999999", JsonKind::kDouble, -0.0, false},
      {"0e999", JsonKind::kDouble, 0, false},
  };
  JsonParser parser;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const JsonNode* node = parser.Parse(row.text, {});
    ASSERT_NE(node, nullptr) << parser.fault().message;
    ASSERT_EQ(node->kind, row.kind);
    double value = node->kind == JsonKind::kInt ? static_cast<double>(node->i) : node->d;
    EXPECT_EQ(value, row.value);
    EXPECT_EQ(std::signbit(value), std::signbit(row.value));
    EXPECT_EQ((node->flags & JsonNode::kUintBits) != 0, row.beyond_int64);
  }
  std::string digits(400, '9');
  EXPECT_EQ(parser.Parse(digits, {})->d, kInf);
}

TEST(JsonTape, Strings) {
  const std::pair<const char*, std::string> rows[] = {
      {R"("")", ""},
      {R"("abc")", "abc"},
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xC3\xA9\xE2\x82\xAC"},
      {R"("a\u0000b")", "a\0b"s},
      {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
      {R"("\ud83d")", "\xED\xA0\xBD"},
      {R"("\ude00")", "\xED\xB8\x80"},
      {R"("\ude00\ud83d")", "\xED\xB8\x80\xED\xA0\xBD"},
      {R"("\ud83dx\ude00")", "\xED\xA0\xBDx\xED\xB8\x80"},
      {R"("\ud83d\ud83d\ude00")", "\xED\xA0\xBD\xF0\x9F\x98\x80"},
      {"\"\xF0\x9F\x98\x80\x7F\"", "\xF0\x9F\x98\x80\x7F"},
  };
  JsonParser parser;
  for (const auto& [text, expected] : rows) {
    SCOPED_TRACE(text);
    const JsonNode* node = parser.Parse(text, {});
    ASSERT_NE(node, nullptr) << parser.fault().message;
    EXPECT_EQ(node->text(), expected);
  }
}

TEST(JsonTape, LastOfDuplicateKeysCounts) {
  JsonParser parser;
  const JsonNode* root = parser.Parse(R"({"a":1,"b":{"a":5},"\u0061":2,"b":3,"a":4})", {});
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(root->size, 2u);
  EXPECT_EQ(FindMember(*root, "a")->i, 4);
  EXPECT_EQ(FindMember(*root, "b")->i, 3);
  EXPECT_EQ(ToMessageText(FromJson(*root)), R"({"b": 3, "a": 4})");
}

TEST(JsonTape, ManyKeys) {
  for (int distinct : {20, 24, 25, 26, 100, 3000}) {
    std::string text = "{";
    std::map<std::string, int> last;
    for (int i = 0; i < distinct * 2; ++i) {
      std::string key = "key " + std::to_string(i * 7 % distinct);
      last[key] = i;
      text += (i == 0 ? "\"" : ",\"") + key + "\":" + std::to_string(i);
    }
    text += "}";
    JsonParser parser;
    const JsonNode* root = parser.Parse(text, {});
    ASSERT_NE(root, nullptr);
    ASSERT_EQ(root->size, last.size());
    size_t seen = 0;
    for (MapCursor member(FromJson(*root)); member.Next(); ++seen) {
      EXPECT_EQ(member.value().i, last[std::string(member.key().text())]);
    }
    EXPECT_EQ(seen, last.size());
  }
}

TEST(JsonTape, LargeObjectsAreNotQuadratic) {
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
  text += "}";
  JsonParser parser;
  auto start = std::chrono::steady_clock::now();
  ASSERT_NE(parser.Parse(text, {}), nullptr);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(JsonTape, SourceTextIsTheValueAsWritten) {
  std::string text = R"( { "a" : [ 1.50 , "x]\"}" , { } , null ] , "b":-0 })";
  JsonParser parser;
  const JsonNode* root = parser.Parse(text, {});
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(SourceText(*root, text), text.substr(1));
  const JsonNode* list = FindMember(*root, "a");
  EXPECT_EQ(SourceText(*list, text), R"([ 1.50 , "x]\"}" , { } , null ])");
  const JsonNode* item = list + 1;
  for (const char* expected : {"1.50", R"("x]\"}")", "{ }", "null"}) {
    EXPECT_EQ(SourceText(*item, text), expected);
    item += item->next;
  }
  EXPECT_EQ(SourceText(*FindMember(*root, "b"), text), "-0");
  EXPECT_EQ(SourceText(*parser.Parse("12", {}), "12"), "12");
  EXPECT_EQ(SourceText(*parser.Parse("\"\"", {}), "\"\""), "\"\"");
}

TEST(JsonTape, AWarmParseAllocatesNothing) {
  std::string keys = "{";
  for (int i = 0; i < 500; ++i) keys += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":\"\\n\"";
  keys += "}";
  std::string escapes = "[\"" + std::string(3'000'000, 'a') + "\\n\"]";
  const std::string texts[] = {R"({"type":"A","delta":"a\nb","list":[1,2.5,{"x":null}]})", keys, escapes, "[]"};
  JsonParser parser;
  for (const std::string& text : texts) parser.Parse(text, {});
  for (const std::string& text : texts) parser.Parse(text, {});
  uint64_t before = AllocationCount();
  for (const std::string& text : texts) EXPECT_NE(parser.Parse(text, {}), nullptr);
  EXPECT_EQ(AllocationCount(), before);
}

// Strings are unescaped into what is left of a block of memory, or beyond it.
TEST(JsonTape, EscapesWhereverMemoryEnds) {
  for (const size_t first : {0u, 100u, 16'000u, 16'300u, 16'350u, 16'384u, 40'000u}) {
    for (size_t size = 0; size < 400; size += 7) {
      const std::string pad(first, 'p');
      const std::string tail(size, 't');
      const std::string text = "[\"\\n" + pad + "\",\"" + tail + "\\u00e9\\ud83d\\ude00" + tail + "\\\"\",\"\\t" + tail + "\"]";
      JsonParser parser;
      const JsonNode* root = parser.Parse(text, {});
      ASSERT_NE(root, nullptr);
      EXPECT_EQ(root[1].text(), "\n" + pad);
      EXPECT_EQ(root[2].text(), tail + "\u00e9\U0001f600" + tail + "\"");
      EXPECT_EQ(root[3].text(), "\t" + tail);
      const std::string damaged = "[\"\\n" + pad + "\",\"" + tail + "\\x\"]";
      EXPECT_EQ(parser.Parse(damaged, {}), nullptr);
      EXPECT_EQ(parser.fault().offset, damaged.size() - 4);
    }
  }
}

TEST(JsonTape, AFaultLeavesTheParserUsable) {
  JsonParser parser;
  EXPECT_EQ(parser.Parse("[[[", {}), nullptr);
  EXPECT_EQ(parser.Parse(R"(["\n\x"])", {}), nullptr);
  const JsonNode* node = parser.Parse("[1]", {});
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(node->next, 2u);
}

// ---- agreement with nlohmann::json --------------------------------------------------------------------------------------

bool Same(const nlohmann::json& expected, const JsonNode& node) {
  switch (node.kind) {
    case JsonKind::kNull:
      return expected.is_null();
    case JsonKind::kBool:
      return expected.is_boolean() && expected.get<bool>() == node.b;
    case JsonKind::kInt:
      return expected.is_number_integer() && expected.get<int64_t>() == node.i;
    case JsonKind::kDouble:
      return expected.is_number() && expected.get<double>() == node.d;
    case JsonKind::kString:
      return expected.is_string() && expected.get_ref<const std::string&>() == node.text();
    case JsonKind::kArray: {
      if (!expected.is_array() || expected.size() != node.size) return false;
      const JsonNode* child = &node + 1;
      for (const nlohmann::json& element : expected) {
        if (!Same(element, *child)) return false;
        child += child->next;
      }
      return child == &node + node.next;
    }
    case JsonKind::kObject:
      if (!expected.is_object() || expected.size() != node.size) return false;
      for (const auto& [key, value] : expected.items()) {
        const JsonNode* member = FindMember(node, key);
        if (member == nullptr || !Same(value, *member)) return false;
      }
      return true;
  }
  return false;
}

TEST(JsonTape, AgreesWithNlohmannOnGeneratedDocuments) {
  JsonGenerator generate(7);
  JsonParser parser;
  for (int i = 0; i < 3000; ++i) {
    std::string text = generate.Document();
    SCOPED_TRACE(text);
    const JsonNode* node = parser.Parse(text, {});
    ASSERT_NE(node, nullptr) << parser.fault().message << " at " << parser.fault().offset;
    ASSERT_TRUE(Same(nlohmann::json::parse(text), *node));
  }
}

bool IsInfinite(const JsonNode& node) { return node.kind == JsonKind::kDouble && std::isinf(node.d); }

// Damage one to three bytes: both accept or both reject. nlohmann differs by design in lone surrogates, BOM and 1e400.
TEST(JsonTape, AgreesWithNlohmannOnWhatIsJson) {
  JsonGenerator generate(11);
  std::mt19937 random(13);
  JsonParser parser;
  const std::string bytes = "{}[]:,\"\\ \n\t\f0123456789-+.eEtrufalsn/u\x01\x7F\x80\xC3\xFF"s + '\0';
  int rejected = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string text = generate.Document();
    for (uint32_t n = random() % 3 + 1; n != 0 && !text.empty(); --n) {
      size_t at = random() % text.size();
      char c = bytes[random() % bytes.size()];
      switch (random() % 3) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        default:
          text.erase(at, 1);
      }
    }
    const JsonNode* root = parser.Parse(text, {});
    bool ours = root != nullptr;
    if (ours && std::any_of(root, root + root->next, IsInfinite)) continue;
    bool surrogate = text.find("\\ud") != std::string::npos || text.find("\\uD") != std::string::npos;
    // nlohmann takes a NUL for the end of the input.
    bool theirs = nlohmann::json::accept(text) && text.find('\0') == std::string::npos;
    if (ours != theirs && surrogate) continue;
    ASSERT_EQ(ours, theirs) << text << "\n" << parser.fault().message << " at " << parser.fault().offset;
    if (!ours) {
      ++rejected;
      ASSERT_LE(parser.fault().offset, text.size());
      ASSERT_FALSE(parser.fault().message.empty());
    }
  }
  EXPECT_GT(rejected, 10000);
}

}  // namespace
}  // namespace edict
