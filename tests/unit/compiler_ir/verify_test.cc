// The verifier finds what a faulty pass would leave.
#include "compiler/ir/verify.h"

#include <gtest/gtest.h>

#include "compiler/ir/builder.h"
#include "compiler/ir/print.h"

namespace edict::ir {
namespace {

std::string Fault(const Program& program) {
  Status status = Verify(program);
  return status.ok() ? "" : status.error().message;
}

TEST(Verify, AcceptsWhatTheBuilderMakes) {
  Builder b;
  uint32_t local = b.OpenLocal();
  NodeId read = b.Make(Op::kLocal, Kind::kInt, local, {});
  b.Make(Op::kLet, Kind::kInt, local, {b.Const(Value::Int(1)), read});
  b.Make(Op::kCond, Node::kAny, kNone, {b.Make(Op::kSlot, Kind::kBool, 0, {}), read, b.Const(Value::Null())});
  EXPECT_EQ(Fault(b.program()), "");
}

TEST(Verify, FindsAKindThatCannotBe) {
  Builder b;
  b.Make(Op::kPresent, Kind::kInt, 0, {});
  EXPECT_EQ(Fault(b.program()), "node 0 (present) has a kind that it cannot have");
  Builder other;
  NodeId one = other.Const(Value::Int(1));
  other.Make(Op::kCond, Kind::kString, kNone, {other.Bool(true), one, one});
  EXPECT_EQ(Fault(other.program()), "node 2 (cond) differs in kind from what it passes on");
}

TEST(Verify, FindsWrongFlagsAndTwins) {
  Builder b;
  b.Bool(true);
  b.Make(Op::kSlot, Kind::kBool, 0, {});
  b.program().nodes[1].flags |= Node::kReadsState;
  EXPECT_EQ(Fault(b.program()), "node 1 (slot) does not say whether it reads state");
  b.program().nodes[1] = b.program().nodes[0];
  EXPECT_EQ(Fault(b.program()), "node 1 (const) is the same as an earlier one");
}

TEST(Verify, FindsWhatNoRunnerCouldBear) {
  Builder b;
  b.Make(Op::kSlot, Kind::kBool, 0, {});
  b.program().nodes[0].op = Op::kNot;
  EXPECT_EQ(Fault(b.program()), "the compiled program is damaged: a node has the wrong number of operands");
}

TEST(Verify, FindsALocalBoundTwice) {
  Builder b;
  uint32_t local = b.OpenLocal();
  Fold fold;
  fold.accu = local;
  fold.element = local;
  NodeId accu = b.Make(Op::kLocal, Kind::kBool, local, {});
  b.MakeFold(fold, b.Make(Op::kSlot, Kind::kList, 0, {}), b.Bool(true), accu, accu, accu, Kind::kBool);
  EXPECT_EQ(Fault(b.program()), "node 3 (fold) binds one local twice");
}

// Overwritten while it is still read: what Builder::Inside is there to prevent.
TEST(Verify, FindsALocalThatIsOverwritten) {
  Builder b;
  Fold fold;
  fold.accu = b.OpenLocal();
  fold.element = b.OpenLocal();
  NodeId accu = b.Make(Op::kLocal, Kind::kBool, fold.accu, {});
  NodeId inner = b.MakeFold(fold, b.Make(Op::kSlot, Kind::kList, 0, {}), b.Bool(true), accu, accu, accu, Kind::kBool);
  b.MakeFold(fold, b.Make(Op::kSlot, Kind::kList, 1, {}), b.Bool(true), accu, b.And(accu, inner), accu, Kind::kBool);
  EXPECT_EQ(Fault(b.program()), "node 6 (fold) holds a node that overwrites its locals");
}

}  // namespace
}  // namespace edict::ir
