// Reads of the stream's state as it was before the event, each by a function of the runtime.
#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {
namespace {

const char* CellFunction(Op op) {
  switch (op) {
    case Op::kCell:
      return "edict_native_cell";
    case Op::kCellHas:
      return "edict_native_cell_has";
    case Op::kCellOpt:
      return "edict_native_cell_optional";
    case Op::kCellSize:
      return "edict_native_cell_size";
    case Op::kCellKeys:
      return "edict_native_cell_keys";
    default:
      return "edict_native_scope_open";
  }
}

const char* DocumentFunction(Op op) {
  switch (op) {
    case Op::kDocument:
      return "edict_native_document";
    case Op::kDocumentHas:
      return "edict_native_document_has";
    case Op::kDocumentAt:
      return "edict_native_document_at";
    default:
      return "edict_native_patch_fault";
  }
}

const char* EntryFunction(Op op) {
  switch (op) {
    case Op::kEntry:
      return "edict_native_entry";
    case Op::kEntryHas:
      return "edict_native_entry_has";
    case Op::kEntryOpt:
      return "edict_native_entry_optional";
    default:
      return "edict_native_enum_name";
  }
}

}  // namespace

Operand NodeEmitter::EmitCell(const Node& node) {
  Operand value = f_.CallForValue(CellFunction(node.op), {f_.frame(), b_.getInt32(node.imm)}, Effects::kFuel);
  f_.FailIf(f_.IsKind(value, Kind::kError));
  return value;
}

Operand NodeEmitter::EmitEntry(const Node& node) {
  Operand key = f_.Box(Emit(f_.Arg(node, 0)));
  Operand value =
      f_.CallForValue(EntryFunction(node.op), {f_.frame(), b_.getInt32(node.imm), key.first, key.second}, Effects::kFuel);
  f_.FailIf(f_.IsKind(value, Kind::kError));
  return value;
}

Operand NodeEmitter::EmitLifecycle(const Node& node) {
  std::vector<Operand> keys = EmitArgs(node);
  llvm::Value* lifecycle = b_.getInt32(node.imm);
  Operand value;
  if (node.op == Op::kLifeState) {
    value = f_.CallForValue("edict_native_life_state", {f_.frame(), lifecycle, f_.Array(keys)}, Effects::kFuel);
  } else {
    const char* name = node.op == Op::kLifeCount ? "edict_native_life_count" : "edict_native_life_keys";
    value = f_.CallForValue(name, {f_.frame(), lifecycle, b_.getInt32(node.imm2)}, Effects::kFuel);
  }
  f_.FailIf(f_.IsKind(value, Kind::kError));
  return value;
}

Operand NodeEmitter::EmitKeep(const Node& node) {
  std::vector<Operand> keys = EmitArgs(node);
  const char* name = node.op == Op::kLifeKeep ? "edict_native_life_keep" : "edict_native_life_complete";
  Operand value =
      f_.CallForValue(name, {f_.frame(), b_.getInt32(node.imm), b_.getInt32(node.imm2), f_.Array(keys)}, Effects::kFuel);
  f_.FailIf(f_.IsKind(value, Kind::kError));
  return value;
}

Operand NodeEmitter::EmitDocument(const Node& node) {
  std::vector<Operand> args = EmitArgs(node);
  Operand value = f_.CallForValue(DocumentFunction(node.op), {f_.frame(), b_.getInt32(node.imm), f_.Array(args)}, Effects::kFuel);
  f_.FailIf(f_.IsKind(value, Kind::kError));
  return value;
}

Operand NodeEmitter::EmitTimed(const Node& node) {
  std::vector<Operand> keys = EmitArgs(node);
  const char* name = node.op == Op::kWindow ? "edict_native_window" : "edict_native_armed";
  Operand value = f_.CallForValue(name, {f_.frame(), b_.getInt32(node.imm), f_.Array(keys)}, Effects::kFuel);
  f_.FailIf(f_.IsKind(value, Kind::kError));
  return value;
}

}  // namespace edict::codegen
