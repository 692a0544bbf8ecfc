#include "runtime/interp/interp.h"

#include <cmath>

#include "runtime/builtins/registry.h"
#include "runtime/interp/operations.h"
#include "runtime/program/op_info.h"

namespace edict {
namespace interp {

Value NoSuchOverload(const Frame& frame, const std::string& what) {
  return Fail(frame, ErrorCode::kNoSuchOverload, "no such overload: " + what);
}

Operands::Operands(const Frame& frame, const Node& node) {
  if (node.arg_count > kFew) values_ = frame.context->arena->AllocateArray<Value>(node.arg_count);
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    values_[i] = EvaluateArg(frame, node, i);
    if (!values_[i].is_error()) continue;
    error_ = &values_[i];
    return;
  }
}

// && is decided by a false operand, || by a true one, whatever the other is; both must be bools otherwise.
Value Combine(const Frame& frame, bool deciding, const Value& a, const Value& b) {
  if (frame.context->fuel < 0) return FuelError(*frame.context);
  for (const Value* v : {&a, &b}) {
    if (v->kind == Kind::kBool && v->b == deciding) return *v;
  }
  for (const Value* v : {&a, &b}) {
    if (v->is_error()) return *v;
  }
  if (a.kind == Kind::kBool && b.kind == Kind::kBool) return Value::Bool(!deciding);
  return NoSuchOverload(frame, std::string(TypeNameOf(a)) + (deciding ? " || " : " && ") + std::string(TypeNameOf(b)));
}

Value CombineAndRewind(const Frame& frame, bool deciding, const Value& a, const Value& b, const Arena::Mark& before,
                       const Arena::Mark& between) {
  Arena& arena = *frame.context->arena;
  Value result = Combine(frame, deciding, a, b);
  // An error that does not count takes no fuel, and must not take memory.
  if (result.kind == Kind::kBool && (a.is_error() || b.is_error())) arena.Rewind(before);
  if (a.is_error() && b.is_error() && result.error == a.error) arena.Rewind(between);
  return result;
}

Value Not(const Frame& frame, const Value& a) {
  if (a.kind == Kind::kBool) return Value::Bool(!a.b);
  return a.is_error() ? a : NoSuchOverload(frame, "!" + std::string(TypeNameOf(a)));
}

Value CallWith(const Frame& frame, const Node& node, const Value* args) {
  Value result;
  if (node.op == Op::kCallHost) {
    result = CallHost(frame, node.imm, args);
  } else if (node.op == Op::kCall) {
    CallChecked(&result, node.imm, args, node.arg_count, *frame.context);
  } else {
    CallDynamic(&result, StringConstant(frame, node.imm), node.imm2 == 1, args, node.arg_count, *frame.context);
  }
  return result;
}

namespace {

Value AndOr(const Frame& frame, const Node& node) {
  const bool deciding = node.op == Op::kOr;
  const Arena& arena = *frame.context->arena;
  const Arena::Mark before = arena.Here();
  const Value a = EvaluateArg(frame, node, 0);
  if (a.kind == Kind::kBool && a.b == deciding) return a;
  const Arena::Mark between = arena.Here();
  return CombineAndRewind(frame, deciding, a, EvaluateArg(frame, node, 1), before, between);
}

Value Conditional(const Frame& frame, const Node& node) {
  Value condition = EvaluateArg(frame, node, 0);
  if (condition.is_error()) return condition;
  if (condition.kind != Kind::kBool) return NoSuchOverload(frame, std::string(TypeNameOf(condition)) + " ? :");
  return EvaluateArg(frame, node, condition.b ? 1 : 2);
}

Value Call(const Frame& frame, const Node& node) {
  Operands operands(frame, node);
  return operands.error() != nullptr ? *operands.error() : CallWith(frame, node, operands.values());
}

// a.or(b): an optional; a.orValue(b): a value. The second is evaluated only when needed.
Value OptionalElse(const Frame& frame, const Node& node) {
  Value a = EvaluateArg(frame, node, 0);
  if (a.is_error()) return a;
  if (a.kind != Kind::kOptional) {
    return NoSuchOverload(frame, std::string(TypeNameOf(a)) + (node.op == Op::kOptOr ? ".or" : ".orValue"));
  }
  if (a.inner == nullptr) return EvaluateArg(frame, node, 1);
  return node.op == Op::kOptOr ? a : *a.inner;
}

// An error counts only where the local is read. It takes memory, so that it takes fuel.
Value Let(const Frame& frame, const Node& node) {
  frame.locals[node.imm] = EvaluateArg(frame, node, 0);
  if (frame.locals[node.imm].is_error() && !Charge(*frame.context, kLetErrorCost)) return FuelError(*frame.context);
  return EvaluateArg(frame, node, 1);
}

}  // namespace

Value Dispatch(const Frame& frame, const Node& node) {
  switch (node.op) {
    case Op::kConst:
      return frame.program->constants[node.imm];
    case Op::kSlot:
      return Slot(frame, node);
    case Op::kPresent:
      return Value::Bool(frame.slots[node.imm].kind != Kind::kAbsent);
    case Op::kOptSlot: {
      const Value& slot = frame.slots[node.imm];
      return Value::Optional(slot.kind == Kind::kAbsent ? nullptr : &slot);
    }
    case Op::kEvent:
      return WholeEvent(frame);
    case Op::kLocal:
      return frame.locals[node.imm];
    case Op::kLet:
      return Let(frame, node);
    case Op::kField:
      return Field(frame, node);
    case Op::kHasField:
      return HasField(frame, node);
    case Op::kOptField:
      return OptionalField(frame, node);
    case Op::kIndex:
      return IndexInto(frame, node);
    case Op::kOptIndex:
      return OptionalIndex(frame, node);
    case Op::kAnd:
    case Op::kOr:
      return AndOr(frame, node);
    case Op::kNot:
      return Not(frame, EvaluateArg(frame, node, 0));
    case Op::kCond:
      return Conditional(frame, node);
    case Op::kCall:
    case Op::kCallDyn:
    case Op::kCallHost:
      return Call(frame, node);
    case Op::kList:
      return ListLiteral(frame, node);
    case Op::kMap:
      return MapLiteral(frame, node);
    case Op::kFold:
      return RunFold(frame, node);
    case Op::kOptOr:
    case Op::kOptOrValue:
      return OptionalElse(frame, node);
    default:
      return StateOperation(frame, node);
  }
}

Value Conform(Value value, Kind rep) {
  if (rep == Kind::kDouble && value.kind == Kind::kInt) return Value::Double(static_cast<double>(value.i));
  if (rep == Kind::kInt && value.kind == Kind::kDouble && std::trunc(value.d) == value.d && std::fabs(value.d) < 0x1p63) {
    return Value::Int(static_cast<int64_t>(value.d));
  }
  return value;
}

}  // namespace interp

Value WalkNode(const Frame& frame, uint32_t id) {
  const Node& node = frame.program->nodes[id];
  Value value = interp::Dispatch(frame, node);
  return value.kind == node.rep ? value : interp::Conform(value, node.rep);
}

Value Apply(const Frame& frame, uint32_t id, const Value* args) {
  const Node& node = frame.program->nodes[id];
  switch (node.op) {
    case Op::kAnd:
      return interp::Combine(frame, false, args[0], args[1]);
    case Op::kOr:
      return interp::Combine(frame, true, args[0], args[1]);
    case Op::kNot:
      return interp::Not(frame, args[0]);
    default: {
      Value value = interp::CallWith(frame, node, args);
      return value.kind == node.rep ? value : interp::Conform(value, node.rep);
    }
  }
}

}  // namespace edict
