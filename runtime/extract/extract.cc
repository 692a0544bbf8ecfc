#include "runtime/extract/extract.h"

#include <cmath>

#include "runtime/json/pointer.h"

namespace edict {
namespace {

// Records with at most so many fields are searched by comparing lengths and bytes.
constexpr size_t kLinearFields = 24;
constexpr uint32_t kMaxDepth = 1000;

const char* KindText(const JsonNode& node) {
  switch (node.kind) {
    case JsonKind::kNull: return "null";
    case JsonKind::kBool: return "a bool";
    case JsonKind::kInt:
    case JsonKind::kDouble: return "a number";
    case JsonKind::kString: return "a string";
    case JsonKind::kArray: return "an array";
    case JsonKind::kObject: return "an object";
  }
  return "";
}

// An integral number that fits int64, in whatever notation it was written.
bool AsInt(const JsonNode& node, int64_t& value) {
  if (node.kind == JsonKind::kInt) {
    value = node.i;
    return true;
  }
  if (node.kind != JsonKind::kDouble || std::trunc(node.d) != node.d) return false;
  if (!(node.d >= -9223372036854775808.0 && node.d < 9223372036854775808.0)) return false;
  value = static_cast<int64_t>(node.d);
  return true;
}

std::string Quoted(std::string_view text) {
  constexpr size_t kMax = 60;
  std::string quoted = "\"";
  quoted += text.substr(0, kMax);
  return quoted + (text.size() > kMax ? "...\"" : "\"");
}

// Case and separators aside, for did-you-mean.
std::string Folded(std::string_view text) {
  std::string folded;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c != '_' && c != '-' && c != '.' && c != ' ') folded += c;
  }
  return folded;
}

}  // namespace

// One walk over one event.
struct Extractor::Walk {
  const Extractor& self;
  std::vector<ShapeFault>& faults;
  ConstraintEval& eval;
  // The path from the root: keys and array indices, written out only for a fault.
  struct Step {
    std::string_view key;
    uint32_t index = kNone;
  };
  std::vector<Step> path;

  const Program& program() const { return self.program_; }
  bool full() const { return faults.size() >= kMaxFaults; }

  std::string Path(std::string_view last = {}, bool with_last = false) const {
    std::string pointer;
    for (const Step& step : path) AppendToken(pointer, step.index == kNone ? std::string(step.key) : std::to_string(step.index));
    if (with_last) AppendToken(pointer, last);
    return pointer;
  }
  // How messages call the value at hand.
  std::string Here() const {
    if (path.empty()) return "the event";
    const Step& last = path.back();
    if (last.index == kNone) return std::string(last.key);
    return (path.size() > 1 ? std::string(path[path.size() - 2].key) : std::string("the array")) + "[" + std::to_string(last.index) + "]";
  }
  void Add(Fault fault, const JsonNode& at, std::string pointer, std::string message, uint32_t code = kNone) {
    if (full()) return;
    faults.push_back({fault, code, std::move(pointer), at.offset, std::move(message)});
  }
  void WrongType(uint32_t shape, const JsonNode& node) {
    Add(Fault::kWrongType, node, Path(), Here() + " is " + KindText(node) + ", expected " + self.Describe(shape));
  }

  Value SlotValue(uint32_t shape, const JsonNode& node) const;
  void Check(uint32_t shape, const JsonNode& node, uint32_t depth);
  void CheckKind(const Shape& shape, uint32_t id, const JsonNode& node, uint32_t depth);
  void CheckEnum(const Shape& shape, uint32_t id, const JsonNode& node);
  void CheckElements(const Shape& shape, const JsonNode& node, uint32_t depth);
  void CheckRecord(uint32_t id, const JsonNode& node, Value* slots, uint32_t depth);
  void CheckTagged(const Shape& shape, const JsonNode& node, uint32_t depth);
  void CheckUnion(const Shape& shape, uint32_t id, const JsonNode& node, uint32_t depth);
  bool Matches(uint32_t shape, const JsonNode& node) const;
  void CheckConstraints(const Shape& shape, uint32_t id, const JsonNode& node);
};

