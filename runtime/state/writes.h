// PendingWrites: what one event is going to change in the state of its stream. Operands are evaluated on the state
// before the event; strings are copied in, since a commit moves what they may point to. Reused from event to event.
#ifndef EDICT_RUNTIME_STATE_WRITES_H_
#define EDICT_RUNTIME_STATE_WRITES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"
#include "runtime/value/value.h"

namespace edict {

class PendingWrites {
 public:
  // One write. `keys` as many as the target takes (kPut, kErase, kInsert: 1; kLifeSet, kKeep, kWindowAdd, kArm, kDisarm: as
  // declared; else none). `value`: kSet, kPut (kAbsent: without value), kLifeSet (an ordinal), kWindowAdd, kKeep (of the keep
  // `member`), kDocumentSet and kDocumentPatch, whose values are not copied: they live until the commit. False where a key, or
  // a value of another kind, is no scalar.
  bool Add(EffectKind kind, uint32_t target, const Value* keys, uint32_t key_count, const Value& value, uint32_t source,
           uint32_t member = kNone);
  void Clear();
  // Those from the `first` on, appended to others that were saved, to be added again; not those of documents.
  void Save(size_t first, std::string& writes, std::string& bytes) const;
  void AddSaved(std::string_view writes, std::string_view bytes);
  // Appends saved ones to others that were saved.
  static void Join(std::string_view writes, std::string_view bytes, std::string& all_writes, std::string& all_bytes);
  // Only the first ones remain.
  void Truncate(size_t count);
  bool empty() const { return writes_.empty(); }
  size_t size() const { return writes_.size(); }

 private:
  friend class StreamState;
  struct Write {
    EffectKind kind = EffectKind::kSet;
    uint32_t target = kNone;
    uint32_t source = kNone;  // the caller's number, returned with a refusal
    uint32_t member = kNone;
    uint32_t key = 0;  // in bytes_
    uint32_t key_bytes = 0;
    bool has_text = false;
    bool has_hash = false;
    uint32_t hash = 0;  // of the key, in the tables of all streams of an engine
    Value value;        // a string's bytes are at `u` in bytes_

    // Its bytes are so much further on; what is negative wraps around.
    void Move(uint64_t bytes) {
      key += static_cast<uint32_t>(bytes);
      if (has_text) value.u += bytes;
    }
  };

  std::string_view KeyOf(const Write& write) const { return {bytes_.data() + write.key, write.key_bytes}; }
  Value ValueOf(const Write& write) const;

  std::vector<Write> writes_;
  std::string bytes_;
};

// A write that a bound refused; the state is as if it had not been asked for.
struct RefusedWrite {
  enum class Bound : uint8_t { kEntries, kKeys, kStringBytes, kStateBytes, kTextBytes, kDocumentBytes, kNoJson, kNoPatch };
  enum class Target : uint8_t { kCell, kLifecycle, kDocument, kWindow, kTimer };
  Bound bound = Bound::kEntries;
  Target of = Target::kCell;  // what `target` counts
  uint32_t keep = kNone;      // of the lifecycle
  uint32_t target = kNone;
  uint32_t source = kNone;
  uint64_t limit = 0;
  std::string reason;  // kNoPatch
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_WRITES_H_
