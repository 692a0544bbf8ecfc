// Expressions by themselves: the types that CEL's checker deduces, the overload that a call means, what is refused and how
// that is said.
#include <gtest/gtest.h>

#include "tests/unit/compiler_sema/testing.h"

namespace edict::sema {
namespace {

TEST(CheckExpr, DeducesTypes) {
  for (const Case& c : std::initializer_list<Case>{
           {"[1, 2]", "list(int)"},
           {"[1, 'a']", "list(dyn)"},
           {"[1, null]", "list(dyn)"},
           {"[[1], ['a']]", "list(dyn)"},
           {"[timestamp(0), null]", "list(timestamp or null)"},
           {"true ? 1 : null", "int or null"},
           {"[]", "list(dyn)"},
           {"{}", "map(dyn, dyn)"},
           {"[[], [[]], [[[]]]]", "list(list(list(list(dyn))))"},
           {"[optional.none(), optional.of(1)]", "list(optional(int))"},
           {"[] + [1]", "list(int)"},
           {"{'a': []}['a'] + ['b']", "list(string)"},
           {"{'a': 1}", "map(string, int)"},
           {"1 + 2", "int"},
           {"1u + 2u", "uint"},
           {"timestamp('2020-01-01T00:00:00Z') - duration('1s')", "timestamp"},
           {"e.n > 1 ? 1 : dyn('x')", "dyn"},
           {"true ? [] : [1]", "list(int)"},
           {"d + 1", "int"},
           {"d + d", "dyn"},
           {"d.foo", "dyn"},
           {"int", "type(int)"},
           {"type(1)", "type(int)"},
           {"type(1) == type('')", "bool"},
           {"google.protobuf.Timestamp", "type(timestamp)"},
           {"net.CIDR", "type(net.CIDR)"},
           {"optional.none()", "optional(dyn)"},
           {"optional.none().orValue(1)", "int"},
           {"{1: 2}[?1]", "optional(int)"},
           {"[?e.?tag, 'x']", "list(string)"},
           {"{?'a': e.?tag}", "map(string, string)"},
           {"math.greatest(1, 2)", "int"},
           {"math.greatest(1, 2.0)", "dyn"},
           {"math.least([1u])", "uint"},
           {"'a,b'.split(',')", "list(string)"},
       }) {
    EXPECT_EQ(TypeOf(c.expr), c.want) << c.expr;
  }
}

// A wrong kind would be taken at its word by native code.
TEST(CheckExpr, WhatMayBeAnythingIsDyn) {
  EXPECT_EQ(TypeOf("[1] + [dyn('a')]"), "list(dyn)");
  EXPECT_EQ(TypeOf("[dyn('a')] + [1]"), "list(dyn)");
  EXPECT_EQ(TypeOf("([1] + d)[0]"), "dyn");
  EXPECT_EQ(TypeOf("ids([d.x, d.y])"), "list(dyn)") << "not list(string), though it is declared so";
  EXPECT_EQ(TypeOf("ids(['a'])"), "list(string)");
  EXPECT_EQ(TypeOf("twice(d.x)"), "dyn");
}

TEST(CheckExpr, ChoosesTheOverload) {
  EXPECT_EQ(IrOf("e.n + 1"), "(_+_ slot 6 1)");
  EXPECT_EQ(IrOf("d + 1"), "(dynamic _+_ $1 1)");
  EXPECT_EQ(IrOf("d.size()"), "(dynamic size $1)");
  EXPECT_EQ(IrOf("'a'.contains(d)"), "(contains \"a\" $1)") << "there is one overload: it checks kinds itself";
  EXPECT_EQ(IrOf("math.ceil(1.5)"), "(math.ceil 1.5)");
  EXPECT_EQ(IrOf("true && e.n == 1"), "(_==_ slot 6 1)");
  EXPECT_EQ(IrOf("dyn(e.id)"), "slot 0");
}

TEST(CheckExpr, SaysWhatIsWrong) {
  for (const Case& c : std::initializer_list<Case>{
           {"nothing", "E0201 there is no \"nothing\" here"},
           {"dyn", "E0201 there is no \"dyn\" here"},
           {"e.ids", "E0202 ADDED has no field \"ids\"; did you mean id?"},
           {"e.id.siz()", "E0203 there is no function \"siz\"; did you mean size?"},
           {"shrt(e.id)", "E0203 there is no function \"shrt\"; did you mean short?"},
           {"e.n && true", "E0301 expected a bool, this is int"},
           {"!e.id", "E0301 expected a bool, this is string"},
           {"e.id.foo", "E0301 string has no fields"},
           {"e[0]", "E0301 ADDED is indexed by string, this is int"},
           {"{'a': 1}[1]", "E0301 map(string, int) is indexed by string, this is int"},
           {"[1]['a']", "E0301 list(int) is indexed by int, this is string"},
           {"[1][1u]", "E0301 list(int) is indexed by int, this is uint; dyn() around it allows any number"},
           {"[1][0.0]", "E0301 list(int) is indexed by int, this is double; dyn() around it allows any number"},
           {"{1: 2}[1u]", "E0301 map(int, int) is indexed by int, this is uint; dyn() around it allows any number"},
           {"1[?0]", "E0301 int cannot be indexed; there is list(A)[int] -> A; map(A, B)[A] -> B"},
           {"1[0]", "E0301 int cannot be indexed; there is list(A)[int] -> A; map(A, B)[A] -> B"},
           {"e.n == 'x'",
            "E0302 == does not take (int, string); there is A, A -> bool: both of one type; dyn() around one of them allows both"},
           {"e.n == null", "E0302 == does not take (int, null); there is A, A -> bool: int is never null"},
           {"true ? 1 : 'x'",
            "E0302 ? : does not take (bool, int, string); there is bool, A, A -> A: both results of one type; dyn() around one of "
            "them allows both"},
           {"'%d'.format(['a'])", "E0301 %d does not take a value of type string"},
           {"'%z'.format([1])", "E0301 \"%z\" is no clause of format: there are %s %d %f %e %b %o %x %X and %%"},
           {"'%s %s'.format([1])", "E0301 the text has more clauses than there are arguments"},
           {"['a'] == [1]",
            "E0302 == does not take (list(string), list(int)); there is A, A -> bool: both of one type; dyn() around one of them "
            "allows both"},
           {"e.id.matches(1)", "E0302 matches does not take (string, int); there is string, string -> bool"},
           {"1 in 2", "E0302 in does not take (int, int); there is A, list(A) -> bool; A, map(A,B) -> bool"},
           {"1.0 != 1",
            "E0302 != does not take (double, int); there is A, A -> bool: both of one type; dyn() around one of them allows both"},
           {"contains('a', 'b')", "E0203 \"contains\" is a method; it is called as string.contains(string)"},
           {"'a'.duration()", "E0203 \"duration\" is no method; it is called as duration(duration); duration(string)"},
           {"math.greatest('a')",
            "E0302 math.greatest wants numbers, this is string; there is any number of int, uint or double; list(int) -> int; "
            "list(uint) -> uint; list(double) -> double"},
           {"math.greatest()", "E0305 greatest wants at least one number"},
           {"e.n.orValue(1)", "E0301 expected an optional value, this is int"},
           {"short()", "E0302 short takes 1 argument, not 0; there is string -> bool"},
           {"short(e.n)", "E0301 \"s\" is string, this is int"},
           {"e.op == 'ad'", "E0301 this value never occurs here; did you mean add?"},
           {"'created' == e.op", "E0301 this value never occurs here; it is add or remove"},
           {"Foo{a: 1}", "E0204 there is no message type \"Foo\""},
       }) {
    EXPECT_EQ(TypeOf(c.expr), c.want) << c.expr;
  }
}

TEST(CheckExpr, ReportsEachIndependentFault) {
  EXPECT_EQ(TypeOf("e.ids == 1 || nothing > 2 || e.n"),
            "E0202 ADDED has no field \"ids\"; did you mean id?\n"
            "E0201 there is no \"nothing\" here\n"
            "E0301 expected a bool, this is int");
}

TEST(CheckExpr, MendsWhereCertain) {
  World world;
  world.Type("e.ids == 'a'");
  ASSERT_EQ(world.diagnostics().items().size(), 1u);
  const diag::Diagnostic& field = world.diagnostics().items()[0];
  ASSERT_EQ(field.fixes.size(), 1u);
  EXPECT_EQ(field.fixes[0].text, "id");
  ASSERT_EQ(field.labels.size(), 1u);
  EXPECT_EQ(field.labels[0].text, "\"id\" is declared here");

  world.Type("e.tag == 'a'");
  ASSERT_EQ(world.diagnostics().items().size(), 1u);
  const diag::Diagnostic& optional = world.diagnostics().items()[0];
  ASSERT_EQ(optional.fixes.size(), 1u);
  EXPECT_EQ(optional.fixes[0].text, "?");
  EXPECT_EQ(optional.fixes[0].span.begin, 2u) << "e.?tag";
  EXPECT_EQ(optional.fixes[0].span.end, 2u);
}

TEST(CheckExpr, HoldsTheResultAgainstWhatIsExpected) {
  EXPECT_EQ(World().Type("e.id", "bool"), "E0301 expected bool, this is string");
  EXPECT_EQ(World().Type("d", "bool"), "dyn");
  EXPECT_EQ(World().Type("['a']", "list(int)"), "E0301 expected list(int), this is list(string)");
  EXPECT_EQ(World().Type("[]", "list(int)"), "list(dyn)");
  EXPECT_EQ(World().Type("active", "phase"), "phase");
}

TEST(Names, TheContainerGoesFirstAndALocalHidesBoth) {
  auto type = [](const char* expr, const char* container) {
    return World()
        .Variable("com.v", TypeKind::kBool)
        .Variable("v", TypeKind::kString)
        .Variable("y.z", TypeKind::kString)
        .Container(container)
        .Type(expr);
  };
  EXPECT_EQ(type("v", "com.example"), "bool");
  EXPECT_EQ(type("v", ""), "string");
  EXPECT_EQ(type(".v", "com.example"), "string");
  EXPECT_EQ(type("y.z", "com"), "string");
  EXPECT_EQ(type("[0].map(v, v)[0]", "com"), "int");
  EXPECT_EQ(type("[{'z': 0}].map(y, y.z)[0]", ""), "int");
  EXPECT_EQ(type("[{'z': 0}].map(y, .y.z)[0]", ""), "string");
}

TEST(Unchecked, LeavesFaultsToTheRun) {
  EXPECT_EQ(World().Unchecked().Ir("(1).f"), "(field \"f\" 1)");
  EXPECT_EQ(World().Unchecked().Ir("true ? 1 : 'a'"), "1");
  EXPECT_EQ(World().Unchecked().Ir("1 == 'a'"), "(_==_ 1 \"a\")");
  EXPECT_EQ(World().Unchecked().Ir("1 + 'a'"), "(dynamic _+_ 1 \"a\")");
  EXPECT_EQ(World().Unchecked().Ir("nothing(1) || false"), "(or (dynamic nothing 1) false)");
  EXPECT_EQ(World().Unchecked().Ir("a.b() || false"), "(or (dynamic b (dynamic a)) false)");
  EXPECT_EQ(World().Unchecked().Ir("nothing(1) || true"), "true");  // || absorbs the error
}

TEST(Messages, OnlyWellKnownWrappers) {
  EXPECT_EQ(TypeOf("google.protobuf.Int32Value{value: 34}"), "int or null");
  EXPECT_EQ(TypeOf("google.protobuf.Int32Value{value: 34} + 1"), "int");
  EXPECT_EQ(IrOf("google.protobuf.StringValue{}"), "\"\"");
  EXPECT_EQ(World().Container("google.protobuf").Ir("Value{null_value: NullValue.NULL_VALUE}"), "null");
  EXPECT_EQ(TypeOf("google.protobuf.Int32Value{value: 3000000000}"), "E0301 google.protobuf.Int32Value does not hold this");
  EXPECT_EQ(TypeOf("google.protobuf.Int32Value{value: 'a'}"), "E0301 google.protobuf.Int32Value does not hold this");
}

TEST(Functions, AreInlined) {
  EXPECT_EQ(IrOf("short(e.id)"), "(_<_ (size slot 0) 10)");
  EXPECT_EQ(IrOf("twice(e.n)"), "(_+_ slot 6 slot 6)");
  EXPECT_EQ(IrOf("twice(e.n + 1)"), "(let $2 (_+_ slot 6 1) (_+_ $2 $2))") << "computed once";
  EXPECT_EQ(IrOf("ids(e.items.map(m, m.id))"),
            "(fold $2 over $3 (fold $2 over $3 slot 4 [] true (_+_ $2 (list (field \"id\" $3))) $2) [] true "
            "(cond (_!=_ $3 \"\") (_+_ $2 (list $3)) $2) $2)");
}

TEST(Dependencies, NameFieldsStateAndFunctions) {
  World world;
  world.Type(
      "short(e.id) && phase == active && e.id in seen && message[e.id].state == open && run.open && has(e.outcome) && "
      "e.outcome.type == ''");
  EXPECT_EQ(world.dependencies(), (std::set<std::string>{"ADDED.id", "ADDED.outcome", "Outcome.type", "fn short",
                                                         "lifecycle message", "scope run", "state phase", "state seen"}));
}

}  // namespace
}  // namespace edict::sema
