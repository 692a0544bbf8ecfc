// && || ?:, let, and the alternatives of optionals: what evaluates its operands by need.
#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {

// a && b (a || b): decided by a where it can; otherwise the result is b, and where a was an error, b must decide.
Operand NodeEmitter::EmitLogic(const Node& node) {
  bool deciding = node.op == Op::kOr;
  llvm::BasicBlock* a_failed = f_.NewBlock("left_failed");
  llvm::BasicBlock* outer = f_.SetFailed(a_failed);
  llvm::Value* a = EmitBool(f_.Arg(node, 0));
  f_.SetFailed(outer);
  llvm::BasicBlock* a_end = b_.GetInsertBlock();
  llvm::BasicBlock* decided = f_.NewBlock("decided");
  llvm::BasicBlock* second = f_.NewBlock("second");
  b_.CreateCondBr(deciding ? a : b_.CreateNot(a), decided, second);
  Join join(f_);
  f_.Enter(decided);
  join.Add(f_.Bool(b_.getInt1(deciding)));

  llvm::PHINode* was_error = nullptr;
  if (a_failed->hasNPredecessorsOrMore(1)) {
    f_.Enter(a_failed);
    b_.CreateBr(second);
    f_.Enter(second);
    was_error = b_.CreatePHI(b_.getInt1Ty(), 2);
    was_error->addIncoming(b_.getFalse(), a_end);
    was_error->addIncoming(b_.getTrue(), a_failed);
  } else {
    a_failed->eraseFromParent();
    f_.Enter(second);
  }
  llvm::Value* b = EmitBool(f_.Arg(node, 1));
  if (was_error != nullptr) f_.FailIf(b_.CreateAnd(was_error, deciding ? b_.CreateNot(b) : b));
  join.Add(f_.Bool(b));
  return join.Meet("logic");
}

Operand NodeEmitter::EmitConditional(const Node& node) {
  llvm::Value* condition = EmitBool(f_.Arg(node, 0));
  llvm::BasicBlock* yes = f_.NewBlock("then");
  llvm::BasicBlock* no = f_.NewBlock("else");
  b_.CreateCondBr(condition, yes, no);
  Join join(f_);
  f_.Enter(yes);
  join.Add(Emit(f_.Arg(node, 1)));
  f_.Enter(no);
  join.Add(Emit(f_.Arg(node, 2)));
  return join.Meet("chosen");
}

// An error counts only where the local is read: rare enough to leave it to the interpreter.
Operand NodeEmitter::EmitLet(const Node& node) {
  llvm::BasicBlock* outer = f_.SetFailed(f_.again());
  Local local;
  local.value = Emit(f_.Arg(node, 0));
  f_.SetFailed(outer);
  locals_[node.imm] = local;
  Operand body = Emit(f_.Arg(node, 1));
  locals_.erase(node.imm);
  return body;
}

// a.or(b): an optional; a.orValue(b): a value.
Operand NodeEmitter::EmitOptionalElse(const Node& node) {
  Operand a = f_.Require(Emit(f_.Arg(node, 0)), Kind::kOptional);
  llvm::BasicBlock* none = f_.NewBlock("none");
  llvm::BasicBlock* some = f_.NewBlock("some");
  b_.CreateCondBr(b_.CreateICmpEQ(a.second, f_.Word(0)), none, some);
  Join join(f_);
  f_.Enter(some);
  join.Add(node.op == Op::kOptOr ? a : f_.Load(f_.Pointer(a)));
  f_.Enter(none);
  join.Add(Emit(f_.Arg(node, 1)));
  return join.Meet("alternative");
}

}  // namespace edict::codegen