Extractor::Extractor(const Program& program) : program_(program), records_(program.shapes.size()) {
  for (uint32_t i = 0; i < program.events.size(); ++i) event_by_name_.emplace(program.events[i].name, i);
  for (size_t s = 0; s < program.shapes.size(); ++s) {
    const std::vector<ShapeField>& fields = program.shapes[s].fields;
    if (fields.size() <= kLinearFields) continue;
    for (uint32_t f = 0; f < fields.size(); ++f) records_[s].fields.emplace(Text(fields[f].name), f);
  }
}

uint32_t Extractor::FindField(uint32_t shape, std::string_view name) const {
  const std::vector<ShapeField>& fields = program_.shapes[shape].fields;
  if (fields.size() > kLinearFields) {
    auto found = records_[shape].fields.find(name);
    return found == records_[shape].fields.end() ? kNone : found->second;
  }
  for (uint32_t f = 0; f < fields.size(); ++f) {
    if (Text(fields[f].name) == name) return f;
  }
  return kNone;
}

std::string Extractor::Describe(uint32_t id) const {
  const Shape& shape = program_.shapes[id];
  std::string text;
  switch (shape.kind) {
    case ShapeKind::kAnything: text = "anything"; break;
    case ShapeKind::kNonNull: text = "a value other than null"; break;
    case ShapeKind::kNull: text = "null"; break;
    case ShapeKind::kBool: text = "a bool"; break;
    case ShapeKind::kInt: text = "an integer"; break;
    case ShapeKind::kNumber: text = "a number"; break;
    case ShapeKind::kString: text = "a string"; break;
    case ShapeKind::kEnum:
      for (size_t i = 0; i < shape.literals.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == shape.literals.size() ? " or " : ", ") + ToCelText(program_.constants[shape.literals[i]]);
      }
      break;
    case ShapeKind::kArray: text = "an array"; break;
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged: text = shape.name.empty() ? "an object" : "an object (" + shape.name + ")"; break;
    case ShapeKind::kUnion:
      for (size_t i = 0; i < shape.members.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == shape.members.size() ? " or " : ", ") + Describe(shape.members[i]);
      }
      break;
  }
  return shape.nullable && shape.kind != ShapeKind::kAnything && shape.kind != ShapeKind::kNull ? text + " or null" : text;
}

std::string Extractor::Suggest(std::string_view type) const {
  std::string folded = Folded(type);
  for (const EventType& event : program_.events) {
    if (!event.name.empty() && Folded(event.name) == folded) return "; did you mean " + event.name + "?";
  }
  return "";
}

Value Extractor::Walk::SlotValue(uint32_t shape, const JsonNode& node) const {
  const Shape& s = program().shapes[shape];
  int64_t integer = 0;
  if (s.kind == ShapeKind::kInt && AsInt(node, integer)) return Value::Int(integer);
  if (s.kind == ShapeKind::kNumber && node.kind == JsonKind::kInt) return Value::Double(static_cast<double>(node.i));
  return FromJson(node);
}

void Extractor::Walk::Check(uint32_t id, const JsonNode& node, uint32_t depth) {
  const Shape& shape = program().shapes[id];
  if (node.kind == JsonKind::kNull && shape.nullable) return;
  if (depth > kMaxDepth || full()) return;
  size_t before = faults.size();
  CheckKind(shape, id, node, depth);
  if (faults.size() == before && !shape.constraints.empty()) CheckConstraints(shape, id, node);
}

void Extractor::Walk::CheckConstraints(const Shape& shape, uint32_t id, const JsonNode& node) {
  for (const ShapeConstraint& constraint : shape.constraints) {
    if (eval.Holds(constraint.condition, SlotValue(id, node))) continue;
    std::string message = constraint.message.empty() ? Here() + " does not satisfy its type's constraint" : constraint.message;
    Add(Fault::kConstraint, node, Path(), std::move(message), constraint.code);
  }
}

