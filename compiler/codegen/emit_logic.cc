// && || ?:, let, and the alternatives of optionals: what evaluates its operands by need.
#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {

// The operands of a chain, a && b && c, however it nests, from left to right.
void NodeEmitter::CollectOperands(const Node& node, std::vector<uint32_t>& operands) {
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    uint32_t arg = f_.Arg(node, i);
    if (f_.At(arg).op == node.op && operands.size() < kMaxNodes) {
      CollectOperands(f_.At(arg), operands);
    } else {
      operands.push_back(arg);
    }
  }
}

// a && b (a || b): the first operand that decides ends it; where none does, an operand that was an error is the result.
Operand NodeEmitter::EmitLogic(const Node& node) {
  bool deciding = node.op == Op::kOr;
  std::vector<uint32_t> operands;
  CollectOperands(node, operands);
  llvm::BasicBlock* decided = f_.NewBlock("decided");
  llvm::AllocaInst* any_failed = f_.Variable(b_.getInt1Ty(), "any_failed");
  b_.CreateStore(b_.getFalse(), any_failed);
  for (uint32_t operand : operands) {
    llvm::BasicBlock* operand_failed = f_.NewBlock("operand_failed");
    llvm::BasicBlock* next = f_.NewBlock("next_operand");
    llvm::BasicBlock* outer = f_.SetFailed(operand_failed);
    llvm::Value* value = EmitBool(operand);
    f_.SetFailed(outer);
    b_.CreateCondBr(value, deciding ? decided : next, deciding ? next : decided);
    if (operand_failed->hasNPredecessorsOrMore(1)) {
      f_.Enter(operand_failed);
      b_.CreateStore(b_.getTrue(), any_failed);
      b_.CreateBr(next);
    } else {
      operand_failed->eraseFromParent();
    }
    f_.Enter(next);
  }
  f_.FailIf(b_.CreateLoad(b_.getInt1Ty(), any_failed));
  Join join(f_);
  join.Add(f_.Bool(b_.getInt1(!deciding)));
  f_.Enter(decided);
  join.Add(f_.Bool(b_.getInt1(deciding)));
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
  const uint32_t optional = f_.Arg(node, 0);
  llvm::BasicBlock* none = f_.NewBlock("none");
  llvm::BasicBlock* some = f_.NewBlock("some");
  Join join(f_);
  if (node.op == Op::kOptOrValue && HasPlainInside(optional)) {
    Operand inside = EmitInside(optional);
    b_.CreateCondBr(f_.IsKind(inside, Kind::kAbsent), none, some);
    f_.Enter(some);
    join.Add(inside);
  } else {
    Operand a = f_.Require(Emit(optional), Kind::kOptional);
    b_.CreateCondBr(b_.CreateICmpEQ(a.second, f_.Word(0)), none, some);
    f_.Enter(some);
    join.Add(node.op == Op::kOptOr ? a : f_.Load(f_.Pointer(a)));
  }
  f_.Enter(none);
  join.Add(Emit(f_.Arg(node, 1)));
  return join.Meet("alternative");
}

}  // namespace edict::codegen
