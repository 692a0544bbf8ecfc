// The builder: equal nodes are one, constants fold, flags say what a node reads, and kept nodes are renumbered.
#include "compiler/ir/builder.h"

#include <gtest/gtest.h>

#include "compiler/ir/print.h"
#include "compiler/ir/verify.h"

namespace edict::ir {
namespace {

class BuilderTest : public testing::Test {
 protected:
  NodeId Slot(uint32_t slot, Kind rep = Kind::kBool) { return b_.Make(Op::kSlot, rep, slot, {}); }
  NodeId Local(uint32_t local) { return b_.Make(Op::kLocal, Kind::kBool, local, {}); }
  // range.all(x, body(x))
  template <typename Body>
  NodeId All(NodeId range, Body body) {
    Fold fold;
    fold.accu = b_.OpenLocal();
    fold.element = b_.OpenLocal();
    NodeId step = b_.And(Local(fold.accu), body(Local(fold.element)));
    b_.CloseLocal(fold.accu);
    return b_.MakeFold(fold, range, b_.Bool(true), Local(fold.accu), step, Local(fold.accu), Kind::kBool);
  }
  std::string Text(NodeId node) { return PrintNode(b_.program(), node); }
  uint8_t Flags(NodeId node) { return b_.node(node).flags; }

  Builder b_;
};

TEST_F(BuilderTest, EqualNodesAreOne) {
  EXPECT_EQ(b_.And(Slot(0), Slot(1)), b_.And(Slot(0), Slot(1)));
  EXPECT_NE(b_.And(Slot(0), Slot(1)), b_.And(Slot(1), Slot(0)));
  EXPECT_NE(Slot(0, Kind::kInt), Slot(0, Kind::kBool));
  EXPECT_EQ(All(Slot(2), [&](NodeId x) { return x; }), All(Slot(2), [&](NodeId x) { return x; }));
  EXPECT_TRUE(Verify(b_.program()).ok()) << Verify(b_.program()).error().message;
}

TEST_F(BuilderTest, ConstantsAreDeepCopiesAndToldApartByKind) {
  NodeId kept;
  {
    std::string text = "a text that goes away";
    Value inner = Value::String(text);
    MapEntry entry{Value::Int(1), Value::List(&inner, 1)};
    kept = b_.Const(Value::Map(&entry, 1));
    text.assign(text.size(), '#');
  }
  EXPECT_EQ(Text(kept), "{1: [\"a text that goes away\"]}");
  EXPECT_EQ(b_.Const(Value::Int(1)), b_.Const(Value::Int(1)));
  EXPECT_NE(b_.Const(Value::Int(1)), b_.Const(Value::Double(1)));
  EXPECT_NE(b_.Const(Value::Double(0.0)), b_.Const(Value::Double(-0.0)));
  EXPECT_NE(b_.StringConstant("a"), b_.Constant(Value::Bytes("a")));
}

TEST_F(BuilderTest, LogicFoldsWhereSafe) {
  EXPECT_EQ(b_.And(b_.Bool(true), Slot(0)), Slot(0));
  EXPECT_EQ(b_.And(Slot(0), b_.Bool(true)), Slot(0));
  EXPECT_EQ(b_.And(b_.Bool(false), Slot(0)), b_.Bool(false));
  EXPECT_EQ(b_.Or(b_.Bool(true), Slot(0)), b_.Bool(true));
  EXPECT_EQ(b_.Or(Slot(0), b_.Bool(false)), Slot(0));
  EXPECT_EQ(b_.Not(b_.Bool(true)), b_.Bool(false));
}

TEST_F(BuilderTest, FlagsSayWhatIsRead) {
  NodeId open = b_.Make(Op::kScopeOpen, Kind::kBool, 0, {});
  EXPECT_TRUE(Flags(b_.And(Slot(0), open)) & Node::kReadsState);
  EXPECT_FALSE(Flags(Slot(0)) & Node::kReadsState);
  EXPECT_TRUE(Flags(b_.Not(open)) & Node::kTotal);
  EXPECT_FALSE(Flags(b_.Not(Slot(0))) & Node::kTotal) << "the field may be missing";
  NodeId closed = All(Slot(2), [&](NodeId x) { return x; });
  EXPECT_FALSE(Flags(closed) & Node::kReadsLocal) << "it binds all that it reads";
  uint32_t local = b_.OpenLocal();
  NodeId reads = All(Slot(2), [&](NodeId x) { return b_.And(x, Local(local)); });
  EXPECT_TRUE(Flags(reads) & Node::kReadsLocal);
  EXPECT_FALSE(Flags(b_.Make(Op::kLet, Kind::kBool, local, {Slot(0), reads})) & Node::kReadsLocal);
}

// A node that is kept under a name and used inside a macro must not overwrite that macro's locals.
TEST_F(BuilderTest, KeptNodesAreRenumberedWhereMoreIsOpen) {
  NodeId kept = All(Slot(2), [&](NodeId x) { return x; });
  EXPECT_EQ(b_.Inside(kept), kept);
  NodeId outer = All(Slot(3), [&](NodeId x) { return b_.Or(b_.Inside(kept), x); });
  EXPECT_EQ(Text(outer), "(fold $0 over $1 slot 3 true $0 (and $0 (or (fold $2 over $3 slot 2 true $2 (and $2 $3) $2) $1)) $0)");
  EXPECT_EQ(b_.program().local_count, 4u);
  EXPECT_EQ(b_.Inside(Slot(0)), Slot(0));
}

TEST_F(BuilderTest, RenumberingLeavesOuterLocals) {
  uint32_t outer = b_.OpenLocal();
  NodeId kept = All(Slot(2), [&](NodeId x) { return b_.And(x, Local(outer)); });
  uint32_t more = b_.OpenLocal();
  EXPECT_EQ(Text(b_.Inside(kept)), "(fold $2 over $3 slot 2 true $2 (and $2 (and $3 $0)) $2)");
  b_.CloseLocal(more);
  EXPECT_TRUE(Verify(b_.program()).ok()) << Verify(b_.program()).error().message;
}

// Nodes are graphs: text and renumbering take time by their nodes, not by their paths.
TEST_F(BuilderTest, SharedNodesAreHandledOnce) {
  NodeId node = All(Slot(2), [&](NodeId x) { return x; });
  for (int i = 0; i < 60; ++i) node = b_.Make(Op::kCond, Kind::kBool, kNone, {Slot(0), node, b_.Not(node)});
  b_.OpenLocal();
  NodeId renumbered = b_.Inside(node);
  EXPECT_NE(renumbered, node);
  EXPECT_LT(Text(renumbered).size(), 10'000u);
}

}  // namespace
}  // namespace edict::ir
