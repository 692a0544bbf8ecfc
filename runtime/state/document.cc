#include "runtime/state/document.h"

#include <utility>

namespace edict {

using json_tree::Extent;
using json_tree::Memory;

// The first block of the arena has room until the next cleaning.
void JsonDocument::Adopt(const Value& value, const Extent& extent) {
  auto fresh = std::make_unique<Arena>(2 * extent.bytes + kSlackBytes + 64);
  Memory memory(*fresh);
  const Value root = memory.Copy(value);
  tree_ = {root, extent.bytes, extent.height};
  used_ = memory.used();
  arena_ = std::move(fresh);  // last: the value may be part of the old tree
}

JsonDocument::Outcome JsonDocument::Set(const Value& value, uint64_t bound) {
  Extent extent;
  if (json_tree::Measure(value, bound, extent)) {
    Adopt(value, extent);
    return Outcome::kDone;
  }
  Forget();
  return extent.bytes > bound ? Outcome::kTooLarge : Outcome::kNoJson;
}

void JsonDocument::Forget() {
  arena_.reset();
  tree_ = {};
  used_ = 0;
}

JsonDocument::Outcome JsonDocument::Apply(const Value& patch, const PatchLimits& limits, Memory& memory, JsonPatcher& patcher) {
  if (!known()) return Outcome::kUnknown;
  switch (patcher.Apply(patch, limits, memory, tree_)) {
    case PatchOutcome::kApplied:
      return Outcome::kDone;
    case PatchOutcome::kFault:
      return Outcome::kFault;
    case PatchOutcome::kTooLarge:
      return Outcome::kTooLarge;
    case PatchOutcome::kOutOfWork:
      break;
  }
  return Outcome::kOutOfWork;
}

JsonDocument::Outcome JsonDocument::Try(const Value& patch, const PatchLimits& limits, JsonPatcher& patcher) {
  Arena scratch;
  Memory memory(scratch);
  const Outcome outcome = Apply(patch, limits, memory, patcher);
  if (outcome == Outcome::kDone) patcher.Undo(tree_);
  patcher.Release();
  return outcome;
}

JsonDocument::Outcome JsonDocument::Patch(const Value& patch, const PatchLimits& limits, JsonPatcher& patcher) {
  if (!known()) return Outcome::kUnknown;
  Memory memory(*arena_);
  const Outcome outcome = Apply(patch, limits, memory, patcher);
  patcher.Release();
  used_ += memory.used();
  if (outcome == Outcome::kTooLarge) {
    Forget();
  } else if (used_ > 2 * tree_.bytes + kSlackBytes) {
    Extent extent;
    json_tree::Measure(tree_.root, ~uint64_t{0}, extent);
    Adopt(tree_.root, extent);
  }
  return outcome;
}

}  // namespace edict