void Extractor::Walk::CheckKind(const Shape& shape, uint32_t id, const JsonNode& node, uint32_t depth) {
  int64_t integer = 0;
  bool right = true;
  switch (shape.kind) {
    case ShapeKind::kAnything: break;
    case ShapeKind::kNonNull: right = node.kind != JsonKind::kNull; break;
    case ShapeKind::kNull: right = node.kind == JsonKind::kNull; break;
    case ShapeKind::kBool: right = node.kind == JsonKind::kBool; break;
    case ShapeKind::kInt: right = AsInt(node, integer); break;
    case ShapeKind::kNumber: right = node.kind == JsonKind::kInt || node.kind == JsonKind::kDouble; break;
    case ShapeKind::kString: right = node.kind == JsonKind::kString; break;
    case ShapeKind::kEnum: return CheckEnum(shape, id, node);
    case ShapeKind::kObject:
      right = node.kind == JsonKind::kObject;
      if (right && shape.element != kNone) CheckElements(shape, node, depth);
      break;
    case ShapeKind::kArray:
      right = node.kind == JsonKind::kArray;
      if (right && shape.element != kNone) CheckElements(shape, node, depth);
      break;
    case ShapeKind::kRecord:
      right = node.kind == JsonKind::kObject;
      if (right) CheckRecord(id, node, nullptr, depth);
      break;
    case ShapeKind::kTagged:
      right = node.kind == JsonKind::kObject;
      if (right) CheckTagged(shape, node, depth);
      break;
    case ShapeKind::kUnion: return CheckUnion(shape, id, node, depth);
  }
  if (!right) WrongType(id, node);
}

void Extractor::Walk::CheckEnum(const Shape& shape, uint32_t id, const JsonNode& node) {
  Value value = FromJson(node);
  for (uint32_t literal : shape.literals) {
    if (Equal(program().constants[literal], value)) return;
  }
  if (node.kind != JsonKind::kString) return WrongType(id, node);
  Add(Fault::kWrongType, node, Path(), Here() + " is " + Quoted(node.text()) + ", expected " + self.Describe(id));
}

void Extractor::Walk::CheckElements(const Shape& shape, const JsonNode& node, uint32_t depth) {
  const JsonNode* end = &node + node.next;
  uint32_t index = 0;
  for (const JsonNode* child = &node + 1; child != end && !full();) {
    if (node.kind == JsonKind::kArray) {
      path.push_back({{}, index++});
      Check(shape.element, *child, depth + 1);
      path.pop_back();
      child += child->next;
    } else {
      const JsonNode& key = *child;
      if ((key.flags & JsonNode::kShadowed) == 0) {
        path.push_back({key.text(), kNone});
        Check(shape.element, child[1], depth + 1);
        path.pop_back();
      }
      child += 1 + child[1].next;
    }
  }
}

void Extractor::Walk::CheckRecord(uint32_t id, const JsonNode& node, Value* slots, uint32_t depth) {
  const Shape& shape = program().shapes[id];
  // Presence by position; records of more than 64 fields look missing ones up instead.
  uint64_t seen = 0;
  const JsonNode* end = &node + node.next;
  for (const JsonNode* key = &node + 1; key != end; key += 1 + key[1].next) {
    if ((key->flags & JsonNode::kShadowed) != 0) continue;
    const JsonNode& value = key[1];
    uint32_t f = self.FindField(id, key->text());
    if (f == kNone) {
      if (shape.closed) Add(Fault::kExtraField, *key, Path(key->text(), true), Here() + " has an undeclared field " + Quoted(key->text()));
      continue;
    }
    if (f < 64) seen |= uint64_t{1} << f;
    const ShapeField& field = shape.fields[f];
    path.push_back({key->text(), kNone});
    Check(field.shape, value, depth + 1);
    path.pop_back();
    if (slots != nullptr && field.slot != kNone) slots[field.slot] = SlotValue(field.shape, value);
  }
  for (uint32_t f = 0; f < shape.fields.size(); ++f) {
    const ShapeField& field = shape.fields[f];
    bool there = f < 64 ? (seen >> f & 1) != 0 : FindMember(node, self.Text(field.name)) != nullptr;
    if (there || field.optional) continue;
    std::string owner = path.empty() ? shape.name : Here();
    Add(Fault::kMissingField, node, Path(self.Text(field.name), true),
        owner + " has no " + std::string(self.Text(field.name)) + ", expected " + self.Describe(field.shape));
  }
}

