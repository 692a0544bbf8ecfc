// Macros: their types, the folds they become, and the locals that these bind.
#include <gtest/gtest.h>

#include "tests/unit/compiler_sema/testing.h"

namespace edict::sema {
namespace {

TEST(Macros, HaveTypes) {
  for (const Case& c : std::initializer_list<Case>{
           {"[1, 2].all(i, i > 0)", "bool"},
           {"[1, 2].exists_one(i, i > 0)", "bool"},
           {"[1, 2].filter(i, i > 0)", "list(int)"},
           {"[1, 2].map(i, string(i))", "list(string)"},
           {"[1].map(i, i > 0, string(i))", "list(string)"},
           {"{'a': 1}.map(k, k)", "list(string)"},
           {"[].map(i, i)", "list(dyn)"},
           {"[].map(i, i)[0].foo", "dyn"},
           {"d.map(i, i.x)", "list(dyn)"},
           {"e.items.map(m, m.id)", "list(string)"},
           {"[3].all(i, v, i == 0 && v == 3)", "bool"},
           {"{'a': 1}.exists(k, v, k == 'a' && v > 0)", "bool"},
           {"['a'].existsOne(i, v, v == 'a')", "bool"},
           {"['a'].transformList(i, v, i)", "list(int)"},
           {"['a'].transformList(i, v, i > 0, v)", "list(string)"},
           {"{'a': 1}.transformMap(k, v, v > 0, string(v))", "map(string, string)"},
           {"{'a': 1}.transformMapEntry(k, v, {v: k})", "map(int, string)"},
           {"{'a': 1}.transformMapEntry(k, v, {v: k}.transformMap(a, b, a))", "map(int, int)"},
           {"{'a': 1}.transformMapEntry(k, v, dyn({v: k}))", "map(dyn, dyn)"},
           {"{'a': 1}.transformMapEntry(k, v, v > 0, {v: k, v + 1: k})", "map(int, string)"},
           {"cel.bind(v, e.n + 1, v * v)", "int"},
           {"cel.block([1, cel.index(0) + 1], string(cel.index(1)))", "string"},
           {"cel.block([[1]], cel.index(0).map(cel.iterVar(0, 0), cel.iterVar(0, 0) + 1))", "list(int)"},
           {"optional.of(1).optMap(v, string(v))", "optional(string)"},
           {"optional.of(1).optFlatMap(v, optional.of('a'))", "optional(string)"},
           {"e.?tag.optMap(v, size(v)).orValue(0)", "int"},
       }) {
    EXPECT_EQ(TypeOf(c.expr), c.want) << c.expr;
  }
}

TEST(Macros, SayWhatTheyWant) {
  for (const Case& c : std::initializer_list<Case>{
           {"[1].map(i)", "E0305 map wants a variable first, such as map(x, ...)"},
           {"[1].all(1, true)", "E0305 all wants a variable first, such as all(x, ...)"},
           {"[1].transformList(i, i)", "E0305 transformList has the wrong number of arguments"},
           {"1.map(i, i)", "E0301 expected a list or map, this is int"},
           {"[1].all(i, i)", "E0301 expected a bool, this is int"},
           {"{'a': 1}.transformMapEntry(k, v, k)", "E0301 transformMapEntry wants a map of entries, this is string"},
           {"has(e)", "E0305 has() wants a field such as has(e.name)"},
           {"has(e.items[0])", "E0305 has() wants a field such as has(e.name)"},
           {"cel.bind(1, 2, 3)", "E0305 cel.bind wants a name first"},
           {"cel.block(1, 2)", "E0305 cel.block wants a list first"},
           {"cel.index(0)", "E0201 nothing binds this here"},
           {"e.n.optMap(v, v)", "E0301 expected an optional value, this is int"},
       }) {
    EXPECT_EQ(TypeOf(c.expr), c.want) << c.expr;
  }
}

TEST(Macros, BecomeFolds) {
  EXPECT_EQ(IrOf("[1].all(i, i > 0)"), "(fold $2 over $3 (list 1) true $2 (and $2 (_>_ $3 0)) $2)");
  EXPECT_EQ(IrOf("[1].exists(i, i > 0)"), "(fold $2 over $3 (list 1) false (not $2) (or $2 (_>_ $3 0)) $2)");
  EXPECT_EQ(IrOf("[1].filter(i, i > 0)"), "(fold $2 over $3 (list 1) [] true (cond (_>_ $3 0) (_+_ $2 (list $3)) $2) $2)");
  EXPECT_EQ(IrOf("['a'].transformList(i, v, v)"), "(fold $2 over $3, $4 (list \"a\") [] true (_+_ $2 (list $4)) $2)");
  EXPECT_EQ(IrOf("cel.block([1, cel.index(0) + 1], cel.index(1))"), "(let $2 1 (let $3 (_+_ $2 1) $3))");
}

// Each macro that runs while another one does has locals of its own; after that they are free again.
TEST(Macros, BindLocalsByNesting) {
  EXPECT_EQ(IrOf("[1].all(i, [2].all(j, i < j))"),
            "(fold $2 over $3 (list 1) true $2 (and $2 (fold $4 over $5 (list 2) true $4 (and $4 (_<_ $3 $5)) $4)) $2)");
  EXPECT_EQ(IrOf("[1].all(i, i > 0) == [2].all(i, i > 0)"),
            "%0 = (and $2 (_>_ $3 0))\n(_==_ (fold $2 over $3 (list 1) true $2 %0 $2) (fold $2 over $3 (list 2) true $2 %0 $2))");
}

}  // namespace
}  // namespace edict::sema
