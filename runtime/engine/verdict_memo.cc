#include "runtime/engine/verdict_memo.h"

#include <cstring>

#include "runtime/program/scan_plan.h"

namespace edict {

std::vector<VerdictMemo::Fields> VerdictMemo::FieldsOf(const Program& program) {
  std::vector<Fields> all;
  for (const EventType& event : program.events) {
    const SlotUses uses = FindSlotUses(program, event);
    Fields& fields = all.emplace_back();
    if (event.shape == kNone) continue;
    fields.simple = true;
    const uint32_t tag = event.name.empty() ? kNone : TagField(program, event);  // the same in all events of the type
    const std::vector<ShapeField>& declared = program.shapes[event.shape].fields;
    for (uint32_t i = 0; i < declared.size(); ++i) {
      const ShapeField& field = declared[i];
      const SlotUse use = field.slot == kNone ? SlotUse::kNone : uses.slots[field.slot];
      if (use == SlotUse::kNone || i == tag) continue;
      if (use == SlotUse::kValue && program.shapes[field.shape].kind != ShapeKind::kString) fields.simple = false;
      fields.slots.push_back(field.slot);
    }
    if (fields.slots.size() > kMostSlots) fields.simple = false;
  }
  return all;
}

void VerdictMemo::Keep(const void* stream, uint32_t event, const Value* slots, int64_t cost) {
  owner_ = nullptr;
  const bool again = stream == last_stream_ && event == last_event_;
  last_stream_ = stream;
  last_event_ = event;
  if (!again) return;
  if (!fields_[event].simple) return;
  const std::vector<uint32_t>& read = fields_[event].slots;
  char* text = texts_;
  for (size_t i = 0; i < read.size(); ++i) {
    const Value& slot = slots[read[i]];
    // Null also stands for the mere presence of a field.
    const bool simple = slot.kind == Kind::kAbsent || slot.kind == Kind::kNull;
    if (!simple && (slot.kind != Kind::kString || slot.size > kMostText)) return;
    slots_[i] = read[i];
    kept_[i] = slot;
    if (simple) continue;
    if (slot.size != 0) std::memcpy(text, slot.s, slot.size);
    text += kMostText;
  }
  count_ = read.size();
  event_ = event;
  cost_ = cost;
  owner_ = stream;
}

}  // namespace edict
