// Optional and nullable fields: what must be tested before it is read, and what counts as a test.
#include <gtest/gtest.h>

#include "tests/unit/compiler_sema/testing.h"

namespace edict::sema {
namespace {

const char kTagAbsent[] = "E0303 the field \"tag\" may be absent: test it with has(), or read it with .?tag";
const char kNameAbsent[] = "E0303 the field \"name\" may be absent: test it with has(), or read it with .?name";
const char kNoteNull[] = "E0304 an operand may be null (string or null): test it with != null first";

TEST(Optional, IsNotReadUntested) {
  for (const char* expr : {"e.tag", "has(e.tag) || e.tag == 'x'", "!has(e.tag) && e.tag == 'x'", "!has(e.tag) ? e.tag : ''",
                           "has(e.tag) ? '' : e.tag", "has(e.id) && e.tag == ''", "[1].all(i, e.tag == '')"}) {
    EXPECT_EQ(TypeOf(expr), kTagAbsent) << expr;
  }
  EXPECT_EQ(TypeOf("e.items[0].name"), kNameAbsent);
  EXPECT_EQ(TypeOf("has(e.items[0].name) && e.items[0].name == ''"), kNameAbsent) << "an index is no path";
  EXPECT_EQ(TypeOf("e.outcome.type"), "E0303 the field \"outcome\" may be absent: test it with has(), or read it with .?outcome");
}

TEST(Optional, IsReadWhereTested) {
  for (const char* expr :
       {"has(e.tag) && e.tag == 'x'", "!has(e.tag) || e.tag == 'x'", "(has(e.tag) ? e.tag : '') == ''",
        "!(!has(e.tag) || e.n > 1) && e.tag == ''", "has(e.tag) && e.n > 1 && e.tag == ''", "has(e.tag) && [1].all(i, e.tag == '')",
        "e.items.all(m, has(m.name) && m.name != '')", "has(e.outcome) && has(e.outcome.code) && e.outcome.code > 1"}) {
    EXPECT_EQ(TypeOf(expr), "bool") << expr;
  }
}

TEST(Optional, AFactIsOnlyOfItsOwnName) {
  EXPECT_EQ(TypeOf("has(e.tag) && e.items.all(e, e.name != '')"), kNameAbsent);
  EXPECT_EQ(TypeOf("has(e.tag) && [{'tag': 1}].all(e, e.tag == 1)"), "bool");
  EXPECT_EQ(TypeOf("e.items.exists(m, has(m.name) && e.items.all(m, m.name == ''))"), kNameAbsent);
}

TEST(Optional, IsReadAsOptional) {
  EXPECT_EQ(TypeOf("e.?tag"), "optional(string)");
  EXPECT_EQ(IrOf("e.?tag"), "(opt slot 1)");
  EXPECT_EQ(IrOf("e.?outcome.?code.orValue(0)"), "(opt_or_value (opt_field \"code\" (opt slot 5)) 0)");
  EXPECT_EQ(IrOf("e.items[0].?name"), "(opt_field \"name\" (index slot 4 0))");
  EXPECT_EQ(IrOf("has(e.tag)"), "(present slot 1)");
  EXPECT_EQ(IrOf("has(e.id)"), "true") << "always there";
}

TEST(Optional, AFieldOfOtherEventTypesIsAbsent) {
  EXPECT_EQ(IrOf("has(e.elsewhere)"), "false");
  EXPECT_EQ(IrOf("e.?elsewhere"), "optional.none()");
  EXPECT_EQ(TypeOf("e.elsewhere"), "E0303 the field \"elsewhere\" may be absent: test it with has(), or read it with .?elsewhere");
}

TEST(Optional, TheWholeEventIsDynamic) {
  EXPECT_EQ(IrOf("dyn(e)"), "event");
  EXPECT_EQ(IrOf("has(dyn(e).foo) && dyn(e).foo == 1"), "(and (has_field \"foo\" event) (_==_ (field \"foo\" event) 1))");
}

TEST(Nullable, IsComparedButNotUsed) {
  EXPECT_EQ(TypeOf("e.note"), "string or null");
  EXPECT_EQ(TypeOf("e.note == null"), "bool");
  EXPECT_EQ(TypeOf("e.note != null && e.note != null"), "bool");
  EXPECT_EQ(TypeOf("e.note == 'x'"), "bool");
  EXPECT_EQ(TypeOf("e.?note"), "optional(string or null)");
  for (const char* expr : {"e.note.size() > 1", "e.note == null && e.note.size() > 1", "e.note != null || e.note.size() > 1"}) {
    EXPECT_EQ(TypeOf(expr), kNoteNull) << expr;
  }
  EXPECT_EQ(TypeOf("short(e.note)"), "E0301 \"s\" is string, this is string or null");
}

TEST(Nullable, IsUsedWhereTested) {
  for (const char* expr : {"e.note != null && e.note.size() > 1", "null != e.note && e.note.size() > 1",
                           "e.note == null || e.note.size() > 1", "e.note == null ? true : short(e.note)"}) {
    EXPECT_EQ(TypeOf(expr), "bool") << expr;
  }
}

TEST(Facts, OfAGuardHoldAfterIt) {
  World world;
  world.AssumeWhen("has(e.tag) && !(e.note == null)");
  EXPECT_EQ(world.Type("e.tag + e.note"), "string");
  World other;
  other.AssumeWhen("has(e.tag) || e.note != null");
  EXPECT_EQ(other.Type("e.tag"), kTagAbsent);
}

TEST(Facts, OfACellThatMayBeUnset) {
  EXPECT_EQ(TypeOf("last"), "E0303 the cell \"last\" may be unset: test has(last) first");
  EXPECT_EQ(IrOf("has(last) && last == 'x'"), "(and (cell_has last) (_==_ (cell last) \"x\"))");
  EXPECT_EQ(TypeOf("!has(last) || size(last) > 1"), "bool");
  EXPECT_EQ(IrOf("has(total)"), "true");
}

}  // namespace
}  // namespace edict::sema
