#include "compiler/ir/exclusive.h"

#include <gtest/gtest.h>

#include <string>

#include "compiler/ir/read.h"

namespace edict::ir {
namespace {

// Of two conditions in the IR's text, on an event with b: bool, n: int, s: string.
bool NeverBoth(const std::string& a, const std::string& b) {
  Result<Program> read = Read(
      "program p 1.0.0\ndiscriminator type\ncode A error \"a\"\n"
      "shape #0 record named T\n  type: string in slot 0\n  b: bool in slot 1\n  n: int in slot 2\n  s: string in slot 3\n\n"
      "event T #0: type, b, n, s\n  check A order 0\n    require " +
      a + " else \"a\"\n    require " + b + " else \"b\"\n\nend of stream\n");
  if (!read.ok()) {
    ADD_FAILURE() << read.error().message;
    return false;
  }
  const Check& check = read.value().events[0].checks[0];
  return Exclusive(read.value(), check.clauses[0].condition, check.clauses[1].condition);
}

TEST(Exclusive, ABoolAndItsOpposite) {
  EXPECT_TRUE(NeverBoth("e.b", "(not e.b)"));
  EXPECT_FALSE(NeverBoth("e.b", "e.b"));
  EXPECT_FALSE(NeverBoth("e.b", "(_==_ e.n 1)"));
  EXPECT_TRUE(NeverBoth("(and e.b (_==_ e.n 1))", "(not (or e.b (_==_ e.n 2)))"));
}

TEST(Exclusive, OneExpressionAndSeveralConstants) {
  EXPECT_TRUE(NeverBoth("(_==_ e.s \"x\")", "(_==_ e.s \"y\")"));
  EXPECT_TRUE(NeverBoth("(_==_ e.s \"x\")", "(_!=_ e.s \"x\")"));
  EXPECT_FALSE(NeverBoth("(_!=_ e.s \"y\")", "(_!=_ e.s \"x\")"));
  EXPECT_TRUE(NeverBoth("(_==_ e.s \"x\")", "(or (_==_ e.s \"y\") (_==_ \"z\" e.s))"));
  EXPECT_FALSE(NeverBoth("(_==_ e.s \"x\")", "(or (_==_ e.s \"y\") e.b)"));
}

TEST(Exclusive, Ranges) {
  EXPECT_TRUE(NeverBoth("(_<_ e.n 3)", "(_>_ e.n 2)"));
  EXPECT_FALSE(NeverBoth("(_<=_ e.n 3)", "(_>_ e.n 2)"));
  EXPECT_TRUE(NeverBoth("(_<_ 3 e.n)", "(_==_ e.n 3)"));
  EXPECT_TRUE(NeverBoth("(not (_<_ e.n 3))", "(_<=_ e.n 2)"));
  EXPECT_TRUE(NeverBoth("(_>_ e.n 9223372036854775807)", "e.b"));
}

TEST(Exclusive, Choices) {
  EXPECT_TRUE(NeverBoth("(cond e.b (_==_ e.n 1) (_==_ e.n 2))", "(_==_ e.n 3)"));
  EXPECT_FALSE(NeverBoth("(cond e.b (_==_ e.n 1) (_==_ e.n 2))", "(_==_ e.n 2)"));
}

// 2^40 cases, each of which contradicts itself: too many to see it, but an answer.
TEST(Exclusive, GivesUpInTime) {
  std::string a = "(and e.b (not e.b))";
  for (int i = 0; i < 40; ++i) {
    std::string n = "(_+_ e.n " + std::to_string(i) + ")";
    a = "(and " + a + " (or (_<_ " + n + " 10) (_>_ " + n + " 20)))";
  }
  EXPECT_FALSE(NeverBoth(a, "e.b"));
}

}  // namespace
}  // namespace edict::ir
