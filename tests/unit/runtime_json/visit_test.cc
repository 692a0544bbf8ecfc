#include "runtime/json/visit.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/json/document.h"

namespace edict {
namespace {

std::string Padded(const std::string& text) {
  std::string padded = text;
  padded.reserve(text.size() + kVisitPadding);
  return padded;
}

// What the tape of Edict's own parser holds.
void Count(const JsonNode& node, JsonTotals& totals) {
  ++totals.values;
  if (node.kind == JsonKind::kString) totals.text_bytes += node.text().size();
  if (node.kind == JsonKind::kInt) totals.number_sum += static_cast<double>(node.i);
  if (node.kind == JsonKind::kDouble) totals.number_sum += node.d;
  const JsonNode* at = &node + 1;
  const JsonNode* end = &node + node.next;
  while ((node.kind == JsonKind::kArray || node.kind == JsonKind::kObject) && at != end) {
    if (node.kind == JsonKind::kObject) ++at;  // the key
    Count(*at, totals);
    at += at->next;
  }
}

class Visit : public testing::Test {
 protected:
  void SetUp() override {
    if (!JsonVisitor::Supported()) GTEST_SKIP() << "no AVX2 here";
  }
  JsonVisitor visitor_;
};

TEST_F(Visit, SeesEveryValue) {
  const std::string lines = Padded(
      "{\"a\": 1, \"b\": [true, null, -2.5, {}], \"c\": {\"d\": \"x\\ny\\u00e9\"}}\n"
      "[]\n"
      "  {\"long\": \"" +
      std::string(5'000, 'x') +
      "\"}\n"
      "[[1, [2, [3]]], \"\"]");
  JsonTotals expected;
  JsonParser parser;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    const JsonNode* root = parser.Parse(std::string_view(lines).substr(at, end - at), JsonLimits{});
    ASSERT_NE(root, nullptr);
    ++expected.documents;
    Count(*root, expected);
    at = end + 1;
  }
  EXPECT_EQ(expected.values, 20u);
  EXPECT_EQ(visitor_.VisitLines(lines), expected);
  for (size_t batch : {1, 100, 6'000, 1'000'000}) EXPECT_EQ(visitor_.VisitMany(lines, batch), expected) << batch;
}

TEST_F(Visit, FaultSpoilsItsLineOnly) {
  const std::string lines = Padded("{\"a\": 1}\n{\"a\": }\n\n{\"a\": \"\xff\"}\n{\"a\": \"\n}\n{\n{} 7\nnul\n1e\n\"\n{\"a\": 2}\n");
  const JsonTotals totals = visitor_.VisitLines(lines);
  EXPECT_EQ(totals.documents, 11u);
  EXPECT_EQ(totals.faulty, 9u);
  EXPECT_EQ(totals.number_sum, 3);
}

TEST_F(Visit, DepthIsBounded) {
  const std::string deep(900, '[');
  const std::string deeper(1'000'000, '[');
  const std::string lines =
      Padded(deep + std::string(900, ']') + "\n" + deeper + std::string(1'000'000, ']') + "\n" + deeper + "\n");
  const JsonTotals totals = visitor_.VisitLines(lines);
  EXPECT_EQ(totals.documents, 3u);
  EXPECT_EQ(totals.faulty, 2u);
}

TEST_F(Visit, NothingIsNothing) {
  EXPECT_EQ(visitor_.VisitLines(Padded("")), JsonTotals{});
  EXPECT_EQ(visitor_.VisitMany(Padded(""), 1'000), JsonTotals{});
  EXPECT_EQ(visitor_.VisitLines(Padded("\n \n")), JsonTotals{});
}

}  // namespace
}  // namespace edict
