#include "compiler/parse/literal.h"

#include <gtest/gtest.h>

namespace edict::parse {
namespace {

TEST(Literal, OriginsPointIntoTheLiteral) {
  const DecodedText text = DecodeText(R"(r"a\b")");
  EXPECT_EQ(text.value, "a\\b");
  EXPECT_EQ(text.origins, (std::vector<uint32_t>{2, 3, 4, 5}));
  const DecodedText escaped = DecodeText(R"("x\u00e9y")");
  EXPECT_EQ(escaped.value, "x\xC3\xA9y");
  EXPECT_EQ(escaped.origins, (std::vector<uint32_t>{1, 2, 2, 8, 9}));
}

TEST(Literal, UnclosedTextsAreDecodedToTheirEnd) {
  EXPECT_EQ(DecodeText("\"abc").value, "abc");
  EXPECT_EQ(DecodeText("\"").value, "");
  EXPECT_EQ(DecodeText("'''ab'").value, "ab'");
  EXPECT_EQ(DecodeText("\"a\\").faults.size(), 1u);
}

TEST(Literal, Doubles) {
  EXPECT_EQ(DecodeDouble("1.7976931348623157e308"), 1.7976931348623157e308);
  EXPECT_EQ(DecodeDouble("4.9e-324"), 4.9e-324);
  EXPECT_EQ(DecodeDouble("1e-400"), 0.0);
  EXPECT_EQ(DecodeDouble("1e400"), std::nullopt);
  EXPECT_EQ(DecodeDouble("0." + std::string(500, '0') + "1"), 0.0);
  EXPECT_EQ(DecodeDouble("1" + std::string(500, '0') + ".0"), std::nullopt);
  EXPECT_EQ(DecodeDouble("0.0e99999999999999999999"), 0.0);
  EXPECT_EQ(DecodeDouble("1e99999999999999999999"), std::nullopt);
  EXPECT_EQ(DecodeDouble("1e-99999999999999999999"), 0.0);
}

}  // namespace
}  // namespace edict::parse
