// CEL's expression grammar: text on the left, printed AST on the right.
#include <gtest/gtest.h>

#include "tests/unit/compiler_parse/testing.h"

namespace edict::parse {
namespace {

struct Case {
  const char* text;
  const char* printed;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(ExprOf(c.text), c.printed) << c.text;
}

TEST(Expr, Literals) {
  Check({
      {"0", "0"},
      {"-1", "-1"},
      {"- 1", "-1"},
      {"--1", "(neg -1)"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"0xFf", "255"},
      {"-0x8000000000000000", "-9223372036854775808"},
      {"18446744073709551615u", "18446744073709551615u"},
      {"0x10U", "16u"},
      {"1.5", "1.5"},
      {".5", "0.5"},
      {"1e3", "1000.0"},
      {"-1.5E-3", "-0.0015"},
      {"1e-999", "0.0"},
      {"-0.0", "-0.0"},
      {"true", "true"},
      {"null", "null"},
  });
}

TEST(Expr, Strings) {
  Check({
      {R"("a'b")", R"("a'b")"},
      {R"('a"b')", R"("a\"b")"},
      {R"("""a"b""c
d""")",
       R"("a\"b\"\"c\nd")"},
      {"'''a\r\nb'''", R"("a\nb")"},
      {R"('''it's''')", R"("it's")"},
      {R"(r"a\nb")", R"("a\\nb")"},
      {R"(R'''\''''))", "1:9 E0104 this string is never closed\n1:9 E0101 expected the end, found a string\n"},
      {R"('\a\b\f\n\r\t\v')", R"("\x07\x08\x0c\n\x0d\x09\x0b")"},
      {R"('\\\?\"\'\`')", R"("\\?\"'`")"},
      {R"('\x41\X41\101\u0041\U00000041')", R"("AAAAA")"},
      {R"('\u00e9\U0001F600')", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
      {R"('\xe9')", "\"\xC3\xA9\""},
      {R"(b'\xe9\351')", R"(b"\xe9\xe9")"},
      {"b'\xC3\xA9'", R"(b"\xc3\xa9")"},
      {R"(br'\x')", R"(b"\\x")"},
      {R"(Rb"\x")", R"(b"\\x")"},
      {"'\xC3\xA9' + x", "(+ \"\xC3\xA9\" x)"},
      {"'// no comment'", "\"// no comment\""},
  });
}

TEST(Expr, LiteralFaults) {
  Check({
      {"9223372036854775808", "1:1 E0106 this number does not fit in an int, which has 64 bits\n"},
      {"-9223372036854775809", "1:1 E0106 this number does not fit in an int, which has 64 bits\n"},
      {"0x10000000000000000", "1:1 E0106 this number does not fit in an int, which has 64 bits\n"},
      {"18446744073709551616u", "1:1 E0106 this number does not fit in a uint, which has 64 bits\n"},
      {"1 + 1e999", "1:5 E0106 this number is too large for a double\n"},
      {R"('a\ud83d')", "1:3 E0105 a surrogate is not a character; write the character itself or \\U with 8 digits\n"},
      {R"('\U00110000')", "1:2 E0105 there is no character beyond \\U0010FFFF\n"},
      {R"('\x4')", "1:2 E0105 this escape needs 2 hexadecimal digits\n"},
      {R"('\09')", "1:2 E0105 this escape needs 3 octal digits\n"},
      {R"('\q' + '\z')", "1:2 E0105 '\\q' is not an escape\n1:9 E0105 '\\z' is not an escape\n"},
      {"'\\\xC3\xA9'", "1:2 E0105 '\\\xC3\xA9' is not an escape\n"},
      {R"(b'\u0041')", "1:3 E0105 a bytes literal has no \\u escapes\n"},
      {"'abc", "1:1 E0104 this string is never closed\n"},
      {"'''abc\n", "1:1 E0104 this string is never closed\n"},
      {"'a\nc'",
       "1:1 E0104 this string is never closed\n2:1 E0101 expected the end, found 'c'\n2:2 E0104 this string "
       "is never closed\n"},
  });
}

TEST(Expr, PrecedenceAndAssociativity) {
  Check({
      {"a + b * c - d", "(- (+ a (* b c)) d)"},
      {"a / b % c", "(% (/ a b) c)"},
      {"a < b == c", "(== (< a b) c)"},
      {"a in b in c", "(in (in a b) c)"},
      {"a || b && c || d", "(|| (|| a (&& b c)) d)"},
      {"a && b && c && d", "(&& (&& a b) (&& c d))"},
      {"a ? b : c ? d : e", "(?: a b (?: c d e))"},
      {"(a ? b : c) ? d : e", "(?: (?: a b c) d e)"},
      {"!!a", "(! (! a))"},
      {"-a.b", "(neg (. a b))"},
      {"-1.abs()", "(call -1 .abs)"},
      {"!-1", "(! -1)"},
      {"-(1)", "(neg 1)"},
      {"a - -1", "(- a -1)"},
      {"a -1", "(- a 1)"},
      {"a==-1", "(== a -1)"},
      {"a>=b", "(>= a b)"},
  });
}

TEST(Expr, Members) {
  Check({
      {"a.b.c", "(. (. a b) c)"},
      {"a.?b.c", "(. (.? a b) c)"},
      {"a[0][?1]", "([?] ([] a 0) 1)"},
      {"a.f(b, c).g()", "(call (call a .f b c) .g)"},
      {"f()", "(call f)"},
      {".a.b", "(. .a b)"},
      {".f(1)", "(call .f 1)"},
      {"a.`b-c/d`", "(. a `b-c/d`)"},
      {"a ?.b : c", "(?: a .b c)"},
      {"a ? b[?c] : d", "(?: a ([?] b c) d)"},
      {"optional.of(1).?x", "(.? (call optional .of 1) x)"},
  });
}

TEST(Expr, Aggregates) {
  Check({
      {"[]", "[]"},
      {"[1, ?a, 2,]", "[1 ?a 2]"},
      {"{}", "{}"},
      {"{'a': 1, ?b: c ? d : e,}", "{\"a\": 1, ?b: (?: c d e)}"},
      {"[[1], {1: [2]}]", "[[1] {1: [2]}]"},
      {"a.b.C{}", "(struct a.b.C)"},
      {".C{x: 1, ?y: 2, `z-z`: 3}", "(struct .C x: 1 ?y: 2 z-z: 3)"},
      {"C{x: D{}}.x", "(. (struct C x: (struct D)) x)"},
  });
}

TEST(Expr, WordsOfTheLanguageAreNames) {
  Check({
      {"rule.on(state, type)", "(call rule .on state type)"},
      {"e.for + e.if + e.package + e.as", "(+ (+ (+ (. e for) (. e if)) (. e package)) (. e as))"},
      {"for", "for"},
      {"[1].all(at, at > 0)", "(call [1] .all at (> at 0))"},
  });
}

TEST(Expr, CommentsAreBlanks) { Check({{"1 // one\n+ 2 /// two", "(+ 1 2)"}, {"// only\nx", "x"}}); }

TEST(Expr, Errors) {
  Check({
      {"", "1:1 E0101 expected an expression, found the end\n"},
      {"1 +", "1:4 E0101 expected an expression, found the end\n"},
      {"a b", "1:3 E0101 expected the end, found 'b'\n"},
      {"(a", "1:3 E0101 expected ')', found the end\n"},
      {"f(a,)", "1:5 E0101 expected an expression, found ')'\n"},
      {"[a", "1:3 E0101 expected ']' or ',', found the end\n"},
      {"a.true", "1:3 E0101 expected a name, found 'true'\n"},
      {"a ? b", "1:6 E0101 expected ':', found the end\n"},
      {"!-x", "1:2 E0101 expected an expression, found '-'; parenthesise what follows the '!'\n"},
      {"-!x", "1:2 E0101 expected an expression, found '!'\n"},
      {"a & b", "1:3 E0103 '&' has no meaning here\n1:5 E0101 expected the end, found 'b'\n"},
      {"a.?f()", "1:5 E0101 a method cannot be called with '.?'\n"},
      {"a.`f`()", "1:3 E0101 a method's name cannot be written in backquotes\n"},
      {"f(){}", "1:4 E0101 expected the end, found '{'\n"},
      {"f().x{}", "1:6 E0101 unexpected '{'; only a dotted name may stand before it\n"},
      {"1_000", "1:1 E0101 expected an expression, found '1_000'\n"},
      {"a = b", "1:3 E0101 expected the end, found '='\n"},
  });
}

TEST(Expr, SpansAreBytesAndNarrow) {
  const Parsed parsed = ParseExprText("  '\xC3\xA9\xC3\xA9' == (foo.bar[1]) ");
  ASSERT_NE(parsed.expr, nullptr);
  EXPECT_EQ(parsed.At(parsed.expr->span), "'\xC3\xA9\xC3\xA9' == (foo.bar[1])");
  EXPECT_EQ(parsed.At(parsed.expr->name_span), "==");
  const ast::Expr& index = *parsed.expr->args[1];
  EXPECT_EQ(parsed.At(index.span), "(foo.bar[1])");
  EXPECT_EQ(parsed.At(index.args[0]->span), "foo.bar");
  EXPECT_EQ(parsed.At(index.args[0]->name_span), "bar");
}

TEST(Expr, ByteOrderMarkKeepsOffsets) {
  const Parsed parsed = ParseExprText(
      "\xEF\xBB\xBF"
      "ab + c");
  ASSERT_NE(parsed.expr, nullptr) << parsed.errors();
  EXPECT_EQ(parsed.At(parsed.expr->span), "ab + c");
}

TEST(Expr, HeightIsTheLongestPath) {
  EXPECT_EQ(ParseExprText("a + b * c").expr->height, 3u);
  EXPECT_EQ(ParseExprText("((((a))))").expr->height, 1u);
  EXPECT_LE(ParseExprText("a" + Repeat(" && a", 1023)).expr->height, 11u);
}

}  // namespace
}  // namespace edict::parse
