// Reads of the stream's state, as it was before the event, and names of enum ordinals.
#include "runtime/builtins/registry.h"
#include "runtime/interp/operations.h"
#include "runtime/state/json_patch.h"
#include "runtime/state/reader.h"

namespace edict::interp {
namespace {

// A cell's value, or a map cell's entry, as a plain value: absent ones are errors, and `what` words them.
template <typename What>
Value Plain(const Frame& frame, const Value& value, ErrorCode code, const What& what) {
  if (value.kind == Kind::kAbsent) return Fail(frame, code, what());
  if (value.kind != Kind::kOptional) return value;
  return value.inner != nullptr ? *value.inner : Fail(frame, ErrorCode::kOptionalNone, what() + " (stored without a value)");
}

Value Optionally(const Frame& frame, const Value& value) {
  if (value.kind == Kind::kOptional) return value;
  if (value.kind == Kind::kAbsent) return Value::Optional(nullptr);
  return Charge(*frame.context, 1) ? NewOptional(frame, value) : FuelError(*frame.context);
}

Value NoState(const Frame& frame) { return Fail(frame, ErrorCode::kInvalidArgument, "there is no state to read here"); }

// The list of keys of which each takes the memory of so many values.
Value Paid(const Frame& frame, const Value& keys, uint64_t values) {
  return Charge(*frame.context, keys.size * values / 4) ? keys : FuelError(*frame.context);
}

}  // namespace

Value CellOperation(const Frame& frame, Op op, uint32_t cell) {
  if (frame.state == nullptr) return NoState(frame);
  const StateReader& state = *frame.state;
  switch (op) {
    case Op::kCell:
      return Plain(frame, state.Cell(cell), ErrorCode::kOptionalNone,
                   [&] { return "state " + frame.program->cells[cell].name + " is not set"; });
    case Op::kCellHas:
      return Value::Bool(state.Cell(cell).kind != Kind::kAbsent);
    case Op::kCellOpt:
      return Optionally(frame, state.Cell(cell));
    case Op::kCellSize:
      return Value::Int(state.CellSize(cell));
    default:
      return Paid(frame, state.CellKeys(cell, *frame.context->arena), 1);
  }
}

Value EntryOperation(const Frame& frame, Op op, uint32_t cell, const Value& key) {
  if (frame.state == nullptr) return NoState(frame);
  if (!Charge(*frame.context, 1 + (key.kind == Kind::kString ? key.size / 32 : 0))) return FuelError(*frame.context);
  if (op == Op::kEntryHas) return Value::Bool(frame.state->EntryHas(cell, key));
  Value entry = frame.state->Entry(cell, key);
  if (op == Op::kEntryOpt) return Optionally(frame, entry);
  return Plain(frame, entry, ErrorCode::kNoSuchKey,
               [&] { return "no such key in " + frame.program->cells[cell].name + ": " + ToMessageText(key, kShownBytes); });
}

Value LifecycleOperation(const Frame& frame, Op op, uint32_t lifecycle, uint32_t state, const Value* keys) {
  if (frame.state == nullptr) return NoState(frame);
  if (op == Op::kLifeCount) return Value::Int(static_cast<int64_t>(frame.state->LifeCount(lifecycle, state)));
  if (op == Op::kLifeKeys) {
    uint32_t parts = frame.program->lifecycles[lifecycle].key_count;
    return Paid(frame, frame.state->LifeKeys(lifecycle, state, *frame.context->arena), parts == 1 ? 1 : 1 + parts);
  }
  if (!Charge(*frame.context, 1)) return FuelError(*frame.context);
  return Value::Int(frame.state->LifeState(lifecycle, keys));
}

Value KeepOperation(const Frame& frame, Op op, uint32_t lifecycle, uint32_t keep, const Value* keys) {
  if (frame.state == nullptr) return NoState(frame);
  if (!Charge(*frame.context, 1)) return FuelError(*frame.context);
  if (op == Op::kLifeComplete) return Value::Bool(frame.state->LifeComplete(lifecycle, keep, keys));
  return frame.state->LifeKeep(lifecycle, keep, keys);
}

Value DocumentOperation(const Frame& frame, Op op, uint32_t document, const Value* args) {
  if (frame.state == nullptr) return NoState(frame);
  const Value root = frame.state->Document(document);
  if (op == Op::kDocumentHas) return Value::Bool(root.kind != Kind::kAbsent);
  if (op == Op::kDocument) {
    if (root.kind != Kind::kAbsent) return root;
    return Fail(frame, ErrorCode::kOptionalNone, "document " + frame.program->documents[document].name + " is not known");
  }
  const Value& operand = args[0];
  uint64_t work = 0;
  if (op == Op::kPatchFault) {
    work = frame.context->fuel > 0 ? static_cast<uint64_t>(frame.context->fuel) : 0;
    const Value fault = frame.state->PatchFault(document, operand, work, *frame.context->arena);
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

Value TimedOperation(const Frame& frame, Op op, uint32_t declared, const Value* keys) {
  if (frame.state == nullptr) return NoState(frame);
  if (!Charge(*frame.context, 1)) return FuelError(*frame.context);
  if (op == Op::kArmed) return Value::Bool(frame.state->Armed(declared, keys));
  uint32_t walked = 0;
  const Value value = frame.state->Window(declared, keys, &walked);
  if (!Charge(*frame.context, walked / 8)) return FuelError(*frame.context);
  const Window& window = frame.program->windows[declared];
  if (window.function == WindowFunction::kMin || window.function == WindowFunction::kMax) return Optionally(frame, value);
  if (value.kind != Kind::kAbsent) return value;
  return Fail(frame, ErrorCode::kOverflow, "the sum of window " + window.name + " is beyond 64 bits");
}

Value ScopeIsOpen(const Frame& frame, uint32_t scope) {
  return frame.state == nullptr ? NoState(frame) : Value::Bool(frame.state->ScopeOpen(scope));
}

Value EnumName(const Frame& frame, uint32_t id, const Value& ordinal) {
  const Enum& names = frame.program->enums[id];
  if (ordinal.kind == Kind::kInt && ordinal.u < names.names.size()) return Value::String(names.names[ordinal.u]);
  return Fail(frame, ErrorCode::kInvalidArgument, "no such state of " + names.name + ": " + ToMessageText(ordinal, kShownBytes));
}

Value StateOperation(const Frame& frame, const Node& node) {
  const Arena::Mark before = frame.context->arena->Here();
  Operands operands(frame, node);
  if (operands.error() != nullptr) return *operands.error();
  const Value* args = operands.values();
  switch (node.op) {
    case Op::kEnumName:
      return EnumName(frame, node.imm, args[0]);
    case Op::kEntry:
    case Op::kEntryHas:
    case Op::kEntryOpt:
      return EntryOperation(frame, node.op, node.imm, args[0]);
    case Op::kLifeState: {
      Value state = LifecycleOperation(frame, node.op, node.imm, node.imm2, args);
      if (!state.is_error()) frame.context->arena->Rewind(before);  // the operands of a long key
      return state;
    }
    case Op::kLifeCount:
    case Op::kLifeKeys:
      return LifecycleOperation(frame, node.op, node.imm, node.imm2, args);
    case Op::kLifeKeep:
    case Op::kLifeComplete:
      return KeepOperation(frame, node.op, node.imm, node.imm2, args);
    case Op::kDocument:
    case Op::kDocumentHas:
    case Op::kDocumentAt:
    case Op::kPatchFault:
      return DocumentOperation(frame, node.op, node.imm, args);
    case Op::kWindow:
    case Op::kArmed:
      return TimedOperation(frame, node.op, node.imm, args);
    case Op::kScopeOpen:
      return ScopeIsOpen(frame, node.imm);
    default:
      return CellOperation(frame, node.op, node.imm);
  }
}

}  // namespace edict::interp
