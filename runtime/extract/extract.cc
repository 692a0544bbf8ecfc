#include "runtime/extract/extract.h"

#include <algorithm>
#include <cmath>

#include "runtime/json/pointer.h"

namespace edict {
namespace {

// Records with at most so many fields are searched by comparing lengths and bytes.
constexpr size_t kLinearFields = 24;
// Of JSON nesting; JsonLimits allows no more by default. Bounds the recursion.
constexpr uint32_t kMaxDepth = 1000;

const char* KindText(const JsonNode& node) {
  switch (node.kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBool:
      return "a bool";
    case JsonKind::kInt:
    case JsonKind::kDouble:
      return "a number";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kArray:
      return "an array";
    case JsonKind::kObject:
      return "an object";
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
  size_t cut = std::min(text.size(), kMax);
  // Not inside a character.
  while (cut < text.size() && cut != 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  std::string quoted = "\"";
  quoted += text.substr(0, cut);
  return quoted + (cut < text.size() ? "...\"" : "\"");
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
  size_t blocking = 0;  // faults found that block
  size_t others = 0;

  // The path from the root as a list on the stack, written out only for a fault. A Step lives while its value is checked.
  struct Step {
    Step(Walk& walk, std::string_view key, uint32_t index) : owner(walk), parent(walk.top), key(key), index(index) {
      walk.top = this;
    }
    ~Step() { owner.top = parent; }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

    Walk& owner;
    const Step* parent;
    std::string_view key;
    uint32_t index;  // of an array; kNone: `key` counts
  };
  const Step* top = nullptr;

  const Program& program() const { return self.program_; }
  bool full() const { return blocking >= kMaxFaults; }

  std::string Path() const {
    std::vector<const Step*> steps;
    for (const Step* step = top; step != nullptr; step = step->parent) steps.push_back(step);
    std::string pointer;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      AppendToken(pointer, (*step)->index == kNone ? std::string((*step)->key) : std::to_string((*step)->index));
    }
    return pointer;
  }
  std::string PathTo(std::string_view key) const {
    std::string pointer = Path();
    AppendToken(pointer, key);
    return pointer;
  }
  // How messages call the value at hand.
  std::string Here() const {
    if (top == nullptr) return "the event";
    if (top->index == kNone) return std::string(top->key);
    bool named = top->parent != nullptr && top->parent->index == kNone;
    return (named ? std::string(top->parent->key) : std::string("the array")) + "[" + std::to_string(top->index) + "]";
  }
  void Add(Fault fault, const JsonNode& at, std::string pointer, std::string message, uint32_t code = kNone) {
    const bool blocks = Blocks(fault, code);
    size_t& count = blocks ? blocking : others;
    if (count >= kMaxFaults) return;
    ++count;
    faults.push_back({fault, code, std::move(pointer), at.offset, std::move(message), blocks});
  }
  bool Blocks(Fault fault, uint32_t code) const {
    if (fault != Fault::kExtraField && fault != Fault::kConstraint) return true;
    if (code == kNone) code = program().faults[static_cast<int>(fault)];
    return code == kNone || program().codes[code].severity >= Severity::kError;
  }
  void WrongType(uint32_t shape, const JsonNode& node) {
    Add(Fault::kWrongType, node, Path(), Here() + " is " + KindText(node) + ", expected " + self.Describe(shape));
  }

  void Check(uint32_t shape, const JsonNode& node, uint32_t depth);
  void CheckKind(const Shape& shape, uint32_t id, const JsonNode& node, uint32_t depth);
  void CheckEnum(const Shape& shape, uint32_t id, const JsonNode& node);
  void CheckElements(const Shape& shape, const JsonNode& node, uint32_t depth);
  void CheckRecord(uint32_t id, const JsonNode& node, Value* slots, uint32_t depth);
  void ExtraField(const JsonNode& key);
  void MissingField(const Shape& record, const ShapeField& field, const JsonNode& node);
  void CheckTagged(const Shape& shape, const JsonNode& node, uint32_t depth);
  void WrongTag(const Shape& shape, const JsonNode& node, const JsonNode* tag);
  void CheckConstraints(const Shape& shape, uint32_t id, const JsonNode& node);
};

Extractor::Extractor(const Program& program) : program_(program), records_(program.shapes.size()) {
  for (uint32_t i = 0; i < program.events.size(); ++i) event_by_name_.emplace(program.events[i].name, i);
  for (size_t s = 0; s < program.shapes.size(); ++s) {
    const std::vector<ShapeField>& fields = program.shapes[s].fields;
    for (uint32_t f = 0; f < fields.size(); ++f) {
      records_[s].names.push_back(Text(fields[f].name));
      if (fields.size() > kLinearFields) records_[s].fields.emplace(Text(fields[f].name), f);
    }
  }
}

uint32_t Extractor::FindField(uint32_t shape, std::string_view name, uint32_t hint) const {
  const RecordIndex& index = records_[shape];
  const auto count = static_cast<uint32_t>(index.names.size());
  if (hint < count && index.names[hint] == name) return hint;
  if (count > kLinearFields) {
    auto found = index.fields.find(name);
    return found == index.fields.end() ? kNone : found->second;
  }
  for (uint32_t f = 0; f < count; ++f) {
    if (index.names[f] == name) return f;
  }
  return kNone;
}

std::string Extractor::Describe(uint32_t id) const {
  const Shape& shape = program_.shapes[id];
  std::string text;
  switch (shape.kind) {
    case ShapeKind::kAnything:
      text = "anything";
      break;
    case ShapeKind::kNonNull:
      text = "a value other than null";
      break;
    case ShapeKind::kNull:
      text = "null";
      break;
    case ShapeKind::kBool:
      text = "a bool";
      break;
    case ShapeKind::kInt:
      text = "an integer";
      break;
    case ShapeKind::kNumber:
      text = "a number";
      break;
    case ShapeKind::kString:
      text = "a string";
      break;
    case ShapeKind::kEnum:
      for (size_t i = 0; i < shape.literals.size(); ++i) {
        text += (i == 0 ? "" : i + 1 == shape.literals.size() ? " or " : ", ") + ToCelText(program_.constants[shape.literals[i]]);
      }
      break;
    case ShapeKind::kArray:
      text = "an array";
      break;
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
      text = shape.name.empty() ? "an object" : "an object (" + shape.name + ")";
      break;
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

// Index in Shape::literals, or kNone.
uint32_t Extractor::LiteralFor(const Shape& shape, const Value& value) const {
  for (uint32_t i = 0; i < shape.literals.size(); ++i) {
    if (Equal(program_.constants[shape.literals[i]], value)) return i;
  }
  return kNone;
}

// The value as rules read it: numbers in the notation of the type, not in that of the input.
Value Extractor::SlotValue(uint32_t id, const JsonNode& node) const {
  const Shape& shape = program_.shapes[id];
  bool number = node.kind == JsonKind::kInt || node.kind == JsonKind::kDouble;
  if (!number) return FromJson(node);
  int64_t integer = 0;
  if (shape.kind == ShapeKind::kInt && AsInt(node, integer)) return Value::Int(integer);
  if (shape.kind == ShapeKind::kNumber && node.kind == JsonKind::kInt) return Value::Double(static_cast<double>(node.i));
  if (shape.kind == ShapeKind::kEnum) {
    uint32_t literal = LiteralFor(shape, FromJson(node));
    if (literal != kNone) return program_.constants[shape.literals[literal]];
  }
  if (shape.kind == ShapeKind::kUnion) {
    uint32_t member = MemberFor(shape, node);
    if (member != kNone) return SlotValue(member, node);
  }
  return FromJson(node);
}

void Extractor::Walk::Check(uint32_t id, const JsonNode& node, uint32_t depth) {
  const Shape& shape = program().shapes[id];
  if (node.kind == JsonKind::kNull && shape.nullable) return;
  if (full()) return;
  if (depth > kMaxDepth) {
    return Add(Fault::kWrongType, node, Path(), Here() + " is nested deeper than " + std::to_string(kMaxDepth));
  }
  const size_t blocking_before = blocking;
  CheckKind(shape, id, node, depth);
  if (blocking == blocking_before && !shape.constraints.empty()) CheckConstraints(shape, id, node);
}

void Extractor::Walk::CheckConstraints(const Shape& shape, uint32_t id, const JsonNode& node) {
  for (const ShapeConstraint& constraint : shape.constraints) {
    if (eval.Holds(constraint.condition, self.SlotValue(id, node))) continue;
    std::string message = constraint.message.empty() ? Here() + " does not satisfy its type's constraint" : constraint.message;
    Add(Fault::kConstraint, node, Path(), std::move(message), constraint.code);
  }
}

void Extractor::Walk::CheckKind(const Shape& shape, uint32_t id, const JsonNode& node, uint32_t depth) {
  int64_t integer = 0;
  bool right = true;
  switch (shape.kind) {
    case ShapeKind::kAnything:
      break;
    case ShapeKind::kNonNull:
      right = node.kind != JsonKind::kNull;
      break;
    case ShapeKind::kNull:
      right = node.kind == JsonKind::kNull;
      break;
    case ShapeKind::kBool:
      right = node.kind == JsonKind::kBool;
      break;
    case ShapeKind::kInt:
      right = AsInt(node, integer);
      break;
    case ShapeKind::kNumber:
      right = node.kind == JsonKind::kInt || node.kind == JsonKind::kDouble;
      break;
    case ShapeKind::kString:
      right = node.kind == JsonKind::kString;
      break;
    case ShapeKind::kEnum:
      return CheckEnum(shape, id, node);
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
    case ShapeKind::kUnion: {
      uint32_t member = self.MemberFor(shape, node);
      if (member != kNone) return Check(member, node, depth);
      right = false;
      break;
    }
  }
  if (!right) WrongType(id, node);
}

void Extractor::Walk::CheckEnum(const Shape& shape, uint32_t id, const JsonNode& node) {
  if (self.LiteralFor(shape, FromJson(node)) != kNone) return;
  if (node.kind != JsonKind::kString) return WrongType(id, node);
  Add(Fault::kWrongType, node, Path(), Here() + " is " + Quoted(node.text()) + ", expected " + self.Describe(id));
}

void Extractor::Walk::CheckElements(const Shape& shape, const JsonNode& node, uint32_t depth) {
  const JsonNode* end = &node + node.next;
  uint32_t index = 0;
  for (const JsonNode* child = &node + 1; child != end && !full();) {
    if (node.kind == JsonKind::kArray) {
      Step step(*this, {}, index++);
      Check(shape.element, *child, depth + 1);
      child += child->next;
    } else {
      const JsonNode& key = *child;
      if ((key.flags & JsonNode::kShadowed) == 0) {
        Step step(*this, key.text(), kNone);
        Check(shape.element, child[1], depth + 1);
      }
      child += 1 + child[1].next;
    }
  }
}

void Extractor::Walk::CheckRecord(uint32_t id, const JsonNode& node, Value* slots, uint32_t depth) {
  const Shape& shape = program().shapes[id];
  // Presence by position; records of more than 64 fields look missing ones up instead.
  uint64_t seen = 0;
  uint32_t next = 0;
  const JsonNode* end = &node + node.next;
  for (const JsonNode* key = &node + 1; key != end && !full(); key += 1 + key[1].next) {
    if ((key->flags & JsonNode::kShadowed) != 0) continue;
    const JsonNode& value = key[1];
    uint32_t f = self.FindField(id, key->text(), next);
    if (f == kNone) {
      if (shape.closed) ExtraField(*key);
      continue;
    }
    next = f + 1;
    if (f < 64) seen |= uint64_t{1} << f;
    const ShapeField& field = shape.fields[f];
    {
      Step step(*this, key->text(), kNone);
      Check(field.shape, value, depth + 1);
    }
    if (slots != nullptr && field.slot != kNone) slots[field.slot] = self.SlotValue(field.shape, value);
  }
  if (full()) return;
  for (uint32_t f = 0; f < shape.fields.size(); ++f) {
    const ShapeField& field = shape.fields[f];
    if (field.optional) continue;
    bool there = f < 64 ? (seen >> f & 1) != 0 : FindMember(node, self.Text(field.name)) != nullptr;
    if (!there) MissingField(shape, field, node);
  }
}

void Extractor::Walk::ExtraField(const JsonNode& key) {
  Add(Fault::kExtraField, key, PathTo(key.text()), Here() + " has an undeclared field " + Quoted(key.text()));
}

void Extractor::Walk::MissingField(const Shape& record, const ShapeField& field, const JsonNode& node) {
  std::string_view name = self.Text(field.name);
  std::string owner = top == nullptr && !record.name.empty() ? record.name : Here();
  Add(Fault::kMissingField, node, PathTo(name),
      owner + " has no " + std::string(name) + ", expected " + self.Describe(field.shape));
}

void Extractor::Walk::CheckTagged(const Shape& shape, const JsonNode& node, uint32_t depth) {
  const JsonNode* tag = FindMember(node, self.Text(shape.tag_field));
  if (tag != nullptr && tag->kind == JsonKind::kString) {
    for (const ShapeAlternative& alternative : shape.alternatives) {
      if (self.Text(alternative.tag) != tag->text()) continue;
      // The alternative's record carries its own constraints.
      return Check(alternative.shape, node, depth);
    }
  }
  // A record wants a tag, if an unknown one; any other shape takes what has none as well.
  const bool any_tag = shape.otherwise != kNone && program().shapes[shape.otherwise].kind != ShapeKind::kRecord;
  if (any_tag || (shape.otherwise != kNone && tag != nullptr && tag->kind == JsonKind::kString)) {
    return Check(shape.otherwise, node, depth);
  }
  WrongTag(shape, node, tag);
}

void Extractor::Walk::WrongTag(const Shape& shape, const JsonNode& node, const JsonNode* tag) {
  std::string name(self.Text(shape.tag_field));
  if (tag == nullptr) return Add(Fault::kMissingField, node, PathTo(name), Here() + " has no " + name);
  std::string expected;
  for (size_t i = 0; i < shape.alternatives.size(); ++i) {
    expected += (i == 0 ? "" : i + 1 == shape.alternatives.size() ? " or " : ", ") + Quoted(self.Text(shape.alternatives[i].tag));
  }
  if (tag->kind != JsonKind::kString && shape.otherwise != kNone) expected = "a string";
  std::string actual = tag->kind == JsonKind::kString ? Quoted(tag->text()) : KindText(*tag);
  Add(Fault::kWrongType, *tag, PathTo(name), name + " is " + actual + ", expected " + expected);
}

// Whether the node's JSON kind belongs to the shape: unions are told apart by it.
bool Extractor::Matches(uint32_t id, const JsonNode& node) const {
  const Shape& shape = program_.shapes[id];
  if (node.kind == JsonKind::kNull && shape.nullable) return true;
  int64_t integer = 0;
  switch (shape.kind) {
    case ShapeKind::kAnything:
      return true;
    case ShapeKind::kNonNull:
      return node.kind != JsonKind::kNull;
    case ShapeKind::kNull:
      return node.kind == JsonKind::kNull;
    case ShapeKind::kBool:
      return node.kind == JsonKind::kBool;
    case ShapeKind::kInt:
      return AsInt(node, integer);
    case ShapeKind::kNumber:
      return node.kind == JsonKind::kInt || node.kind == JsonKind::kDouble;
    case ShapeKind::kString:
      return node.kind == JsonKind::kString;
    case ShapeKind::kEnum:
      return LiteralFor(shape, FromJson(node)) != kNone;
    case ShapeKind::kArray:
      return node.kind == JsonKind::kArray;
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
      return node.kind == JsonKind::kObject;
    case ShapeKind::kUnion:
      return MemberFor(shape, node) != kNone;
  }
  return false;
}

// The union's member that the node is checked against: the first of its kind, but an int before a number.
uint32_t Extractor::MemberFor(const Shape& shape, const JsonNode& node) const {
  uint32_t number = kNone;
  for (uint32_t member : shape.members) {
    if (number != kNone && program_.shapes[member].kind != ShapeKind::kInt) continue;
    if (!Matches(member, node)) continue;
    if (program_.shapes[member].kind != ShapeKind::kNumber) return member;
    number = member;
  }
  return number;
}

// The index of the event's type by its discriminator; kNone: it has none, and a fault says why if there should be one.
uint32_t Extractor::FindType(const JsonNode& root, Walk& walk) const {
  if (program_.discriminator == kNone) return program_.events.empty() ? kNone : 0;
  std::string_view name = Text(program_.discriminator);
  const JsonNode* tag = FindMember(root, name);
  if (tag == nullptr || (tag->kind == JsonKind::kString && tag->size == 0)) {
    walk.Add(Fault::kMissingType, tag == nullptr ? root : *tag, walk.PathTo(name), "the event has no " + std::string(name));
    return kNone;
  }
  if (tag->kind != JsonKind::kString) {
    walk.Add(Fault::kMissingType, *tag, walk.PathTo(name), std::string(name) + " is " + KindText(*tag) + ", expected a string");
    return kNone;
  }
  auto found = event_by_name_.find(tag->text());
  if (found != event_by_name_.end()) return found->second;
  if (program_.unknown_event == kNone) {
    walk.Add(Fault::kUnknownType, *tag, walk.PathTo(name), "there is no event type " + Quoted(tag->text()) + Suggest(tag->text()));
  }
  return program_.unknown_event;
}

uint32_t Extractor::Run(const JsonNode& root, Value* slots, std::vector<ShapeFault>& faults, ConstraintEval& eval) const {
  Walk walk{*this, faults, eval};
  if (root.kind != JsonKind::kObject) {
    walk.Add(Fault::kNotObject, root, "", std::string("the event is ") + KindText(root) + ", expected an object");
    return kNone;
  }
  uint32_t event = FindType(root, walk);
  if (event == kNone) return kNone;
  const EventType& type = program_.events[event];
  std::fill_n(slots, type.slot_count, Value::Absent());
  if (type.shape == kNone) return event;
  walk.CheckRecord(type.shape, root, slots, 0);
  if (walk.blocking == 0) walk.CheckConstraints(program_.shapes[type.shape], type.shape, root);
  return event;
}

}  // namespace edict
