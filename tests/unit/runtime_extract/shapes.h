// Programs of shapes, built by hand, and what the Extractor says of a text.
#ifndef EDICT_TESTS_UNIT_RUNTIME_EXTRACT_SHAPES_H_
#define EDICT_TESTS_UNIT_RUNTIME_EXTRACT_SHAPES_H_

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/extract/extract.h"
#include "runtime/json/document.h"

namespace edict {

class ShapeBuilder {
 public:
  uint32_t Constant(Value value) {
    if (value.kind == Kind::kString) value = Value::String({program.memory->Copy(value.text()), value.size});
    program.constants.push_back(value);
    return static_cast<uint32_t>(program.constants.size() - 1);
  }
  uint32_t Text(std::string_view text) { return Constant(Value::String(text)); }
  uint32_t Add(Shape shape) {
    program.shapes.push_back(std::move(shape));
    return static_cast<uint32_t>(program.shapes.size() - 1);
  }
  uint32_t Basic(ShapeKind kind, bool nullable = false, uint32_t element = kNone) {
    Shape shape;
    shape.kind = kind;
    shape.nullable = nullable;
    shape.element = element;
    return Add(std::move(shape));
  }
  uint32_t Enum(const std::vector<Value>& literals) {
    Shape shape;
    shape.kind = ShapeKind::kEnum;
    for (const Value& literal : literals) shape.literals.push_back(Constant(literal));
    return Add(std::move(shape));
  }
  uint32_t Union(std::vector<uint32_t> members) {
    Shape shape;
    shape.kind = ShapeKind::kUnion;
    shape.members = std::move(members);
    return Add(std::move(shape));
  }
  // A key that ends in '?' is an optional field. Slots are given in order where `slots`.
  uint32_t Record(std::string name, const std::vector<std::pair<std::string, uint32_t>>& fields, bool slots = false) {
    Shape shape;
    shape.kind = ShapeKind::kRecord;
    shape.name = std::move(name);
    for (const auto& [key, id] : fields) {
      ShapeField field;
      field.optional = key.back() == '?';
      field.name = Text(field.optional ? std::string_view(key).substr(0, key.size() - 1) : std::string_view(key));
      field.shape = id;
      if (slots) field.slot = static_cast<uint32_t>(shape.fields.size());
      shape.fields.push_back(field);
    }
    return Add(std::move(shape));
  }
  uint32_t Tagged(std::string_view tag_field, const std::vector<std::pair<std::string, uint32_t>>& alternatives) {
    Shape shape;
    shape.kind = ShapeKind::kTagged;
    shape.name = "Tagged";
    shape.tag_field = Text(tag_field);
    for (const auto& [tag, id] : alternatives) shape.alternatives.push_back({Text(tag), id});
    return Add(std::move(shape));
  }
  void Where(uint32_t shape, uint32_t condition, std::string message, uint32_t code = kNone) {
    program.shapes[shape].constraints.push_back({condition, code, std::move(message)});
  }
  // An event of these fields, behind `type`.
  uint32_t Event(const std::string& name, std::vector<std::pair<std::string, uint32_t>> fields) {
    if (program.discriminator == kNone) program.discriminator = Text("type");
    EventType event;
    event.name = name;
    event.slot_count = static_cast<uint32_t>(fields.size());
    event.shape = Record(name, fields, true);
    program.events.push_back(std::move(event));
    return static_cast<uint32_t>(program.events.size() - 1);
  }

  Program program;
};

// Conditions are looked up by number; `seen` collects what they were asked of.
class FakeEval final : public ConstraintEval {
 public:
  bool Holds(uint32_t node, const Value& self) override {
    seen.push_back(self);
    return results[node];
  }
  std::map<uint32_t, bool> results;
  std::vector<Value> seen;
};

inline const char* FaultName(Fault fault) {
  switch (fault) {
    case Fault::kNotObject:
      return "not_object";
    case Fault::kMissingType:
      return "missing_type";
    case Fault::kUnknownType:
      return "unknown_type";
    case Fault::kMissingField:
      return "missing_field";
    case Fault::kWrongType:
      return "wrong_type";
    case Fault::kConstraint:
      return "constraint";
    case Fault::kExtraField:
      return "extra_field";
    default:
      return "other";
  }
}

struct Outcome {
  uint32_t event = kNone;
  std::vector<Value> slots;
  std::vector<ShapeFault> faults;
  std::vector<std::string> lines;  // "fault path: message"
};

class ShapeTest : public testing::Test {
 protected:
  Outcome Run(const std::string& text) {
    Outcome outcome;
    outcome.slots.assign(128, Value::Type("untouched"));
    const JsonNode* root = parser_.Parse(text, {});
    EXPECT_NE(root, nullptr) << text << ": " << parser_.fault().message;
    if (root == nullptr) return outcome;
    outcome.event = Extractor(b_.program).Run(*root, outcome.slots.data(), outcome.faults, eval_);
    for (const ShapeFault& fault : outcome.faults) {
      outcome.lines.push_back(FaultName(fault.fault) + std::string(" ") + fault.path + ": " + fault.message);
    }
    return outcome;
  }
  using Lines = std::vector<std::string>;
  Lines Faults(const std::string& text) { return Run(text).lines; }
  // Of an event A whose field `v` has the shape.
  Lines FaultsOf(const std::string& value) { return Faults(R"({"type":"A","v":)" + value + "}"); }

  ShapeBuilder b_;
  FakeEval eval_;
  JsonParser parser_;
};

}  // namespace edict

#endif  // EDICT_TESTS_UNIT_RUNTIME_EXTRACT_SHAPES_H_
