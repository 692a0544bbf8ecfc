#include <algorithm>
#include <string_view>
#include <utility>

#include "compiler/passes/passes.h"
#include "compiler/passes/rewriter.h"

namespace edict::passes {
namespace {

class FieldReader : public Rewriter {
 public:
  using Rewriter::Rewriter;

 protected:
  NodeId Replace(const Node& node, const std::vector<NodeId>& args, const EventType* event) override {
    const bool selects = node.op == Op::kHasField || node.op == Op::kField || node.op == Op::kOptField;
    if (event == nullptr || event->shape == kNone || !selects || builder().node(args[0]).op != Op::kEvent) return Same(node, args);
    const uint32_t slot = SlotOf(*event, node.imm, node.op != Op::kHasField);
    if (slot == kNone) return Same(node, args);
    const Op op = node.op == Op::kHasField ? Op::kPresent : node.op == Op::kField ? Op::kSlot : Op::kOptSlot;
    return builder().Make(op, node.rep, slot, {}, kNone, node.span);
  }

 private:
  // kNone: the field cannot be read so, or its Value would be another.
  uint32_t SlotOf(const EventType& event, uint32_t name, bool wants_value) {
    const Program& p = builder().program();
    const Shape& shape = p.shapes[event.shape];
    if (shape.kind != ShapeKind::kRecord) return kNone;
    for (const ShapeField& field : shape.fields) {
      if (p.constants[field.name].text() != p.constants[name].text()) continue;
      return wants_value && MayBeNumber(field.shape, 0) ? kNone : field.slot;
    }
    return shape.closed ? kNone : AddField(event, name);
  }

  // In a slot a number has the notation of its type; in the event, that of its text.
  bool MayBeNumber(uint32_t id, int depth) {
    constexpr int kMostUnions = 8;
    const Program& p = builder().program();
    const Shape& shape = p.shapes[id];
    if (shape.kind == ShapeKind::kInt || shape.kind == ShapeKind::kNumber) return true;
    if (shape.kind == ShapeKind::kEnum) {
      return std::any_of(shape.literals.begin(), shape.literals.end(), [&](uint32_t l) { return p.constants[l].is_number(); });
    }
    if (shape.kind != ShapeKind::kUnion) return false;
    return depth == kMostUnions ||
           std::any_of(shape.members.begin(), shape.members.end(), [&](uint32_t m) { return MayBeNumber(m, depth + 1); });
  }

  // A field that nobody declared, of any value, in a shape that is the event's own.
  uint32_t AddField(const EventType& event, uint32_t name) {
    Program& p = builder().program();
    const auto index = static_cast<size_t>(&event - p.events.data());
    EventType& own = p.events[index];
    Shape anything;
    anything.nullable = true;
    p.shapes.push_back(std::move(anything));
    const auto any = static_cast<uint32_t>(p.shapes.size() - 1);
    Shape record = p.shapes[own.shape];
    ShapeField field;
    field.name = name;
    field.shape = any;
    field.optional = true;
    field.slot = own.slot_count++;
    own.slot_names.emplace_back(p.constants[name].text());
    const uint32_t slot = field.slot;
    record.fields.push_back(field);
    p.shapes.push_back(std::move(record));
    own.shape = static_cast<uint32_t>(p.shapes.size() - 1);
    return slot;
  }
};

}  // namespace

Program EventFields(Program program) { return FieldReader(std::move(program)).Run(); }

}  // namespace edict::passes
