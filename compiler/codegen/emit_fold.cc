// Comprehensions as loops: see Fold of runtime/program/program.h, and runtime/interp/fold.cc for what they must compute.
#include <algorithm>

#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {
namespace {

constexpr uint64_t kFirstCapacity = 8;
constexpr uint64_t kMaxFirstCapacity = 64;
constexpr uint64_t kMaxCopiedMap = 64;

// Both tiers grow a mapping or filtering fold's list in place, beginning with the list that the fold begins with.
bool Grows(const Program& program, const interp::Append& append, uint32_t init, const Operand& first) {
  Op op = program.nodes[init].op;
  return append.element != kNone && first.kind == Kind::kList && (op == Op::kConst || op == Op::kList);
}

}  // namespace

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
  bool keeps_kind = grows || program.nodes[step].rep == first.kind;
  accu.storage = Storage(f_, keeps_kind ? first.kind : Node::kAny);
  accu.is_failed = f_.Variable(b_.getInt1Ty(), "is_failed");
  accu.storage.Set(f_, first);
  b_.CreateStore(b_.getFalse(), accu.is_failed);
  llvm::AllocaInst* capacity = f_.Variable(b_.getInt64Ty(), "capacity");
  b_.CreateStore(f_.Word(0), capacity);
  locals_[fold.accu] = accu;
  // Room to begin with: for a result as long as the range, within reason.
  llvm::Value* least = f_.Word(kFirstCapacity);
  if (range.is_boxed()) {
    llvm::Value* wanted = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, f_.SizeOf(range), f_.Word(kMaxFirstCapacity));
    least = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umax, wanted, least);
  }

  f_.SetFailed(outer);
  EmitEach(range, [&](const Element& element, llvm::BasicBlock* end) {
    bool one = fold.second == kNone;
    locals_[fold.element].value = one ? element.single : element.key;
    if (!one) locals_[fold.second].value = element.value;
    EmitFoldCondition(f_.Arg(node, 2), end);
    if (grows) {
      EmitAppend(append, accu, capacity, least);
    } else {
      EmitStep(step, accu);
    }
    locals_.erase(fold.element);
    if (!one) locals_.erase(fold.second);
  });
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

void NodeEmitter::EmitAppend(const interp::Append& append, const Local& accu, llvm::AllocaInst* capacity, llvm::Value* least) {
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

  Operand list = accu.storage.Get(f_);
  llvm::Value* size = f_.SizeOf(list);
  llvm::Value* room = b_.CreateLoad(b_.getInt64Ty(), capacity);
  llvm::BasicBlock* full = f_.NewBlock("full");
  llvm::BasicBlock* fits = f_.NewBlock("fits");
  llvm::BasicBlock* before = b_.GetInsertBlock();
  b_.CreateCondBr(b_.CreateICmpULT(size, room), fits, full);
  f_.Enter(full);
  llvm::Value* twice = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umax, b_.CreateShl(size, f_.Word(1)), least);
  llvm::Value* grown = f_.Call("edict_native_grow", b_.getPtrTy(), {f_.frame(), f_.Pointer(list), size, twice}, Effects::kAny);
  b_.CreateStore(twice, capacity);
  llvm::Value* moved = b_.CreatePtrToInt(grown, b_.getInt64Ty());
  b_.CreateBr(fits);
  f_.Enter(fits);
  llvm::PHINode* items = b_.CreatePHI(b_.getInt64Ty(), 2);
  items->addIncoming(list.second, before);
  items->addIncoming(moved, full);
  f_.Store(element, f_.ValueAt(b_.CreateIntToPtr(items, b_.getPtrTy()), size));
  accu.storage.Set(f_, f_.OfSize(Kind::kList, b_.CreateAdd(size, f_.Word(1)), items));
  b_.CreateBr(next);
  f_.Enter(next);
}

}  // namespace edict::codegen
