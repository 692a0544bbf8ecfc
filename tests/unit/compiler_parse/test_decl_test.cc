// Tests in the language, and the JSON of examples: what they parse to, and what is said where they do not.
#include <gtest/gtest.h>

#include "tests/unit/compiler_parse/testing.h"

namespace edict::parse {
namespace {

TEST(TestDecl, Examples) {
  EXPECT_EQ(FileOf("rule R \"r\" {\n  example pass {\"type\": \"A\"} after {\"type\": \"B\"}, [1]\n  after X, Y\n}\n"),
            "(rule R \"r\"\n"
            "  (after X Y)\n"
            "  (example pass \"{\\\"type\\\": \\\"A\\\"}\" (after \"{\\\"type\\\": \\\"B\\\"}\") (after \"[1]\"))\n"
            ")\n");
}

TEST(TestDecl, Items) {
  EXPECT_EQ(FileOf(R"(/// Doc.
test "all of it" {
  profile strict
  set n = 10_000 set s = ("a" + "b")
  +1h30m
  A { id: "a", "x-y": [1 -2.5e3 true null], in_: { deep: (n + 1) } } => error C at /a/0/type message "m", D, pass => nothing else
  "raw" => C at "/a~1b"
  "quoted type" { }
  set { test: r"\d" }
  end of stream => pass
  nothing else
}
)"),
            R"x((test "all of it"
  (doc "Doc.")
  (profile strict)
  (set n 10000)
  (set s (+ "a" "b"))
  (clock 1h30m)
  (event A (object (id "a") ("x-y" (array 1 -2.5e3 true null)) (in_ (object (deep (+ n 1))))) (pass) (expect error C (at "/a/0/type") (message "m")) (expect D) (nothing-else))
  (raw "raw" (expect C (at "/a~1b")))
  (event "quoted type" (object))
  (event set (object (test "\\d")))
  (end stream (pass))
  (nothing-else)
)
)x");
}

TEST(TestDecl, WordsOfTestsAreNamesElsewhere) {
  EXPECT_EQ(ErrorsOf("type T { test: string  nothing: int }\nstate test: int = 1\nfn nothing(test: int): int = test + 1\n"), "");
}

TEST(TestDecl, Errors) {
  EXPECT_EQ(ErrorsOf("test {\n}\n"), "1:6 E0101 expected a name in quotes, found '{'\n");
  EXPECT_EQ(ErrorsOf("test \"x\" {\n"
                     "  A { id = 3 }\n"
                     "  A { id: }\n"
                     "  A => pass\n"
                     "  +s\n"
                     "  B { } => C at x\n"
                     "  end stream\n"
                     "  C { x: a }\n"
                     "}\n"),
            "2:10 E0101 expected ':', found '='\n"
            "3:11 E0101 expected a JSON value, or CEL in parentheses, found '}'\n"
            "4:5 E0101 expected '{', found '=>'\n"
            "5:4 E0101 expected a number, found 's'\n"
            "6:17 E0101 expected '{', found 'x'\n"
            "8:10 E0101 expected a JSON value, or CEL in parentheses, found 'a'\n");
  EXPECT_EQ(ErrorsOf("test \"x\" {\n  A { }\nstate s: int = 3\n"), "3:1 E0102 expected '}' to close test, found 'state'\n");
}

TEST(TestDecl, DeepFieldsAreRefused) {
  EXPECT_NE(ErrorsOf("test \"x\" { A { a: " + Repeat("{ a: ", 300) + "1" + Repeat("}", 300) + " } }").find("E0121"),
            std::string::npos);
}

}  // namespace
}  // namespace edict::parse
