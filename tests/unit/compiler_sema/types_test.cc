// Types by themselves: one object each, their text, their kind at run time; the builtin table read as types.
#include "compiler/sema/types.h"

#include <gtest/gtest.h>

#include "compiler/sema/env.h"
#include "compiler/sema/signatures.h"
#include "compiler/sema/suggest.h"

namespace edict::sema {
namespace {

TEST(Types, EqualTypesAreOneObject) {
  TypeTable types;
  TypeRef string = types.Basic(TypeKind::kString);
  EXPECT_EQ(types.List(string), types.List(string));
  EXPECT_EQ(types.Map(string, types.List(string)), types.Map(string, types.List(string)));
  EXPECT_NE(types.List(string), types.Optional(string));
  EXPECT_NE(types.Record({"A", {}}), types.Record({"A", {}})) << "records are told apart by their declaration";
}

TEST(Types, NullableIsFlat) {
  TypeTable types;
  TypeRef text = types.Nullable(types.Basic(TypeKind::kString));
  EXPECT_EQ(types.Nullable(text), text);
  EXPECT_EQ(types.Nullable(types.Basic(TypeKind::kDyn)), types.Basic(TypeKind::kDyn));
  EXPECT_EQ(types.Nullable(types.Basic(TypeKind::kNull)), types.Basic(TypeKind::kNull));
}

TEST(Types, TextIsWhatUsersWrite) {
  TypeTable types;
  TypeRef string = types.Basic(TypeKind::kString);
  EXPECT_EQ(ToText(types.Map(string, types.List(types.Basic(TypeKind::kDyn)))), "map(string, list(dyn))");
  EXPECT_EQ(ToText(types.Optional(types.Nullable(string))), "optional(string or null)");
  EXPECT_EQ(ToText(types.Record({"Item", {}})), "Item");
  EXPECT_EQ(ToText(types.Enum({"phase", {"a"}, 0})), "phase");
}

TEST(Types, KindAtRunTime) {
  TypeTable types;
  EXPECT_EQ(RepOf(types.Enum({"phase", {"a"}, 0})), Kind::kInt);
  EXPECT_EQ(RepOf(types.Record({"Item", {}})), Kind::kMap);
  EXPECT_EQ(RepOf(types.Nullable(types.Basic(TypeKind::kInt))), Node::kAny);
  EXPECT_EQ(RepOf(types.Basic(TypeKind::kDyn)), Node::kAny);
  EXPECT_EQ(RepOf(types.Optional(types.Basic(TypeKind::kInt))), Kind::kOptional);
}

TEST(Signatures, AreReadFromTheTable) {
  TypeTable types;
  const std::vector<Signature>& in = types.signatures().Find("@in", false);
  ASSERT_EQ(in.size(), 2u);
  EXPECT_EQ(in[0].id, static_cast<uint32_t>(BuiltinId::kInList));
  EXPECT_EQ(ToText(in[0].params[1]), "list(A)");
  EXPECT_EQ(in[0].params[0], in[0].params[1]->args[0]);
  EXPECT_EQ(ToText(in[1].params[1]), "map(A, B)");
  const std::vector<Signature>& none = types.signatures().Find("optional.none", false);
  ASSERT_EQ(none.size(), 1u);
  EXPECT_TRUE(none[0].params.empty());
  EXPECT_EQ(ToText(none[0].result), "optional(A)");
  EXPECT_EQ(ToText(types.signatures().Find("containsIP", true)[0].params[1]), "net.IP");
  EXPECT_TRUE(types.signatures().Find("size", true).size() == 4 && types.signatures().Find("nothing", true).empty());
}

TEST(Env, FactsEndWhereTheirNameIsBoundAnew) {
  Env outer;
  outer.Bind("e", {});
  outer.AssumePresent("e.tag");
  Env middle(&outer);
  EXPECT_TRUE(middle.IsPresent("e.tag"));
  Env inner(&middle);
  inner.Bind("e", {});
  EXPECT_FALSE(inner.IsPresent("e.tag"));
  inner.AssumeNotNull("e.tag");
  EXPECT_TRUE(inner.IsNotNull("e.tag"));
  EXPECT_FALSE(middle.IsNotNull("e.tag"));
  EXPECT_EQ(inner.Distance("e"), 0);
  EXPECT_EQ(middle.Distance("e"), 1);
  EXPECT_EQ(middle.Distance("x"), -1);
}

TEST(Suggest, OnlyWhatIsNear) {
  EXPECT_EQ(Nearest("messageid", {"messageId", "timestamp"}), "messageId");
  EXPECT_EQ(Nearest("foo", {"messageId", "timestamp"}), "");
  EXPECT_EQ(DidYouMean("siz", {"size"}), "; did you mean size?");
}

}  // namespace
}  // namespace edict::sema
