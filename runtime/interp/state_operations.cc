// Reads of the stream's state, as it was before the event, and names of enum ordinals.
#include "runtime/builtins/registry.h"
#include "runtime/interp/operations.h"
#include "runtime/state/json_patch.h"
#include "runtime/state/reader.h"

namespace edict::interp {
namespace {

// A cell's value, or a map cell's entry, as a plain value: absent ones are errors that name them.
Value Plain(const Frame& frame, const Value& value, ErrorCode code, const std::string& what) {
  if (value.kind == Kind::kAbsent) return Fail(frame, code, what);
  if (value.kind != Kind::kOptional) return value;
  return value.inner != nullptr ? *value.inner : Fail(frame, ErrorCode::kOptionalNone, what + " (stored without a value)");
}

Value Optionally(const Frame& frame, const Value& value) {
  if (value.kind == Kind::kOptional) return value;
  return value.kind == Kind::kAbsent ? Value::Optional(nullptr) : NewOptional(frame, value);
}

Value CellOperation(const Frame& frame, const Node& node) {
  const StateReader& state = *frame.state;
  switch (node.op) {
    case Op::kCell:
      return Plain(frame, state.Cell(node.imm), ErrorCode::kOptionalNone,
                   "state " + frame.program->cells[node.imm].name + " is not set");
    case Op::kCellHas:
      return Value::Bool(state.Cell(node.imm).kind != Kind::kAbsent);
    case Op::kCellOpt:
      return Optionally(frame, state.Cell(node.imm));
    case Op::kCellSize:
      return Value::Int(state.CellSize(node.imm));
    default: {
      Value keys = state.CellKeys(node.imm, *frame.context->arena);
      return Charge(*frame.context, keys.size / 4) ? keys : FuelError(*frame.context);
    }
  }
}

Value EntryOperation(const Frame& frame, const Node& node) {
  Value key = EvaluateArg(frame, node, 0);
  if (key.is_error()) return key;
  if (!Charge(*frame.context, 1 + (key.kind == Kind::kString ? key.size / 32 : 0))) return FuelError(*frame.context);
  if (node.op == Op::kEntryHas) return Value::Bool(frame.state->EntryHas(node.imm, key));
  Value entry = frame.state->Entry(node.imm, key);
  if (node.op == Op::kEntryOpt) return Optionally(frame, entry);
  if (entry.kind != Kind::kAbsent && entry.kind != Kind::kOptional) return entry;
  return Plain(frame, entry, ErrorCode::kNoSuchKey,
               "no such key in " + frame.program->cells[node.imm].name + ": " + ToMessageText(key));
}

Value LifecycleOperation(const Frame& frame, const Node& node) {
  const StateReader& state = *frame.state;
  if (node.op == Op::kLifeCount) return Value::Int(static_cast<int64_t>(state.LifeCount(node.imm, node.imm2)));
  if (node.op == Op::kLifeKeys) {
    Value keys = state.LifeKeys(node.imm, node.imm2, *frame.context->arena);
    return Charge(*frame.context, keys.size / 4) ? keys : FuelError(*frame.context);
  }
  Operands keys(frame, node);
  if (keys.error() != nullptr) return *keys.error();
  if (!Charge(*frame.context, 1)) return FuelError(*frame.context);
  return Value::Int(state.LifeState(node.imm, keys.values()));
}

// What a lifecycle keeps for a key.
Value KeepOperation(const Frame& frame, const Node& node) {
  Operands keys(frame, node);
  if (keys.error() != nullptr) return *keys.error();
  if (!Charge(*frame.context, 1)) return FuelError(*frame.context);
  if (node.op == Op::kLifeComplete) return Value::Bool(frame.state->LifeComplete(node.imm, node.imm2, keys.values()));
  return frame.state->LifeKeep(node.imm, node.imm2, keys.values());
}

Value DocumentOperation(const Frame& frame, const Node& node) {
  const Value root = frame.state->Document(node.imm);
  if (node.op == Op::kDocumentHas) return Value::Bool(root.kind != Kind::kAbsent);
  if (node.op == Op::kDocument) {
    return root.kind != Kind::kAbsent
               ? root
               : Fail(frame, ErrorCode::kOptionalNone, "document " + frame.program->documents[node.imm].name + " is not known");
  }
  const Value operand = EvaluateArg(frame, node, 0);
  if (operand.is_error()) return operand;
  uint64_t work = 0;
  if (node.op == Op::kPatchFault) {
    work = frame.context->fuel > 0 ? static_cast<uint64_t>(frame.context->fuel) : 0;
    const Value fault = frame.state->PatchFault(node.imm, operand, work, *frame.context->arena);
    return Charge(*frame.context, work) && fault.kind != Kind::kAbsent ? fault : FuelError(*frame.context);
  }
  if (operand.kind != Kind::kString) return NoSuchOverload(frame, "at(" + std::string(TypeNameOf(operand)) + ")");
  if (!PointerTokens::Valid(operand.text())) {
    return Fail(frame, ErrorCode::kInvalidArgument, "not a JSON Pointer: " + ToMessageText(operand));
  }
  const Value found = AtPointer(root, operand.text(), work);
  if (!Charge(*frame.context, 1 + work + operand.size / 32)) return FuelError(*frame.context);
  return Optionally(frame, found);
}

Value EnumName(const Frame& frame, const Node& node) {
  Value ordinal = EvaluateArg(frame, node, 0);
  if (ordinal.is_error()) return ordinal;
  const Enum& names = frame.program->enums[node.imm];
  if (ordinal.kind == Kind::kInt && ordinal.u < names.names.size()) return Value::String(names.names[ordinal.u]);
  return Fail(frame, ErrorCode::kInvalidArgument, "no such state of " + names.name + ": " + ToMessageText(ordinal));
}

}  // namespace

Value StateOperation(const Frame& frame, const Node& node) {
  if (node.op == Op::kEnumName) return EnumName(frame, node);
  if (frame.state == nullptr) return Fail(frame, ErrorCode::kInvalidArgument, "there is no state to read here");
  switch (node.op) {
    case Op::kEntry:
    case Op::kEntryHas:
    case Op::kEntryOpt:
      return EntryOperation(frame, node);
    case Op::kLifeState:
    case Op::kLifeCount:
    case Op::kLifeKeys:
      return LifecycleOperation(frame, node);
    case Op::kLifeKeep:
    case Op::kLifeComplete:
      return KeepOperation(frame, node);
    case Op::kDocument:
    case Op::kDocumentHas:
    case Op::kDocumentAt:
    case Op::kPatchFault:
      return DocumentOperation(frame, node);
    case Op::kScopeOpen:
      return Value::Bool(frame.state->ScopeOpen(node.imm));
    default:
      return CellOperation(frame, node);
  }
}

}  // namespace edict::interp
