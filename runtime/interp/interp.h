// Tier 0: evaluates the nodes of a Program. Walking them is slow and plain; it defines what every other way must compute.
#ifndef EDICT_RUNTIME_INTERP_INTERP_H_
#define EDICT_RUNTIME_INTERP_INTERP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/builtins/context.h"
#include "runtime/program/program.h"
#include "runtime/value/json_node.h"
#include "runtime/value/value.h"

namespace edict {

namespace cache {
class CheckMemo;
class ElementMemo;
}  // namespace cache
class JsonParser;
class PendingWrites;
class StateReader;
class LargeValues;
class StreamState;

// Tapes of single fields, for values that generated extraction hands on whole. Reused from event to event.
struct FieldTapes {
  std::vector<std::unique_ptr<JsonParser>> parsers;
  size_t used = 0;  // by the event at hand
};

struct Frame;
// A node of which is worked out how to evaluate it (threaded_code.h).
struct Step {
  using Run = Value (*)(const Frame& frame, const Step& step);

  Run run = nullptr;
  const Node* node = nullptr;
  const Step* a = nullptr;  // the first operands
  const Step* b = nullptr;
  uint32_t imm = kNone;
  uint32_t cost = 0;  // of a call
  Value constant;
};

// Everything an expression can see. The pointers outlive the call; results live as long as what they came from.
struct Frame {
  const Program* program = nullptr;
  const Value* slots = nullptr;        // of the event, EventType::slot_count; kAbsent: the field is missing
  const JsonNode* event = nullptr;     // the whole event, an object; null where there is none
  Value* locals = nullptr;             // Program::local_count
  const StateReader* state = nullptr;  // null where rules declare no state
  EvalContext* context = nullptr;
  // Null where rules declare no state; the same as `state`.
  const StreamState* stream = nullptr;
  // For native code only.
  const Value* cells = nullptr;     // values of the scalar cells, in the order of Program::cells
  PendingWrites* writes = nullptr;  // where effects go
  uint8_t* hints = nullptr;         // see runtime/program/scan_plan.h
  uint64_t max_depth = 0;           // of JSON nesting
  FieldTapes* tapes = nullptr;
  cache::ElementMemo* memo = nullptr;  // null: without the cache
  cache::CheckMemo* checks = nullptr;  // likewise
  LargeValues* large = nullptr;        // null: nobody helps
  // For Evaluate. Last, since native code has the places of the others.
  const Step* code = nullptr;  // of the Program, by node; null: nodes are walked
};

// The node's value, or a kError value; never kAbsent. Recursion is as deep as the expression; the compiler bounds that.
// && and || absorb an error that the other side decides (CEL); only the error of spent fuel is never absorbed. A strict
// operation ends at its first operand that is an error, left to right. A number takes the static kind of the node that
// reads it (JSON's 1 read as a double is 1.0), since JSON does not tell the two apart.
Value WalkNode(const Frame& frame, uint32_t node);
inline Value Evaluate(const Frame& frame, uint32_t node) {
  if (frame.code == nullptr) return WalkNode(frame, node);
  const Step& step = frame.code[node];
  return step.run(frame, step);
}
// The operation of a kCall, kCallDyn, kAnd, kOr or kNot node on operands that are already evaluated.
Value Apply(const Frame& frame, uint32_t node, const Value* args);

// The message's text. A value longer than `kMessageValueBytes` is cut there, at a character's start, and marked "...";
// the whole is cut likewise at `cap` bytes.
inline constexpr size_t kMessageValueBytes = 200;
std::string RenderMessage(const Frame& frame, const Message& message, size_t cap = 2000);

}  // namespace edict

#endif  // EDICT_RUNTIME_INTERP_INTERP_H_
