// Hostile and huge sources: each ends in a diagnostic or a tree, never in a crash, and in time linear in its
// size.
#include <gtest/gtest.h>

#include "tests/unit/compiler_parse/testing.h"

namespace edict::parse {
namespace {

// The code of the first diagnostic of an expression, or "ok".
std::string ExprCode(const std::string& text, const ParseLimits& limits = {}) {
  const Parsed parsed = ParseExprText(text, limits);
  return parsed.diagnostics.items().empty() ? "ok" : diag::CodeText(parsed.diagnostics.items()[0].code);
}

std::string FileCode(const std::string& text, const ParseLimits& limits = {}) {
  const Parsed parsed = ParseFileText(text, limits);
  return parsed.diagnostics.items().empty() ? "ok" : diag::CodeText(parsed.diagnostics.items()[0].code);
}

TEST(Limits, BracketNesting) {
  EXPECT_EQ(ExprCode(Repeat("(", 250) + "a" + Repeat(")", 250)), "ok");
  EXPECT_EQ(ExprCode(Repeat("(", 251) + "a" + Repeat(")", 251)), "E0121");
  for (const char* open : {"(", "[", "{1:", "f(", "a[", "A{b:", "a?(", "!(", "[{"}) {
    EXPECT_EQ(ExprCode(Repeat(open, 50'000)), "E0121") << open;
  }
  ParseLimits shallow;
  shallow.nesting = 3;
  EXPECT_EQ(ExprCode("(((a)))", shallow), "ok");
  EXPECT_EQ(ExprCode("((((a))))", shallow), "E0121");
}

TEST(Limits, NestingOfBlocksAndTypes) {
  EXPECT_EQ(FileCode("on A {" + Repeat("when a {", 50'000)), "E0121");
  EXPECT_EQ(FileCode("type A = " + Repeat("list<", 50'000)), "E0121");
  EXPECT_EQ(FileCode("type A = " + Repeat("list<", 200) + "int" + Repeat(">", 200)), "ok");
  EXPECT_EQ(FileCode("type A = int" + Repeat("[]", 50'000)), "E0121");
  EXPECT_EQ(FileCode("type A = " + Repeat("{a:", 50'000)), "E0121");
  EXPECT_EQ(FileCode("type A = int" + Repeat(" | int", 50'000)), "ok");
}

TEST(Limits, LongChains) {
  EXPECT_EQ(ExprCode("a" + Repeat(" + a", 499)), "ok");
  for (const char* link : {" + a", " * a", " == a", ".a", "[0]", ".f()", " ? b : c"}) {
    EXPECT_EQ(ExprCode("a" + Repeat(link, 10'000)), "E0122") << link;
  }
  EXPECT_EQ(ExprCode(Repeat("!", 10'000) + "a"), "E0122");
  EXPECT_EQ(ExprCode(Repeat("-", 10'000) + "a"), "E0122");
  EXPECT_EQ(ExprCode("a" + Repeat(" && a", 10'000)), "ok");
  EXPECT_EQ(ExprCode("a" + Repeat(" || a && b", 10'000)), "ok");
  EXPECT_EQ(ExprCode("[1" + Repeat(", 1", 10'000) + "]"), "ok");
}

TEST(Limits, TooDeepIsReportedOnceAndPlaced) {
  const Parsed parsed = ParseExprText("[a" + Repeat(" + a", 2'000) + "]");
  ASSERT_EQ(parsed.diagnostics.items().size(), 1u);
  EXPECT_EQ(parsed.At(parsed.diagnostics.items()[0].span), "+");
}

TEST(Limits, SizeOfTheFile) {
  ParseLimits small;
  small.file_bytes = 10;
  EXPECT_EQ(ExprCode("1234567890", small), "ok");
  EXPECT_EQ(ExprCode("12345678901", small), "E0120");
  ParseLimits few;
  few.tokens = 3;
  EXPECT_EQ(ExprCode("a + b", few), "ok");
  EXPECT_EQ(ExprCode("a + b + c", few), "E0123");
  EXPECT_EQ(FileCode(Repeat("/// doc\n", 10), few), "E0123");
}

TEST(Limits, InvalidUtf8IsPlaced) {
  EXPECT_EQ(ExprOf("'ab\xff'"), "1:4 E0107 this byte is not part of a UTF-8 character\n");
  EXPECT_EQ(ExprOf("'\xC3'"), "1:2 E0107 this byte is not part of a UTF-8 character\n");
  EXPECT_EQ(ExprCode("'\xC0\xAF'"), "E0107");          // overlong
  EXPECT_EQ(ExprCode("'\xED\xA0\x80'"), "E0107");      // surrogate
  EXPECT_EQ(ExprCode("'\xF4\x90\x80\x80'"), "E0107");  // beyond the last character
  EXPECT_EQ(ExprCode("'\xF0\x9F\x98\x80'"), "ok");
}

TEST(Limits, JunkEndsInDiagnostics) {
  for (const char* junk : {"\"",
                           "\"\"\"",
                           "r'''",
                           "'''\"\"\"",
                           "}",
                           "{",
                           ")",
                           "x ) ] } { ( [ : , ;",
                           "`",
                           "\\",
                           "\xC2\xA7 ",
                           "rule A \"t\" {\n",
                           "rule ",
                           "on A { x = ",
                           "event E by t { a, ",
                           "fault a b ",
                           "else A \"x\" ",
                           "type T = A | ",
                           "\"{\" ",
                           "1.2.3 ",
                           "... "}) {
    const Parsed parsed = ParseFileText(Repeat(junk, 5'000));
    EXPECT_TRUE(parsed.diagnostics.has_errors()) << junk;
    EXPECT_LE(parsed.diagnostics.items().size(), 200u) << junk;
  }
  EXPECT_EQ(ExprCode(std::string("a\0b", 3)), "E0103");
}

TEST(Limits, EveryPrefixOfAFileIsParsed) {
  const std::string text =
      "package a.b 1.0.0\ntype T by k { a: int? where this > 0 ; u, \"v\" { b: string[] } otherwise reject "
      "}\n"
      "rule R \"t\" { on A as e for m, i in e.x require m == 1 ? a : b at e.y else \"x {m.id + 'q'}\" "
      "example pass {\"a\": [1]} }\n"
      "scope s from A to B { lifecycle l by e.k { A : absent -> open else error X \"{key}\" at e.k } }\n"
      "on A as e when e.x { o[e.k] = e.?v when e.z  for m in e.l { clear s } }\n";
  for (size_t length = 0; length <= text.size(); ++length) {
    const Parsed parsed = ParseFileText(text.substr(0, length));
    ast::Print(parsed.file);
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const Parsed parsed = ParseFileText(text.substr(0, i) + text.substr(i + 1));
    ast::Print(parsed.file);
  }
}

}  // namespace
}  // namespace edict::parse
