// The static cost of expressions: texts that users see, and that it is a bound (see also tests/differential/cost_test.cc).
#include "compiler/ir/cost.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "compiler/compiler.h"
#include "compiler/expression.h"

namespace edict::compiler {
namespace {

std::string CostOfExpression(const std::string& text, const std::string& type = "") {
  ExpressionOptions options;
  options.text = text;
  options.variables = {{"x", "", type}};
  Result<Expression> expression = CompileExpression(options);
  if (!expression.ok()) return expression.error().message;
  if (expression.value().program == nullptr) return "does not compile";
  ir::CostContext context;
  context.variables[0] = "x";
  return ir::CostOf(*expression.value().program, expression.value().node, context).Text();
}

// Of the rule R on the event A.
std::string CostOfRule(const std::string& fields, const std::string& clauses) {
  CompileOptions options;
  options.texts = {{"t.rules", "event Event by type { A { " + fields + " } }\nrule R \"t\" { on A as e\n" + clauses + "\n}\n"}};
  Result<CompileResult> result = Compile(options);
  if (!result.ok()) return result.error().message;
  if (result.value().program == nullptr) return diag::RenderText(result.value().diagnostics, *result.value().sources, false);
  const Program& program = *result.value().program;
  ir::CostContext context;
  context.event = &program.events[0];
  return ir::CostOf(program, program.events[0].checks[0], context).Text();
}

TEST(Cost, OfWhatHasNoSizeIsANumber) {
  EXPECT_EQ(CostOfExpression("x + 1 > 2", "int"), "2");
  EXPECT_EQ(CostOfExpression("x ? 1 + 1 : 2", "bool"), "1");
  EXPECT_EQ(CostOfExpression("x && !x", "bool"), "0");
}

TEST(Cost, GrowsWithNamedSizes) {
  EXPECT_EQ(CostOfExpression("x.contains('a')", "string"), "2 + 0.07 * size(x)");
  EXPECT_EQ(CostOfExpression("x.all(e, e > 0)", "list(int)"), "2 * size(x)");
  EXPECT_EQ(CostOfExpression("x.map(e, e * 2)", "list(int)"), "4 * size(x)");
  EXPECT_EQ(CostOfExpression("x.all(a, x.all(b, a == b))", "list(int)"), "size(x) + 2 * size(x) * size(x)");
  EXPECT_EQ(CostOfExpression("x.exists(e, e.matches('ab'))", "list(string)"), "0.07 * largest(x) * size(x) + 13 * size(x)");
}

TEST(Cost, OfLiteralsIsKnown) {
  EXPECT_EQ(CostOfExpression("[1, 2, 3].all(e, e > x)", "int"), "7");
  EXPECT_EQ(CostOfExpression("'abcdefghijklmnop'.contains(x)", "string"), "3");
  EXPECT_EQ(CostOfExpression("[x, x + 'b'].join(',').size()", "string"), "9.69 + 0.32 * size(x)");
}

TEST(Cost, UsesDeclaredBounds) {
  EXPECT_EQ(CostOfRule("s: string where size(this) <= 40", "require e.s.contains('a')"), "12");
  EXPECT_EQ(CostOfRule("s: string where 40 > size(this) && this != ''", "require e.s.contains('a')"), "12");
  EXPECT_EQ(CostOfRule("l: int[] where size(this) <= 10", "require e.l.all(v, v > 0)"), "20");
  EXPECT_EQ(CostOfRule("l: int[]", "require e.l.all(v, v > 0)"), "2 * size(e.l)");
  EXPECT_EQ(CostOfRule("l: int[] where size(this) <= 10", "for v in e.l require v > 0"), "20");
  EXPECT_EQ(CostOfRule("k: 'a' | 'bcd'", "require e.k.contains('a')"), "2.19");
}

TEST(Bound, IsArithmeticOfSizes) {
  ir::Bound a = ir::Bound::Of("a");
  ir::Bound b = ir::Bound::Of("b");
  EXPECT_EQ(((a + 1) * (b + 2)).Text(), "2 + 2 * a + a * b + b");
  EXPECT_EQ(Max(a * 3 + 1, a + 5).Text(), "5 + 3 * a");
  EXPECT_EQ((a * ir::Bound()).Text(), "0");
  EXPECT_EQ((ir::Bound::Unbounded() * ir::Bound()).Text(), "0");
  EXPECT_EQ((ir::Bound::Unbounded() + 1).Text(), "not bounded");
  EXPECT_EQ(((a + 1) * b).At({{"a", 2}, {"b", 5}}), 15);
  EXPECT_TRUE(std::isinf(a.At({})));
  EXPECT_TRUE(ir::Bound(3).constant());
  EXPECT_FALSE(a.constant());
}

}  // namespace
}  // namespace edict::compiler
