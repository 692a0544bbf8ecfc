#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {
Storage::Storage(FunctionBuilder& f, Kind kind) : kind_(kind) {
  Operand sample = f.Undefined(kind);
  if (sample.first != nullptr) first_ = f.Variable(sample.first->getType(), "variable");
  if (sample.second != nullptr) second_ = f.Variable(sample.second->getType(), "variable");
}

Operand Storage::Get(FunctionBuilder& f) const {
  const auto load = [&](llvm::AllocaInst* from) -> llvm::Value* {
    return from != nullptr ? f.b().CreateLoad(from->getAllocatedType(), from) : nullptr;
  };
  llvm::Value* first = load(first_);
  return {kind_, first, load(second_)};
}

void Storage::Set(FunctionBuilder& f, const Operand& value) const {
  Operand kept = value.kind == kind_ ? value : f.Box(value);
  if (first_ != nullptr) f.b().CreateStore(kept.first, first_);
  if (second_ != nullptr) f.b().CreateStore(kept.second, second_);
}

Operand NodeEmitter::Emit(uint32_t id) {
  const Node& node = f_.At(id);
  ++f_.context().nodes;
  if (++emitted_ > kMaxNodes) {
    b_.CreateBr(f_.again());
    f_.Enter(f_.NewBlock("dead"));
    return f_.Undefined(node.rep);
  }
  Operand by_state;
  if (EmitByState(id, &by_state)) return by_state;
  return f_.Conform(EmitOperation(id), node.rep);
}

llvm::Value* NodeEmitter::EmitBool(uint32_t node) { return f_.Require(Emit(node), Kind::kBool).first; }

Operand NodeEmitter::EmitOperation(uint32_t id) {
  const Node& node = f_.At(id);
  switch (node.op) {
    case Op::kConst:
      return f_.Constant(node.imm);
    case Op::kSlot:
      return EmitSlot(node);
    case Op::kPresent:
      return f_.Bool(b_.CreateNot(f_.IsKind(f_.LoadInvariant(f_.ValueAt(f_.slots(), f_.Word(node.imm))), Kind::kAbsent)));
    case Op::kOptSlot:
      return EmitOptionalSlot(node);
    case Op::kEvent:
      return f_.Unbox(Kind::kMap, f_.CallForValue("edict_native_event", {f_.frame()}, Effects::kReadsOnly));
    case Op::kLocal:
      return EmitLocal(node);
    case Op::kLet:
      return EmitLet(node);
    case Op::kField:
      return EmitField(node);
    case Op::kHasField:
      return EmitHasField(node);
    case Op::kOptField:
      return EmitOptionalField(node);
    case Op::kIndex:
    case Op::kOptIndex:
      return EmitIndex(node);
    case Op::kAnd:
    case Op::kOr:
      return EmitLogic(node);
    case Op::kNot:
      return f_.Bool(b_.CreateNot(EmitBool(f_.Arg(node, 0))));
    case Op::kCond:
      return EmitConditional(node);
    case Op::kCall:
      return EmitCall(node);
    case Op::kCallDyn:
      return EmitDynamicCall(node);
    case Op::kCallHost:
      return EmitHostCall(node);
    case Op::kList:
      return EmitList(node);
    case Op::kMap:
      return EmitMap(node);
    case Op::kFold:
      return EmitFold(node);
    case Op::kOptOr:
    case Op::kOptOrValue:
      return EmitOptionalElse(node);
    case Op::kEntry:
    case Op::kEntryHas:
    case Op::kEntryOpt:
    case Op::kEnumName:
      return EmitEntry(node);
    case Op::kLifeState:
    case Op::kLifeCount:
    case Op::kLifeKeys:
      return EmitLifecycle(node);
    case Op::kLifeKeep:
    case Op::kLifeComplete:
      return EmitKeep(node);
    case Op::kDocument:
    case Op::kDocumentHas:
    case Op::kDocumentAt:
    case Op::kPatchFault:
    case Op::kWindow:
    case Op::kArmed:
      return EmitHeld(node);
    case Op::kCell:
    case Op::kCellHas:
    case Op::kCellOpt:
    case Op::kCellSize:
    case Op::kCellKeys:
    case Op::kScopeOpen:
      return EmitCell(node);
  }
  return f_.Fail();
}

}  // namespace edict::codegen
