// Fields of the event, selection of map entries, indexing; plain and optional.
#include <cmath>

#include "runtime/builtins/registry.h"
#include "runtime/interp/operations.h"

namespace edict::interp {
namespace {

Value NoSuchKey(const Frame& frame, const Value& key) {
  return Fail(frame, ErrorCode::kNoSuchKey, "no such key: " + ToMessageText(key, kShownBytes));
}
Value NoSelection(const Frame& frame, const Value& operand) {
  return NoSuchOverload(frame, std::string(TypeNameOf(operand)) + " has no fields");
}

// The list's position that an index names: ints, uints and integral doubles. kNone: `error` says why not.
uint32_t Position(const Frame& frame, const Value& list, const Value& index, Value* error) {
  uint32_t size = ListSize(list);
  bool whole = index.kind != Kind::kDouble || std::trunc(index.d) == index.d;
  if (!index.is_number()) {
    *error = NoSuchOverload(frame, "list[" + std::string(TypeNameOf(index)) + "]");
  } else if (!whole) {
    *error = Fail(frame, ErrorCode::kInvalidArgument, "list index is not a whole number: " + ToMessageText(index));
  } else {
    bool inside = index.kind == Kind::kDouble ? index.d >= 0 && index.d < size
                                              : (index.kind == Kind::kUint || index.i >= 0) && index.u < size;
    if (inside) return index.kind == Kind::kDouble ? static_cast<uint32_t>(index.d) : static_cast<uint32_t>(index.u);
    *error = Fail(frame, ErrorCode::kIndexOutOfRange,
                  "index " + ToMessageText(index) + " is out of range: the list has " + std::to_string(size) +
                      (size == 1 ? " element" : " elements"));
  }
  return kNone;
}

// The entry of that name; looking for it in a large map takes fuel.
Value Member(const Frame& frame, const Value& map, std::string_view name) {
  return Charge(*frame.context, map.size / 8) ? MapFindString(map, name) : FuelError(*frame.context);
}

// The element or entry; kAbsent where there is none, an error where the operand cannot be indexed so.
Value Lookup(const Frame& frame, const Value& operand, const Value& index) {
  if (operand.kind == Kind::kMap) {
    return Charge(*frame.context, operand.size / 8) ? MapFind(operand, index) : FuelError(*frame.context);
  }
  if (operand.kind != Kind::kList) {
    return NoSuchOverload(frame, std::string(TypeNameOf(operand)) + "[" + std::string(TypeNameOf(index)) + "]");
  }
  Value error;
  uint32_t at = Position(frame, operand, index, &error);
  if (at != kNone) {
    bool paid = !operand.is_json() || Charge(*frame.context, at / 8);  // walks there
    return paid ? ListAt(operand, at) : FuelError(*frame.context);
  }
  return error.error->code == ErrorCode::kIndexOutOfRange ? Value::Absent() : error;
}

Value OptionalOf(const Frame& frame, const Value& found) {
  if (found.is_error()) return found;
  if (found.kind == Kind::kAbsent) return Value::Optional(nullptr);
  return Charge(*frame.context, 1) ? NewOptional(frame, found) : FuelError(*frame.context);
}

// What is behind an optional operand: its inner value, or the operand itself. Null: there is nothing.
const Value* Behind(const Value& operand) { return operand.kind == Kind::kOptional ? operand.inner : &operand; }

}  // namespace

// imm2 may hold the field's name, for the error.
Value Slot(const Frame& frame, const Node& node) {
  const Value& value = frame.slots[node.imm];
  if (value.kind != Kind::kAbsent) return value;
  std::string name = node.imm2 == kNone ? std::string() : ": " + std::string(StringConstant(frame, node.imm2));
  return Fail(frame, ErrorCode::kNoSuchField, "no such field" + name);
}

Value SelectOptional(const Frame& frame, const Value& operand, std::string_view name) {
  const Value* inner = Behind(operand);
  if (inner == nullptr) return operand;
  if (inner->kind != Kind::kMap) return NoSelection(frame, *inner);
  return OptionalOf(frame, Member(frame, *inner, name));
}

Value IndexOptional(const Frame& frame, const Value& operand, const Value& index) {
  const Value* inner = Behind(operand);
  return inner == nullptr ? operand : OptionalOf(frame, Lookup(frame, *inner, index));
}

Value WholeEvent(const Frame& frame) { return frame.event == nullptr ? Value::Map(nullptr, 0) : FromJson(*frame.event); }

Value SelectField(const Frame& frame, const Value& operand, std::string_view name) {
  if (operand.kind == Kind::kOptional) return SelectOptional(frame, operand, name);
  if (operand.kind != Kind::kMap) return NoSelection(frame, operand);
  Value found = Member(frame, operand, name);
  return found.kind == Kind::kAbsent ? NoSuchKey(frame, Value::String(name)) : found;
}

Value Field(const Frame& frame, const Node& node) {
  Value operand = EvaluateArg(frame, node, 0);
  return operand.is_error() ? operand : SelectField(frame, operand, StringConstant(frame, node.imm));
}

Value HasField(const Frame& frame, const Node& node) {
  Value operand = EvaluateArg(frame, node, 0);
  if (operand.is_error()) return operand;
  const Value* inner = Behind(operand);
  if (inner == nullptr) return Value::Bool(false);
  if (inner->kind != Kind::kMap) return NoSelection(frame, *inner);
  Value found = Member(frame, *inner, StringConstant(frame, node.imm));
  return found.is_error() ? found : Value::Bool(found.kind != Kind::kAbsent);
}

Value OptionalField(const Frame& frame, const Node& node) {
  Value operand = EvaluateArg(frame, node, 0);
  return operand.is_error() ? operand : SelectOptional(frame, operand, StringConstant(frame, node.imm));
}

Value IndexWith(const Frame& frame, const Value& operand, const Value& index) {
  if (operand.kind == Kind::kOptional) return IndexOptional(frame, operand, index);
  Value found = Lookup(frame, operand, index);
  if (found.kind != Kind::kAbsent) return found;
  if (operand.kind == Kind::kMap) return NoSuchKey(frame, index);
  Value error;
  Position(frame, operand, index, &error);
  return error;
}

Value IndexInto(const Frame& frame, const Node& node) {
  Operands operands(frame, node);
  return operands.error() != nullptr ? *operands.error() : IndexWith(frame, operands.values()[0], operands.values()[1]);
}

Value OptionalIndex(const Frame& frame, const Node& node) {
  Operands operands(frame, node);
  if (operands.error() != nullptr) return *operands.error();
  return IndexOptional(frame, operands.values()[0], operands.values()[1]);
}

}  // namespace edict::interp
