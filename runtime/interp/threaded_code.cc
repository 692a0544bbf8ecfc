#include "runtime/interp/threaded_code.h"

#include <functional>
#include <string_view>

#include "runtime/builtins/registry.h"
#include "runtime/interp/operations.h"
#include "runtime/state/stream_state.h"

namespace edict {
namespace interp {
namespace {

inline Value RunStep(const Frame& frame, const Step* step) { return step->run(frame, *step); }

// ---- any node --------------------------------------------------------------------------------------------------------

Value RunNode(const Frame& frame, const Step& step) {
  const Value value = Dispatch(frame, *step.node);
  return value.kind == step.node->rep ? value : Conform(value, step.node->rep);
}

// Whether numbers of another kind may have to become those of the static kind.
bool MayConform(const Node& node) { return node.rep == Kind::kInt || node.rep == Kind::kDouble; }

// ---- leaves ----------------------------------------------------------------------------------------------------------

Value RunConstant(const Frame&, const Step& step) { return step.constant; }

Value RunSlot(const Frame& frame, const Step& step) {
  const Value& value = frame.slots[step.imm];
  return value.kind != Kind::kAbsent ? value : Slot(frame, *step.node);
}
Value RunNumberSlot(const Frame& frame, const Step& step) {
  const Value& value = frame.slots[step.imm];
  return value.kind == step.node->rep ? value : RunNode(frame, step);
}
Value RunPresent(const Frame& frame, const Step& step) { return Value::Bool(frame.slots[step.imm].kind != Kind::kAbsent); }

Value RunLocal(const Frame& frame, const Step& step) { return frame.locals[step.imm]; }
Value RunNumberLocal(const Frame& frame, const Step& step) {
  const Value& value = frame.locals[step.imm];
  return value.kind == step.node->rep ? value : Conform(value, step.node->rep);
}

// ---- logic -----------------------------------------------------------------------------------------------------------

template <bool kOr>
Value RunAndOr(const Frame& frame, const Step& step) {
  const Arena& arena = *frame.context->arena;
  const Arena::Mark before = arena.Here();
  const Value a = RunStep(frame, step.a);
  if (a.kind == Kind::kBool && a.b == kOr) return a;
  const Arena::Mark between = arena.Here();
  const Value b = RunStep(frame, step.b);
  if (a.kind == Kind::kBool && b.kind == Kind::kBool && frame.context->fuel >= 0) return b;  // a decides nothing
  return CombineAndRewind(frame, kOr, a, b, before, between);
}

Value RunConditional(const Frame& frame, const Step& step) {
  const Value condition = RunStep(frame, step.a);
  if (condition.kind != Kind::kBool) {
    return condition.is_error() ? condition : NoSuchOverload(frame, std::string(TypeNameOf(condition)) + " ? :");
  }
  const Value value = condition.b ? RunStep(frame, step.b) : EvaluateArg(frame, *step.node, 2);
  return value.kind == step.node->rep ? value : Conform(value, step.node->rep);
}

Value RunNot(const Frame& frame, const Step& step) { return Not(frame, RunStep(frame, step.a)); }

// ---- calls -----------------------------------------------------------------------------------------------------------

// An overload that is known, on one operand or two, of the kinds in its signature.
template <uint32_t kCount>
Value RunCall(const Frame& frame, const Step& step) {
  Value args[kCount];
  args[0] = RunStep(frame, step.a);
  if (args[0].is_error()) return args[0];
  if constexpr (kCount == 2) {
    args[1] = RunStep(frame, step.b);
    if (args[1].is_error()) return args[1];
  }
  const Value value = CallWith(frame, *step.node, args);
  return value.kind == step.node->rep ? value : Conform(value, step.node->rep);
}

// What the operands of typed steps have to be, and are compared as; others are for the overload's own check.
struct Ints {
  static bool Fit(const Value& a, const Value& b) { return a.kind == Kind::kInt && b.kind == Kind::kInt; }
  static int64_t Of(const Value& value) { return value.i; }
};
struct Bools {
  static bool Fit(const Value& a, const Value& b) { return a.kind == Kind::kBool && b.kind == Kind::kBool; }
  static bool Of(const Value& value) { return value.b; }
};
// So short that to compare them takes no fuel of its own.
struct ShortTexts {
  static bool Fit(const Value& a, const Value& b) {
    return a.kind == Kind::kString && b.kind == Kind::kString && (a.size < 1024 || a.size != b.size);
  }
  static std::string_view Of(const Value& value) { return value.text(); }
};

template <typename Operands, typename Compare>
Value RunComparison(const Frame& frame, const Step& step) {
  const Value a = RunStep(frame, step.a);
  if (a.is_error()) return a;
  const Value b = RunStep(frame, step.b);
  if (!Operands::Fit(a, b)) {
    const Value args[] = {a, b};
    return b.is_error() ? b : CallWith(frame, *step.node, args);
  }
  if (!Charge(*frame.context, step.cost)) return FuelError(*frame.context);
  return Value::Bool(Compare()(Operands::Of(a), Operands::Of(b)));
}

template <typename Compare>
Step::Run EqualityOf(Kind kind) {
  switch (kind) {
    case Kind::kInt:
      return RunComparison<Ints, Compare>;
    case Kind::kBool:
      return RunComparison<Bools, Compare>;
    case Kind::kString:
      return RunComparison<ShortTexts, Compare>;
    default:
      return RunCall<2>;
  }
}

Step::Run CallOf(const Program& program, const Node& node) {
  if (node.arg_count == 1) return RunCall<1>;
  if (node.arg_count != 2) return RunNode;
  const Kind kind = program.nodes[program.args[node.args]].rep;
  const bool same = program.nodes[program.args[node.args + 1]].rep == kind;
  switch (static_cast<Builtin>(node.imm)) {
    case Builtin::kEquals:
      return same ? EqualityOf<std::equal_to<>>(kind) : RunCall<2>;
    case Builtin::kNotEquals:
      return same ? EqualityOf<std::not_equal_to<>>(kind) : RunCall<2>;
    case Builtin::kLessInt:
      return RunComparison<Ints, std::less<>>;
    case Builtin::kLessEqualInt:
      return RunComparison<Ints, std::less_equal<>>;
    case Builtin::kGreaterInt:
      return RunComparison<Ints, std::greater<>>;
    case Builtin::kGreaterEqualInt:
      return RunComparison<Ints, std::greater_equal<>>;
    default:
      return RunCall<2>;
  }
}

// ---- state -----------------------------------------------------------------------------------------------------------

Value RunCell(const Frame& frame, const Step& step) {
  if (frame.stream == nullptr) return RunNode(frame, step);
  const Value value = frame.stream->Cell(step.imm);
  return value.kind == step.node->rep ? value : RunNode(frame, step);
}
Value RunScopeOpen(const Frame& frame, const Step& step) {
  return frame.stream != nullptr ? Value::Bool(frame.stream->ScopeOpen(step.imm)) : RunNode(frame, step);
}
// Of a lifecycle with one key.
Value RunLifeState(const Frame& frame, const Step& step) {
  if (frame.stream == nullptr) return RunNode(frame, step);
  const Arena::Mark before = frame.context->arena->Here();
  const Value key = RunStep(frame, step.a);
  if (key.is_error()) return key;
  if (!Charge(*frame.context, 1)) return FuelError(*frame.context);
  const uint32_t state = frame.stream->LifeState(step.imm, &key);
  if (step.a->node->op != Op::kSlot) frame.context->arena->Rewind(before);
  return Value::Int(state);
}

// ---- which step ------------------------------------------------------------------------------------------------------

// Of an operation that gives its static kind, or one that is left as it is.
Step::Run OtherOf(const Program& program, const Node& node) {
  switch (node.op) {
    case Op::kCall:
      return CallOf(program, node);
    case Op::kCell:
      return node.rep != Node::kAny && node.rep != Kind::kOptional ? RunCell : RunNode;
    case Op::kScopeOpen:
      return RunScopeOpen;
    case Op::kLifeState:
      return node.arg_count == 1 && node.rep == Kind::kInt ? RunLifeState : RunNode;
    default:
      return RunNode;
  }
}

Step::Run RunOf(const Program& program, const Node& node) {
  switch (node.op) {
    case Op::kConst:
      return RunConstant;
    case Op::kSlot:
      return MayConform(node) ? RunNumberSlot : RunSlot;
    case Op::kPresent:
      return RunPresent;
    case Op::kLocal:
      return MayConform(node) ? RunNumberLocal : RunLocal;
    case Op::kAnd:
      return RunAndOr<false>;
    case Op::kOr:
      return RunAndOr<true>;
    case Op::kNot:
      return RunNot;
    case Op::kCond:
      return RunConditional;
    default:
      return OtherOf(program, node);
  }
}

Step StepOf(const Program& program, const Node& node, const Step* steps) {
  Step step;
  step.run = RunOf(program, node);
  step.node = &node;
  step.imm = node.imm;
  if (node.arg_count > 0) step.a = steps + program.args[node.args];
  if (node.arg_count > 1) step.b = steps + program.args[node.args + 1];
  if (node.op == Op::kConst) step.constant = Conform(program.constants[node.imm], node.rep);
  if (node.op == Op::kCall) step.cost = OverloadAt(node.imm).cost;
  return step;
}

}  // namespace
}  // namespace interp

ThreadedCode::ThreadedCode(const Program& program) : steps_(program.nodes.size()) {
  for (size_t id = 0; id < steps_.size(); ++id) steps_[id] = interp::StepOf(program, program.nodes[id], steps_.data());
}

}  // namespace edict
