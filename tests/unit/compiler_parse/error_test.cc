// Syntax errors of files: one clear message each, at the narrowest place, and all independent ones at once.
#include <gtest/gtest.h>

#include "tests/unit/compiler_parse/testing.h"

namespace edict::parse {
namespace {

TEST(Errors, AllClausesOfARule) {
  EXPECT_EQ(ErrorsOf("rule A \"x\" {\n"
                     "  severity\n"
                     "  on A as e\n"
                     "  require e.n > at e.delta\n"
                     "  require (e.n > 3 at e.x\n"
                     "  tags a\n"
                     "  let n = a +\n"
                     "  for m, i e.x\n"
                     "  example pass { \"a\": foo }\n"
                     "  fix 3\n"
                     "}\n"),
            "3:3 E0101 expected a name, found 'on'\n"
            "4:17 E0101 expected an expression, found 'at'\n"
            "5:20 E0101 expected ')', found 'at'\n"
            "8:3 E0101 expected an expression, found 'for'\n"
            "9:23 E0101 expected a JSON value, found 'foo'\n"
            "10:7 E0101 expected a string, found '3'\n");
}

TEST(Errors, WhatFollowsABrokenClauseIsKept) {
  EXPECT_EQ(FileOf("rule A \"x\" {\n  on A as e\n  require e.n >\n    && 3\n  message \"m\"\n}\nstate s: int = 1\n"),
            "(rule A \"x\"\n  (on A as e)\n  (message (text \"m\"))\n)\n(state s int = 1)\n"
            "4:5 E0101 expected an expression, found '&&'\n");
}

TEST(Errors, MisspeltClause) {
  EXPECT_EQ(ErrorsOf("rule A \"x\" {\n  on A\n  requre e.n\n  message \"m\"\n}\n"),
            "3:3 E0101 expected a clause such as on, when, require or message, or '}', found 'requre'\n");
}

TEST(Errors, HeadsOfDeclarations) {
  EXPECT_EQ(ErrorsOf("rule B {\n  on X\n}\n"), "1:8 E0101 expected a title in quotes, found '{'\n");
  EXPECT_EQ(ErrorsOf("event E {\n}\n"), "1:9 E0101 expected 'by', found '{'\n");
  EXPECT_EQ(ErrorsOf("foo bar\nstate s: int\n"),
            "1:1 E0101 expected a declaration such as rule, type, event, fn or state, found 'foo'\n");
  EXPECT_EQ(ErrorsOf("param x int = 3"), "1:9 E0101 expected ':', found 'int'\n");
  EXPECT_EQ(ErrorsOf("lifecycle m in run { }"), "1:13 E0101 expected 'by', found 'in'\n");
  EXPECT_EQ(ErrorsOf("package 3"), "1:9 E0101 expected a name, found '3'\n");
}

TEST(Errors, FieldsAndTypes) {
  EXPECT_EQ(ErrorsOf("type T {\n  a: string\n  b = 3\n  c: map<string\n  d: int\n  e: |\n}\n"),
            "3:5 E0101 expected ':', found '='\n"
            "5:3 E0101 expected '>', found 'd'\n"
            "6:6 E0101 expected a type, found '|'\n");
}

TEST(Errors, Statements) {
  EXPECT_EQ(ErrorsOf("on A {\n  x = 3\n  y z\n  when a\n  n += [1, 2\n  m = 2\n  when b; when c\n}\n"),
            "3:5 E0101 expected '=', '+=' or '-=', found 'z'\n"
            "6:3 E0101 expected ']' or ',', found 'm'\n"
            "7:11 E0110 a 'when' without a block must stand right after the assignment that it guards\n");
}

TEST(Errors, Lifecycles) {
  EXPECT_EQ(ErrorsOf("lifecycle m by e.id {\n  A: absent - > open\n  B: a -> b else \"x\"\n  C: a -> b\n}\n"),
            "2:13 E0101 expected '->', found '-'\n"
            "3:18 E0101 expected a code after 'else', found a string\n");
}

TEST(Errors, UnclosedBodyBeforeADeclaration) {
  const Parsed parsed = ParseFileText("rule A \"a\" {\n  on A\n\nrule B \"b\" {\n  on B\n}\n");
  EXPECT_EQ(parsed.errors(), "4:1 E0102 expected '}' to close rule A, found 'rule'\n");
  EXPECT_EQ(parsed.At(parsed.diagnostics.items()[0].labels.at(0).span), "{");
  EXPECT_EQ(ast::Print(parsed.file), "(rule A \"a\"\n  (on A)\n)\n(rule B \"b\"\n  (on B)\n)\n");
}

TEST(Errors, UnclosedBodyWhoseItemsStartWithAnyWord) {
  EXPECT_EQ(ErrorsOf("lifecycle m by e.id {\n  A: a -> b\nrule B \"b\" { on B }\n"),
            "3:1 E0102 expected '}' to close lifecycle m, found 'rule'\n");
  EXPECT_EQ(ErrorsOf("on A {\n  x = 1\nstate y: int\n"), "3:1 E0102 expected '}' to close this '{', found 'state'\n");
  EXPECT_EQ(ErrorsOf("type T {\n  a: int\ntype U = int\n"), "3:1 E0102 expected '}' to close type T, found 'type'\n");
}

TEST(Errors, UnclosedAtTheEnd) {
  EXPECT_EQ(ErrorsOf("scope s from A to B {\n  on A {\n    x = 1\n"), "4:1 E0102 expected '}' to close this '{', found the end\n");
  EXPECT_EQ(ErrorsOf("scope s from A to B {\n"), "2:1 E0102 expected '}' to close scope s, found the end\n");
}

TEST(Errors, StrayBracesAndCharacters) {
  EXPECT_EQ(ErrorsOf("state a: int\n}\nstate b: int\n"),
            "2:1 E0101 expected a declaration such as rule, type, event, fn or state, found '}'\n");
  EXPECT_EQ(FileOf("state a: \xC2\xA7\xC2\xA7 int\n"), "(state a int)\n1:10 E0103 '\xC2\xA7' has no meaning here\n");
}

TEST(Errors, RepeatedAndMisplacedClauses) {
  EXPECT_EQ(ErrorsOf("rule A \"x\" { fix \"a\" fix \"b\" on A on B }"),
            "1:22 E0109 'fix' is given twice\n1:35 E0109 'on' is given twice\n");
  EXPECT_EQ(ErrorsOf("package a package b"), "1:11 E0109 a file belongs to one package\n");
  EXPECT_EQ(ErrorsOf("type T by k { fault malformed A1 \"x\" otherwise error A2 }"),
            "1:15 E0110 a fault clause belongs into an event declaration\n");
  EXPECT_EQ(ErrorsOf("scope s from any to A {}"), "1:14 E0110 name the events here: 'any' cannot stand in this place\n");
}

TEST(Errors, Templates) {
  EXPECT_EQ(ErrorsOf("rule A \"x\" {\n  message \"abc } {} {e.} {b c} {x\"\n}"),
            "2:16 E0108 this '}' closes nothing; a brace in a message is written twice: '}}'\n"
            "2:18 E0108 expected an expression between the braces\n"
            "2:24 E0101 expected a name, found the end\n"
            "2:29 E0101 expected the end, found 'c'\n"
            "2:32 E0108 this '{' is never closed; a brace in a message is written twice: '{{'\n");
}

TEST(Errors, TemplateFaultsInsideStringsArePlaced) {
  EXPECT_EQ(ErrorsOf("rule A \"x\" { message \"{'\\\\q'} {99999999999999999999}\" }"),
            "1:25 E0105 '\\q' is not an escape\n1:32 E0106 this number does not fit in an int, which has 64 "
            "bits\n");
}

TEST(Errors, MessageLiteralsAreNotPartOfFiles) {
  EXPECT_EQ(ErrorsOf("fn f(): bool = Foo{a: 1}\nstate s: int\n"),
            "1:19 E0101 expected a declaration such as rule, type, event, fn or state, found '{'\n");
}

}  // namespace
}  // namespace edict::parse
