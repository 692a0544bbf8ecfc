// What generated extraction and the engine agree on beyond the Program.
//
// Extraction expects that the members of an object come in the order in which those of the last object of its shape came.
// For each record shape it keeps hints, a byte for each field and one more: which field came behind this one (index in
// Shape::fields; their count: the closing brace). The last byte is for what comes first. A wrong hint costs time only.
#ifndef EDICT_RUNTIME_PROGRAM_SCAN_PLAN_H_
#define EDICT_RUNTIME_PROGRAM_SCAN_PLAN_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

// Larger records are left to the extractor.
inline constexpr size_t kMostScannedFields = 60;

// The first hint of each shape, and behind them how many there are.
std::vector<uint32_t> HintOffsets(const Program& program);

// The field of a record that has that name (a constant), or kNone.
uint32_t FieldNamed(const Program& program, const Shape& record, uint32_t name);

// That of the discriminator in the event's record, or kNone.
uint32_t TagField(const Program& program, const EventType& event);

// Whether the text, between quotes, is the JSON string of itself: then an event's bytes may be compared with it. Others are left to
// what knows of escapes.
bool IsPlainJson(std::string_view text);

// How the rules of an event type read a field where all is well: conditions and what effects write, not messages.
enum class SlotUse : uint8_t { kNone, kPresence, kValue };
struct SlotUses {
  std::vector<SlotUse> slots;  // by slot
  bool whole_event = false;    // the event is read as a whole as well
};
SlotUses FindSlotUses(const Program& program, const EventType& event);

// Whether the elements of that shape are looked up in the cache (runtime/cache) where it is in use: those of arrays which may
// hold objects.
bool HasKnownElements(const Program& program, const Shape& shape);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_SCAN_PLAN_H_
