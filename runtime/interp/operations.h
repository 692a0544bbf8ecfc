// The groups of operations behind Evaluate. For runtime/interp only.
#ifndef EDICT_RUNTIME_INTERP_OPERATIONS_H_
#define EDICT_RUNTIME_INTERP_OPERATIONS_H_

#include <string>
#include <string_view>

#include "runtime/interp/interp.h"

namespace edict::interp {

inline uint32_t Arg(const Frame& frame, const Node& node, uint32_t i) { return frame.program->args[node.args + i]; }
inline Value EvaluateArg(const Frame& frame, const Node& node, uint32_t i) { return Evaluate(frame, Arg(frame, node, i)); }
inline std::string_view StringConstant(const Frame& frame, uint32_t constant) { return frame.program->constants[constant].text(); }
inline Value Fail(const Frame& frame, ErrorCode code, std::string_view detail) {
  return MakeError(*frame.context->arena, code, detail);
}
inline Value NewOptional(const Frame& frame, const Value& inner) {
  Value* copy = frame.context->arena->AllocateArray<Value>(1);
  *copy = inner;
  return Value::Optional(copy);
}
// "no such overload: int && string" and its like.
Value NoSuchOverload(const Frame& frame, const std::string& what);

// JSON writes 1 and 1.0 for the same number: the static kind decides which of CEL's two it is.
Value Conform(Value value, Kind rep);

// Any node, by its operation; operands by Evaluate. The value may still have to Conform.
Value Dispatch(const Frame& frame, const Node& node);
// What && or || ("or") comes to. The arena's places are those before the operands and between them.
Value Combine(const Frame& frame, bool is_or, const Value& a, const Value& b);
Value CombineAndRewind(const Frame& frame, bool is_or, const Value& a, const Value& b, const Arena::Mark& before,
                       const Arena::Mark& between);
Value Not(const Frame& frame, const Value& a);
// The operation of a kCall, kCallDyn or kCallHost node on operands that are no errors.
Value CallWith(const Frame& frame, const Node& node, const Value* args);

// Evaluated operands, in room of their own while there are few. Stops at the first error.
class Operands {
 public:
  Operands(const Frame& frame, const Node& node);
  const Value* values() const { return values_; }
  const Value* error() const { return error_; }

 private:
  static constexpr uint32_t kFew = 4;
  Value few_[kFew];
  Value* values_ = few_;
  const Value* error_ = nullptr;
};

// The event and its fields, selection, indexing (select.cc).
Value Slot(const Frame& frame, const Node& node);
Value WholeEvent(const Frame& frame);
Value Field(const Frame& frame, const Node& node);
Value HasField(const Frame& frame, const Node& node);
Value OptionalField(const Frame& frame, const Node& node);
Value IndexInto(const Frame& frame, const Node& node);
Value OptionalIndex(const Frame& frame, const Node& node);
// The same on operands that are already evaluated and no errors; "optional": the result is one, none for what is absent.
Value SelectField(const Frame& frame, const Value& operand, std::string_view name);
Value SelectOptional(const Frame& frame, const Value& operand, std::string_view name);
Value IndexWith(const Frame& frame, const Value& operand, const Value& index);
Value IndexOptional(const Frame& frame, const Value& operand, const Value& index);

// List and map literals (literals.cc).
Value ListLiteral(const Frame& frame, const Node& node);
Value MapLiteral(const Frame& frame, const Node& node);
// The key, if a literal's entries so far allow it; else an error.
Value CheckKey(const Frame& frame, const Value& key, const MapEntry* entries, uint32_t count);

// Comprehensions (fold.cc).
Value RunFold(const Frame& frame, const Node& node);

// kCallHost, on operands that are already evaluated and no errors (host_call.cc).
Value CallHost(const Frame& frame, uint32_t function, const Value* args);

// kCell ... kEnumName (state_operations.cc).
Value StateOperation(const Frame& frame, const Node& node);
// The same by operation, on keys that are already evaluated and no errors.
Value CellOperation(const Frame& frame, Op op, uint32_t cell);
Value EntryOperation(const Frame& frame, Op op, uint32_t cell, const Value& key);
Value LifecycleOperation(const Frame& frame, Op op, uint32_t lifecycle, uint32_t state, const Value* keys);
Value KeepOperation(const Frame& frame, Op op, uint32_t lifecycle, uint32_t keep, const Value* keys);
Value DocumentOperation(const Frame& frame, Op op, uint32_t document, const Value* args);
Value TimedOperation(const Frame& frame, Op op, uint32_t declared, const Value* keys);
Value ScopeIsOpen(const Frame& frame, uint32_t scope);
Value EnumName(const Frame& frame, uint32_t id, const Value& ordinal);

}  // namespace edict::interp

#endif  // EDICT_RUNTIME_INTERP_OPERATIONS_H_
