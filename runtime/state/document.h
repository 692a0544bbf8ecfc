// JsonDocument: one JSON value kept across events, set as a whole or changed by JSON Patch. It lives in an arena of its own;
// what patches leave behind is cleaned away by copying the live tree once it is the smaller part, so that any number of
// small patches needs a memory proportional to the tree, and costs in sum what the patches themselves cost.
#ifndef EDICT_RUNTIME_STATE_DOCUMENT_H_
#define EDICT_RUNTIME_STATE_DOCUMENT_H_

#include <cstdint>
#include <memory>

#include "runtime/state/json_patch.h"

namespace edict {

class JsonDocument {
 public:
  enum class Outcome : uint8_t { kDone, kNoJson, kTooLarge, kOutOfWork, kUnknown, kFault };

  bool known() const { return arena_ != nullptr; }
  // kAbsent while it is not known. What comes back lives until the document next changes.
  Value root() const { return known() ? tree_.root : Value::Absent(); }

  // A deep copy of the value. Where it is not taken (kNoJson, kTooLarge) the document is unknown from then on: what it was
  // is not what it should be.
  Outcome Set(const Value& value, uint64_t bound);
  // All operations or none. kFault: the patcher tells, and nothing has changed; kTooLarge: the document is unknown from then on.
  Outcome Patch(const Value& patch, const PatchLimits& limits, JsonPatcher& patcher);
  // What Patch would say. Changes nothing that can be seen: Values read before stay as they were.
  Outcome Try(const Value& patch, const PatchLimits& limits, JsonPatcher& patcher);
  void Forget();

  uint64_t bytes() const { return known() ? arena_->reserved_bytes() + sizeof(Arena) : 0; }
  // The most that bytes() is between events, of a document of that bound.
  static constexpr uint64_t MostBytes(uint64_t bound) { return 2 * bound + kSlackBytes + 64 + sizeof(Arena); }

 private:
  static constexpr uint64_t kSlackBytes = 1024;

  void Adopt(const Value& value, const json_tree::Extent& extent);
  Outcome Apply(const Value& patch, const PatchLimits& limits, json_tree::Memory& memory, JsonPatcher& patcher);

  std::unique_ptr<Arena> arena_;  // null: unknown
  JsonPatcher::Tree tree_;
  uint64_t used_ = 0;  // bytes taken from the arena
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_DOCUMENT_H_
