#include "runtime/program/scan_plan.h"

#include <algorithm>
#include <utility>

#include "runtime/program/visit_nodes.h"

namespace edict {
namespace {

class UseFinder {
 public:
  UseFinder(const Program& program, const EventType& event) : program_(program), seen_(program.nodes.size()) {
    uses_.slots.resize(event.slot_count, SlotUse::kNone);
    for (const Check& check : event.checks) {
      Visit(check.guard);
      for (const Clause& clause : check.clauses) {
        Visit(clause.loops);
        Visit(clause.condition);
      }
    }
    for (const Effect& effect : event.effects) {
      Visit(effect.loops);
      for (const uint32_t key : effect.keys) Visit(key);
      Visit(effect.value);
      Visit(effect.guard);
    }
    if (event.time_slot != kNone) uses_.slots[event.time_slot] = SlotUse::kValue;
  }
  SlotUses Take() { return std::move(uses_); }

 private:
  void Visit(const std::vector<Loop>& loops) {
    for (const Loop& loop : loops) Visit(loop.range);
  }
  void Visit(uint32_t root) {
    const auto first = [&](uint32_t id) {
      const bool seen = seen_[id];
      seen_[id] = true;
      return !seen;
    };
    VisitNodes(program_, root, first, [&](const Node& node) {
      if (node.op == Op::kEvent) uses_.whole_event = true;
      if (node.op == Op::kPresent && uses_.slots[node.imm] == SlotUse::kNone) uses_.slots[node.imm] = SlotUse::kPresence;
      if (node.op == Op::kSlot || node.op == Op::kOptSlot) uses_.slots[node.imm] = SlotUse::kValue;
      return true;
    });
  }

  const Program& program_;
  std::vector<bool> seen_;
  SlotUses uses_;
};

}  // namespace

uint32_t FieldNamed(const Program& program, const Shape& record, uint32_t name) {
  for (uint32_t i = 0; name != kNone && i < record.fields.size(); ++i) {
    if (program.constants[record.fields[i].name].text() == program.constants[name].text()) return i;
  }
  return kNone;
}

uint32_t TagField(const Program& program, const EventType& event) {
  return event.shape == kNone ? kNone : FieldNamed(program, program.shapes[event.shape], program.discriminator);
}

bool IsPlainJson(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; });
}

SlotUses FindSlotUses(const Program& program, const EventType& event) { return UseFinder(program, event).Take(); }

std::vector<uint32_t> HintOffsets(const Program& program) {
  std::vector<uint32_t> offsets;
  offsets.reserve(program.shapes.size() + 1);
  uint32_t next = 0;
  for (const Shape& shape : program.shapes) {
    offsets.push_back(next);
    if (shape.kind == ShapeKind::kRecord) next += static_cast<uint32_t>(shape.fields.size()) + 1;
  }
  offsets.push_back(next);
  return offsets;
}

bool HasKnownElements(const Program& program, const Shape& shape) {
  if (shape.kind != ShapeKind::kArray || shape.element == kNone) return false;
  switch (program.shapes[shape.element].kind) {
    case ShapeKind::kAnything:
    case ShapeKind::kNonNull:
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
    case ShapeKind::kUnion:
      return true;
    default:
      return false;
  }
}

}  // namespace edict
