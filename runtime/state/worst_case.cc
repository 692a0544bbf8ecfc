#include "runtime/state/worst_case.h"

#include <algorithm>

namespace edict {
namespace {

constexpr uint64_t kMost = uint64_t{1} << 63;

uint64_t Plus(uint64_t a, uint64_t b) { return std::min(kMost, a >= kMost - std::min(b, kMost) ? kMost : a + b); }
uint64_t Times(uint64_t a, uint64_t b) { return a != 0 && b > kMost / a ? kMost : a * b; }

bool IsText(Kind kind) { return kind == Kind::kString || kind == Kind::kBytes || kind == Node::kAny; }

// A table of so many entries, keys and values of so many bytes each. Its arrays are at most twice as long as what is in
// them, and that is at most half garbage.
uint64_t TableBytes(uint64_t entries, uint64_t key_bytes, uint64_t value_bytes) {
  constexpr uint64_t kEntry = 40;
  constexpr uint64_t kSlots = 11;  // of hash slots, per entry
  return Plus(64, Times(entries, Plus(4 * kEntry + kSlots, Times(4, Plus(key_bytes, value_bytes)))));
}

}  // namespace

uint64_t MostBytes(const Cell& cell, const StateLimits& limits) {
  const uint64_t text = cell.bound_bytes != 0 ? cell.bound_bytes : limits.string_bytes;
  if (cell.kind == CellKind::kScalar) {
    if (cell.enum_id != kNone || !IsText(cell.rep)) return 48;
    return Plus(48, Times(2, cell.bound != 0 ? cell.bound : text));
  }
  const uint64_t key = IsText(cell.key_rep) ? Plus(text, 5) : 13;
  return TableBytes(cell.bound, key, cell.kind == CellKind::kMap && IsText(cell.rep) ? text : 0);
}

uint64_t MostBytes(const Lifecycle& lifecycle, const StateLimits& limits) {
  uint64_t kept = 0;
  for (const Keep& keep : lifecycle.keeps) kept = Plus(kept, 64 + (keep.rep == Kind::kString ? keep.bound : 0));
  const uint64_t key = Plus(limits.string_bytes, uint64_t{5} * lifecycle.key_count);
  return Plus(TableBytes(lifecycle.bound, key, 0), Times(lifecycle.bound, kept));
}

uint64_t MostBytes(const Document& document) { return Plus(sizeof(JsonDocument), JsonDocument::MostBytes(document.bound)); }

uint64_t MostBytes(const Program& program, const StateLimits& limits) {
  uint64_t sum = sizeof(StreamState) + program.scopes.size() + (program.documents.empty() ? 0 : JsonPatcher::kBytes);
  for (const Cell& cell : program.cells) sum = Plus(sum, MostBytes(cell, limits));
  for (const Lifecycle& lifecycle : program.lifecycles) sum = Plus(sum, MostBytes(lifecycle, limits));
  for (const Document& document : program.documents) sum = Plus(sum, MostBytes(document));
  return std::min(sum, limits.total_bytes);
}

}  // namespace edict
