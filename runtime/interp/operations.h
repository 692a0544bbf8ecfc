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

// List and map literals (literals.cc).
Value ListLiteral(const Frame& frame, const Node& node);
Value MapLiteral(const Frame& frame, const Node& node);

// Comprehensions (fold.cc).
Value RunFold(const Frame& frame, const Node& node);

// kCell ... kEnumName (state_operations.cc).
Value StateOperation(const Frame& frame, const Node& node);

}  // namespace edict::interp

#endif  // EDICT_RUNTIME_INTERP_OPERATIONS_H_
