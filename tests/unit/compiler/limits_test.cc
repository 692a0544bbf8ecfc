// Hostile or huge rule files end in a diagnostic, soon and within bounded memory.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "compiler/compiler.h"
#include "compiler/expression.h"

namespace edict::compiler {
namespace {

const std::string kEvent = "event Event by type { A { id: string  n: int  l: int[] } B { id: string } }\n";

std::string Repeat(const std::string& text, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += text;
  return out;
}

// The codes of all errors; "ok" if there are none.
std::string CodesOf(const diag::Diagnostics& diagnostics) {
  std::string codes;
  for (const diag::Diagnostic& item : diagnostics.items()) {
    if (diag::CodeSeverity(item.code) == diag::Severity::kError)
      codes += (codes.empty() ? "" : " ") + std::string(diag::CodeText(item.code));
  }
  return codes.empty() ? "ok" : codes;
}

std::string RulesCode(const std::vector<std::string>& texts, const std::string& limit = "") {
  CompileOptions options;
  for (const std::string& text : texts) options.texts.push_back({"file" + std::to_string(options.texts.size()) + ".rules", text});
  if (!limit.empty()) {
    Status set = source::SetLimit(options.limits, limit);
    EXPECT_TRUE(set.ok()) << set.error().message;
  }
  Result<CompileResult> result = Compile(options);
  return result.ok() ? CodesOf(result.value().diagnostics) : result.error().message;
}

std::string ExpressionCode(const std::string& text, const std::string& limit = "") {
  ExpressionOptions options;
  options.text = text;
  options.variables = {{"x", "", ""}};
  if (!limit.empty()) {
    Status set = source::SetLimit(options.limits, limit);
    EXPECT_TRUE(set.ok()) << set.error().message;
  }
  Result<Expression> result = CompileExpression(options);
  return result.ok() ? CodesOf(result.value().diagnostics) : result.error().message;
}

std::string Rule(const std::string& code, const std::string& body) {
  return "rule " + code + " \"t\" { on A as e\n" + body + "\nmessage \"m\" }\n";
}

TEST(Limits, NumberOfFilesAndBytes) {
  EXPECT_EQ(RulesCode({kEvent, "", ""}, "files=3"), "ok");
  EXPECT_EQ(RulesCode({kEvent, "", "", ""}, "files=3"), "E0124");
  EXPECT_EQ(RulesCode({kEvent, Repeat("// x\n", 100)}, "total-bytes=100"), "E0120");
}

TEST(Limits, NumberOfRules) {
  std::string rules = kEvent;
  for (int i = 0; i < 9; ++i) rules += Rule("R" + std::to_string(i), "require e.n > 0");
  EXPECT_EQ(RulesCode({rules}, "rules=10"), "ok");
  EXPECT_EQ(RulesCode({rules}, "rules=9"), "E0125");
  std::string any;
  for (int i = 0; i < 9; ++i) any += "rule S" + std::to_string(i) + " \"t\" { on any as e require e.type != \"\" message \"m\" }\n";
  EXPECT_EQ(RulesCode({kEvent + any}, "checks=18"), "ok");
  EXPECT_EQ(RulesCode({kEvent + any}, "checks=17"), "E0125");
}

TEST(Limits, SizeOfAnExpression) {
  EXPECT_EQ(ExpressionCode("[1, 2, 3]", "expression-size=4"), "ok");
  EXPECT_EQ(ExpressionCode("[1, 2, 3, 4]", "expression-size=4"), "E0126");
  EXPECT_EQ(ExpressionCode(Repeat("[1,", 200) + "1" + Repeat("]", 200)), "ok");
}

TEST(Limits, EntriesOfAMap) {
  auto map = [](int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += (i == 0 ? "" : ", ") + std::to_string(i) + ": 1";
    return "{" + text + "}";
  };
  EXPECT_EQ(ExpressionCode(map(2'000)), "ok");
  EXPECT_EQ(ExpressionCode(map(2'001)), "E0126");
}

TEST(Limits, FunctionsCountAtEachCall) {
  std::string rules = kEvent + "fn f0(n: int): int = n + 1\n";
  for (int i = 1; i < 40; ++i) {
    std::string inner = "f" + std::to_string(i - 1);
    rules += "fn f" + std::to_string(i) + "(n: int): int = " + inner + "(n) + " + inner + "(n + 1)\n";
  }
  EXPECT_EQ(RulesCode({rules + Rule("R", "require f39(e.n) > 0")}).substr(0, 5), "E0408");
}

TEST(Limits, LetsCountAtEachUse) {
  std::string body = "let v0 = e.n\n";
  for (int i = 1; i < 40; ++i) {
    std::string inner = "v" + std::to_string(i - 1);
    body += "let v" + std::to_string(i) + " = [" + inner + ", " + inner + "].size()\n";
  }
  EXPECT_EQ(RulesCode({kEvent + Rule("R", body + "require v39 > 0")}), "E0126");
  EXPECT_EQ(RulesCode({kEvent + Rule("R", body + "require v9 > 0")}), "ok");
}

TEST(Limits, BlockIndicesCountAtEachUse) {
  std::string block = "cel.block([1";
  for (int i = 0; i < 40; ++i) block += ", [cel.index(" + std::to_string(i) + "), cel.index(" + std::to_string(i) + ")]";
  std::string code = ExpressionCode(block + "], cel.index(40))");
  EXPECT_TRUE(code == "ok" || code == "E0126") << code;
}

TEST(Limits, ComprehensionsInsideEachOther) {
  auto nested = [](int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += "[1].all(v" + std::to_string(i) + ", ";
    return text + "true" + Repeat(")", n);
  };
  EXPECT_EQ(ExpressionCode(nested(16)), "ok");
  EXPECT_EQ(ExpressionCode(nested(17)), "E0127");
  EXPECT_EQ(ExpressionCode(nested(3), "comprehensions=2"), "E0127");
  // One behind the other, and one that is another's range, do not multiply.
  EXPECT_EQ(ExpressionCode("[1]" + Repeat(".map(v, v)", 50)), "ok");
  std::string rules = kEvent + "fn f(l: list<int>): bool = l.all(a, l.all(b, a == b))\n" + Rule("R", "require e.l.all(c, f(e.l))");
  EXPECT_EQ(RulesCode({rules}, "comprehensions=3"), "ok");
  EXPECT_EQ(RulesCode({rules}, "comprehensions=2"), "E0127");
}

TEST(Limits, RegularExpressions) {
  EXPECT_EQ(ExpressionCode("'a'.matches('a+')"), "ok");
  EXPECT_EQ(ExpressionCode("'a'.matches('a(')"), "E0309");
  EXPECT_EQ(ExpressionCode("matches(x, '[')"), "E0309");
  EXPECT_EQ(ExpressionCode("'a'.matches('" + Repeat("a", 10'001) + "')"), "E0310");
  EXPECT_EQ(ExpressionCode("'a'.matches('" + Repeat("a{1000}", 10) + "')"), "E0310");
  EXPECT_EQ(ExpressionCode("'a'.matches('a{100}')", "regex-program=50"), "E0310");
  EXPECT_EQ(ExpressionCode("'a'.matches('aaaa')", "regex-bytes=3"), "E0310");
  // Known only at run time.
  EXPECT_EQ(ExpressionCode("'a'.matches(x)"), "ok");
}

TEST(Limits, HostileFilesEndSoon) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ExpressionCode(Repeat("(", 100'000) + "1" + Repeat(")", 100'000)), "E0121");
  EXPECT_EQ(RulesCode({Repeat("// ten megabytes of comment\n", 400'000)}), "E0120");
  EXPECT_EQ(RulesCode({kEvent + Repeat("rule R \"t\" { on A as e require true }\n", 200'000)}), "E0120");
  EXPECT_EQ(RulesCode({kEvent + Repeat("fn f(): int = 1 ", 100'000)}), "E0123");
  // Far below what would show a hang, far above what a loaded machine takes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(Limits, AreSetByName) {
  source::Limits limits;
  EXPECT_TRUE(source::SetLimit(limits, "rules=7").ok());
  EXPECT_EQ(limits.rules, 7u);
  for (const char* wrong : {"rules", "rules=", "rules=x", "rules=0", "rules=-1", "rules=99999999999", "rule=1", "", "=",
                            "nesting=501", "expression-depth=1001", "rules=1 "}) {
    EXPECT_FALSE(source::SetLimit(limits, wrong).ok()) << wrong;
  }
  EXPECT_NE(source::LimitsHelp().find("comprehensions=16"), std::string::npos);
}

}  // namespace
}  // namespace edict::compiler
