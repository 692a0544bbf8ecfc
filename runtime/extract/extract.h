// The shape check: one walk over an event's tape that says whether it is what its type declares, names every fault with
// its JSON Pointer, and fills the slots from which rules read the event's fields.
#ifndef EDICT_RUNTIME_EXTRACT_EXTRACT_H_
#define EDICT_RUNTIME_EXTRACT_EXTRACT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/program/program.h"
#include "runtime/value/json_node.h"

namespace edict {

struct ShapeFault {
  Fault fault = Fault::kWrongType;
  uint32_t code = kNone;  // Program::codes; kNone: the event family's code of this fault
  std::string path;       // JSON Pointer (RFC 6901)
  uint32_t offset = 0;    // byte within the event's text
  std::string message;
  bool blocks = true;  // the event cannot be judged: see Extractor::Run
};

// Conditions of `where` are evaluated by a layer above.
class ConstraintEval {
 public:
  virtual ~ConstraintEval() = default;
  // Whether the condition is true of the value; an error counts as false.
  virtual bool Holds(uint32_t node, const Value& self) = 0;
};

// Immutable; any number of threads may share it. Refers to the Program.
class Extractor {
 public:
  static constexpr size_t kMaxFaults = 16;  // of one event, and as many that do not block; more say nothing new

  explicit Extractor(const Program& program);

  // The index of the event's type, kNone where it has none. Faults are appended; without one that blocks, slots[0 ..
  // slot_count) hold the fields, kAbsent where missing. An undeclared field or a constraint blocks unless its code is a mere
  // warning or info: the fields have their declared types all the same. A valid event allocates nothing here.
  uint32_t Run(const JsonNode& root, Value* slots, std::vector<ShapeFault>& faults, ConstraintEval& eval) const;

 private:
  struct RecordIndex {
    std::vector<std::string_view> names;                    // of Shape::fields
    std::unordered_map<std::string_view, uint32_t> fields;  // name -> index in Shape::fields; only for large records
  };
  struct Walk;

  std::string_view Text(uint32_t constant) const { return program_.constants[constant].text(); }
  // `hint`: the field to try first; keys mostly come in the order of the declaration.
  uint32_t FindField(uint32_t shape, std::string_view name, uint32_t hint) const;
  uint32_t MemberFor(const Shape& shape, const JsonNode& node) const;
  bool Matches(uint32_t shape, const JsonNode& node) const;
  uint32_t LiteralFor(const Shape& shape, const Value& value) const;
  Value SlotValue(uint32_t shape, const JsonNode& node) const;
  uint32_t FindType(const JsonNode& root, Walk& walk) const;
  std::string Describe(uint32_t shape) const;
  std::string Suggest(std::string_view type) const;

  const Program& program_;
  std::unordered_map<std::string_view, uint32_t> event_by_name_;
  std::vector<RecordIndex> records_;  // by shape
};

}  // namespace edict

#endif  // EDICT_RUNTIME_EXTRACT_EXTRACT_H_
