// Comprehensions as loops: see Fold of runtime/program/program.h, and runtime/interp/fold.cc for what they must compute.
#include <algorithm>

#include "compiler/codegen/node_emitter.h"
#include "runtime/program/op_info.h"

namespace edict::codegen {
namespace {

// Items of the first buffer.
constexpr uint64_t kLeastRoom = 8;
constexpr uint64_t kMostRoom = 256;
constexpr uint64_t kMaxCopiedMap = 64;
constexpr uint32_t kSmallRound = 24;  // nodes

// Both tiers grow a mapping or filtering fold's list in place, beginning with the list that the fold begins with.
bool Grows(const Program& program, const interp::Append& append, uint32_t init, const Operand& first) {
  Op op = program.nodes[init].op;
  return append.element != kNone && first.kind == Kind::kList && (op == Op::kConst || op == Op::kList);
}

}  // namespace

GrowingList::GrowingList(FunctionBuilder& f, const Operand& first)
    : items_(f.Variable(f.b().getPtrTy(), "items")),
      end_(f.Variable(f.b().getPtrTy(), "items_end")),
      limit_(f.Variable(f.b().getPtrTy(), "items_limit")) {
  llvm::Value* end = f.ValueAt(f.Pointer(first), f.SizeOf(first));
  f.b().CreateStore(f.Pointer(first), items_);
  f.b().CreateStore(end, end_);
  f.b().CreateStore(end, limit_);
}

Operand GrowingList::Get(FunctionBuilder& f) const {
  llvm::IRBuilder<>& b = f.b();
  llvm::Value* items = b.CreatePtrToInt(b.CreateLoad(b.getPtrTy(), items_), b.getInt64Ty());
  llvm::Value* end = b.CreatePtrToInt(b.CreateLoad(b.getPtrTy(), end_), b.getInt64Ty());
  static_assert(sizeof(Value) == 16);
  return f.OfSize(Kind::kList, b.CreateLShr(b.CreateSub(end, items), f.Word(4), "", true), items);
}

void GrowingList::Append(FunctionBuilder& f, const Operand& item, llvm::Value* room) const {
  llvm::IRBuilder<>& b = f.b();
  llvm::BasicBlock* full = f.NewBlock("full");
  llvm::BasicBlock* fits = f.NewBlock("fits");
  llvm::Value* end = b.CreateLoad(b.getPtrTy(), end_);
  f.BranchLikely(b.CreateICmpNE(end, b.CreateLoad(b.getPtrTy(), limit_)), fits, full);
  f.Enter(full);
  Operand list = Get(f);
  llvm::Value* size = f.SizeOf(list);
  llvm::Value* capacity = b.CreateBinaryIntrinsic(llvm::Intrinsic::umax, b.CreateShl(size, f.Word(1)), room);
  llvm::Value* grown = f.Call("edict_native_grow", b.getPtrTy(), {f.frame(), f.Pointer(list), size, capacity}, Effects::kAny);
  b.CreateStore(grown, items_);
  b.CreateStore(f.ValueAt(grown, size), end_);
  b.CreateStore(f.ValueAt(grown, capacity), limit_);
  b.CreateBr(fits);
  f.Enter(fits);
  llvm::Value* place = b.CreateLoad(b.getPtrTy(), end_);
  f.Store(item, place);
  b.CreateStore(f.ValueAt(place, f.Word(1)), end_);
}

// Whether there are at most `left` nodes, and no loop among them.
bool NodeEmitter::IsSmall(uint32_t id, uint32_t& left) const {
  const Node& node = f_.At(id);
  if (left == 0 || node.op == Op::kFold) return false;
  --left;
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    if (!IsSmall(f_.Arg(node, i), left)) return false;
  }
  return true;
}

// Whether a condition takes no fuel and does not read what the fold goes through, as that of every macro.
bool NodeEmitter::IsEarlyCondition(uint32_t id, const Fold& fold) const {
  const Node& node = f_.At(id);
  if (node.op == Op::kNot) return IsEarlyCondition(f_.Arg(node, 0), fold);
  return node.op == Op::kConst || (node.op == Op::kLocal && node.imm != fold.element && node.imm != fold.second);
}