void Extractor::Walk::CheckTagged(const Shape& shape, const JsonNode& node, uint32_t depth) {
  std::string_view tag_name = self.Text(shape.tag_field);
  const JsonNode* tag = FindMember(node, tag_name);
  if (tag == nullptr) {
    return Add(Fault::kMissingField, node, Path(tag_name, true), Here() + " has no " + std::string(tag_name));
  }
  if (tag->kind == JsonKind::kString) {
    for (const ShapeAlternative& alternative : shape.alternatives) {
      if (self.Text(alternative.tag) != tag->text()) continue;
      // The alternative's record carries its own constraints.
      return Check(alternative.shape, node, depth + 1);
    }
    if (shape.otherwise != kNone) return Check(shape.otherwise, node, depth + 1);
  }
  std::string expected;
  for (size_t i = 0; i < shape.alternatives.size(); ++i) {
    expected += (i == 0 ? "" : i + 1 == shape.alternatives.size() ? " or " : ", ") + Quoted(self.Text(shape.alternatives[i].tag));
  }
  std::string actual = tag->kind == JsonKind::kString ? Quoted(tag->text()) : KindText(*tag);

  Add(Fault::kWrongType, *tag, Path(tag_name, true), std::string(tag_name) + " is " + actual + ", expected " + expected);
}

// Whether the node's JSON kind belongs to the shape: unions are told apart by it.
bool Extractor::Walk::Matches(uint32_t id, const JsonNode& node) const {
  const Shape& shape = program().shapes[id];
  if (node.kind == JsonKind::kNull) return shape.nullable || shape.kind == ShapeKind::kNull || shape.kind == ShapeKind::kAnything;
  int64_t integer = 0;
  switch (shape.kind) {
    case ShapeKind::kAnything:
    case ShapeKind::kNonNull: return true;
    case ShapeKind::kNull: return false;
    case ShapeKind::kBool: return node.kind == JsonKind::kBool;
    case ShapeKind::kInt: return AsInt(node, integer);
    case ShapeKind::kNumber: return node.kind == JsonKind::kInt || node.kind == JsonKind::kDouble;
    case ShapeKind::kString: return node.kind == JsonKind::kString;
    case ShapeKind::kEnum:
      for (uint32_t literal : shape.literals) {
        if (Equal(program().constants[literal], FromJson(node))) return true;
      }
      return false;
    case ShapeKind::kArray: return node.kind == JsonKind::kArray;
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged: return node.kind == JsonKind::kObject;
    case ShapeKind::kUnion:
      for (uint32_t member : shape.members) {
        if (Matches(member, node)) return true;
      }
      return false;
  }
  return false;
}

void Extractor::Walk::CheckUnion(const Shape& shape, uint32_t id, const JsonNode& node, uint32_t depth) {
  for (uint32_t member : shape.members) {
    if (Matches(member, node)) return Check(member, node, depth + 1);
  }
  WrongType(id, node);
}

uint32_t Extractor::Run(const JsonNode& root, Value* slots, std::vector<ShapeFault>& faults, ConstraintEval& eval) const {
  Walk walk{*this, faults, eval, {}};
  if (root.kind != JsonKind::kObject) {
    walk.Add(Fault::kNotObject, root, "", std::string("the event is ") + KindText(root) + ", expected an object");
    return kNone;
  }
  uint32_t event = program_.unknown_event;
  if (program_.discriminator == kNone) {
    event = program_.events.empty() ? kNone : 0;
  } else {
    std::string_view name = Text(program_.discriminator);
    std::string pointer;
    AppendToken(pointer, name);
    const JsonNode* tag = FindMember(root, name);
    if (tag == nullptr || (tag->kind == JsonKind::kString && tag->size == 0)) {
      walk.Add(Fault::kMissingType, tag == nullptr ? root : *tag, pointer, "the event has no " + std::string(name));
      return kNone;
    }
    if (tag->kind != JsonKind::kString) {
      walk.Add(Fault::kMissingType, *tag, pointer, std::string(name) + " is " + KindText(*tag) + ", expected a string");
      return kNone;
    }
    auto found = event_by_name_.find(tag->text());
    if (found != event_by_name_.end()) event = found->second;
    if (event == kNone) {
      walk.Add(Fault::kUnknownType, *tag, pointer, "there is no event type " + Quoted(tag->text()) + Suggest(tag->text()));
      return kNone;
    }
  }
  if (event == kNone) return kNone;
  const EventType& type = program_.events[event];
  for (uint32_t i = 0; i < type.slot_count; ++i) slots[i] = Value::Absent();
  if (type.shape == kNone) return event;
  walk.CheckRecord(type.shape, root, slots, 0);
  if (faults.empty()) walk.CheckConstraints(program_.shapes[type.shape], type.shape, root);
  return event;
}

}  // namespace edict
