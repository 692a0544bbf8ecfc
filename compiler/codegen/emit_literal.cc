// [a, ?b] and {k: v, ?k: v}, built in the event's arena.
#include "compiler/codegen/node_emitter.h"
#include "runtime/program/op_info.h"

namespace edict::codegen {

bool NodeEmitter::IsOptionalElement(const Node& node, uint32_t i) const { return node.imm != kNone && f_.Text(node.imm)[i] == 1; }

Operand NodeEmitter::UnwrapOptional(const Operand& element, llvm::BasicBlock* next) {
  Operand optional = f_.Require(element, Kind::kOptional);
  llvm::BasicBlock* some = f_.NewBlock("some");
  b_.CreateCondBr(b_.CreateICmpEQ(optional.second, f_.Word(0)), next, some);
  f_.Enter(some);
  return f_.Load(f_.Pointer(optional));
}

Operand NodeEmitter::EmitList(const Node& node) {
  uint32_t count = node.arg_count;
  if (count == 0) return f_.OfSize(Kind::kList, f_.Word(0), f_.Word(0));
  f_.Spend(LiteralCost(node));
  llvm::Value* items = f_.Call("edict_native_allocate", b_.getPtrTy(), {f_.frame(), f_.Word(count * sizeof(Value))}, Effects::kAny);
  llvm::AllocaInst* used = f_.Variable(b_.getInt64Ty(), "used");
  b_.CreateStore(f_.Word(0), used);
  for (uint32_t i = 0; i < count; ++i) {
    llvm::BasicBlock* next = f_.NewBlock("next");
    Operand item = Emit(f_.Arg(node, i));
    if (IsOptionalElement(node, i)) item = UnwrapOptional(item, next);
    llvm::Value* at = b_.CreateLoad(b_.getInt64Ty(), used);
    f_.Store(item, f_.ValueAt(items, at));
    b_.CreateStore(b_.CreateAdd(at, f_.Word(1)), used);
    b_.CreateBr(next);
    f_.Enter(next);
  }
  llvm::Value* size = b_.CreateLoad(b_.getInt64Ty(), used);
  return f_.OfSize(Kind::kList, size, b_.CreatePtrToInt(items, b_.getInt64Ty()));
}

Operand NodeEmitter::EmitMap(const Node& node) {
  uint32_t count = node.arg_count / 2;
  if (count == 0) return f_.OfSize(Kind::kMap, f_.Word(0), f_.Word(0));
  f_.Spend(LiteralCost(node));
  llvm::Value* entries =
      f_.Call("edict_native_allocate", b_.getPtrTy(), {f_.frame(), f_.Word(count * sizeof(MapEntry))}, Effects::kAny);
  llvm::AllocaInst* used = f_.Variable(b_.getInt64Ty(), "used");
  b_.CreateStore(f_.Word(0), used);
  for (uint32_t i = 0; i < count; ++i) {
    llvm::BasicBlock* next = f_.NewBlock("next");
    Operand key = f_.Box(Emit(f_.Arg(node, 2 * i)));
    Operand value = Emit(f_.Arg(node, 2 * i + 1));
    if (IsOptionalElement(node, i)) value = UnwrapOptional(value, next);
    llvm::Value* at = b_.CreateLoad(b_.getInt64Ty(), used);
    f_.FailIf(
        b_.CreateNot(f_.CallForBit("edict_native_key_allowed", {f_.frame(), key.first, key.second, entries, at}, Effects::kAny)));
    llvm::Value* place = b_.CreateShl(at, f_.Word(1));
    f_.Store(key, f_.ValueAt(entries, place));
    f_.Store(value, f_.ValueAt(entries, b_.CreateAdd(place, f_.Word(1))));
    b_.CreateStore(b_.CreateAdd(at, f_.Word(1)), used);
    b_.CreateBr(next);
    f_.Enter(next);
  }
  llvm::Value* size = b_.CreateLoad(b_.getInt64Ty(), used);
  return f_.OfSize(Kind::kMap, size, b_.CreatePtrToInt(entries, b_.getInt64Ty()));
}

}  // namespace edict::codegen