Operand NodeEmitter::EmitFold(const Node& node) {
  const Program& program = f_.program();
  const Fold& fold = program.folds[node.imm];
  Operand range = Emit(f_.Arg(node, 0));
  // Rare errors, of what a fold begins with or appends, are left to the interpreter.
  llvm::BasicBlock* outer = f_.SetFailed(f_.again());
  uint32_t init = f_.Arg(node, 1);
  uint32_t step = f_.Arg(node, 3);
  Operand first = Emit(init);
  interp::Append append = interp::FindAppend(program, step, fold.accu);
  bool grows = Grows(program, append, init, first);
  if (append.element != kNone && !grows) f_.AgainIf(b_.getTrue());
  // The interpreter grows maps in place, native code copies them.
  if (append.entry.key != kNone && range.is_boxed()) f_.AgainIf(b_.CreateICmpUGT(f_.SizeOf(range), f_.Word(kMaxCopiedMap)));

  Local accu;
  accu.is_accumulator = true;
  accu.grows = grows;
  accu.is_failed = f_.Variable(b_.getInt1Ty(), "is_failed");
  b_.CreateStore(b_.getFalse(), accu.is_failed);
  if (grows) {
    accu.list = GrowingList(f_, first);
  } else {
    accu.storage = Storage(f_, program.nodes[step].rep == first.kind ? first.kind : Node::kAny);
    accu.storage.Set(f_, first);
  }
  locals_[fold.accu] = accu;
  // Room to begin with: for a result as long as the range, within reason.
  llvm::Value* room = f_.Word(kLeastRoom);
  if (range.is_boxed()) {
    llvm::Value* wanted = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, f_.SizeOf(range), f_.Word(kMostRoom));
    room = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umax, wanted, room);
  }

  f_.SetFailed(outer);
  const uint32_t condition = f_.Arg(node, 2);
  const bool is_early = IsEarlyCondition(condition, fold);
  Rounds rounds;
  rounds.cost = RoundCost(node);
  if (is_early) rounds.condition = [&](llvm::BasicBlock* end) { EmitFoldCondition(condition, end); };
  uint32_t most = kSmallRound;
  rounds.is_small = IsSmall(condition, most) && IsSmall(step, most);
  rounds.body = [&](const Element& element, llvm::BasicBlock* end) {
    bool one = fold.second == kNone;
    locals_[fold.element].value = one ? element.single : element.key;
    if (!one) locals_[fold.second].value = element.value;
    if (!is_early) EmitFoldCondition(condition, end);
    if (grows) {
      EmitAppend(append, accu, room);
    } else {
      EmitStep(step, accu);
    }
    locals_.erase(fold.element);
    if (!one) locals_.erase(fold.second);
  };
  EmitEach(range, rounds);
  f_.SetFailed(outer);
  Operand result = Emit(f_.Arg(node, 4));
  locals_.erase(fold.accu);
  return result;
}

// Leaves the loop where the condition is false. One that is an error, or no bool, goes on: the step will meet the same.
void NodeEmitter::EmitFoldCondition(uint32_t condition, llvm::BasicBlock* end) {
  llvm::BasicBlock* go_on = f_.NewBlock("step");
  llvm::BasicBlock* outer = f_.SetFailed(go_on);
  llvm::Value* holds = EmitBool(condition);
  f_.SetFailed(outer);
  b_.CreateCondBr(holds, go_on, end);
  f_.Enter(go_on);
}

// accu = step; an error is kept in it, since a later step may absorb it.
void NodeEmitter::EmitStep(uint32_t step, const Local& accu) {
  llvm::BasicBlock* step_failed = f_.NewBlock("step_failed");
  llvm::BasicBlock* outer = f_.SetFailed(step_failed);
  Operand value = Emit(step);
  f_.SetFailed(outer);
  if (accu.storage.kind() != Node::kAny && value.kind != accu.storage.kind()) {
    f_.AgainIf(b_.getTrue());
    value = f_.Undefined(accu.storage.kind());
  }
  accu.storage.Set(f_, value);
  b_.CreateStore(b_.getFalse(), accu.is_failed);
  if (!step_failed->hasNPredecessorsOrMore(1)) {
    step_failed->eraseFromParent();
    return;
  }
  llvm::BasicBlock* next = f_.NewBlock("next");
  b_.CreateBr(next);
  f_.Enter(step_failed);
  b_.CreateStore(b_.getTrue(), accu.is_failed);
  b_.CreateBr(next);
  f_.Enter(next);
}

void NodeEmitter::EmitAppend(const interp::Append& append, const Local& accu, llvm::Value* room) {
  llvm::BasicBlock* outer = f_.SetFailed(f_.again());
  llvm::BasicBlock* next = f_.NewBlock("next");
  if (append.condition != kNone) {
    llvm::BasicBlock* taken = f_.NewBlock("taken");
    b_.CreateCondBr(EmitBool(append.condition), taken, next);
    f_.Enter(taken);
  }
  Operand element = Emit(append.element);
  f_.SetFailed(outer);
  f_.Spend(OverloadAt(static_cast<uint32_t>(Builtin::kAddList)).cost);
  accu.list.Append(f_, element, room);
  b_.CreateBr(next);
  f_.Enter(next);
}

}  // namespace edict::codegen
