// KeepStore: what a lifecycle keeps for each of its keys, beside the state: texts that grow and scalars. One record for a
// key, of as many slots as the lifecycle declares keeps. Texts grow by doubling, so that a text of n bytes costs O(n)
// however many parts it came in; buffers of freed records are used again.
#ifndef EDICT_RUNTIME_STATE_TEXT_KEEP_H_
#define EDICT_RUNTIME_STATE_TEXT_KEEP_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

class KeepStore {
 public:
  enum class Appended : uint8_t { kDone, kPassesBound, kNoRoom, kDropped };

  // Both outlive the store.
  KeepStore(const std::vector<Keep>& keeps, const Program& program) : keeps_(&keeps), program_(&program) {}

  bool any() const { return !keeps_->empty(); }
  // A record with the initial values; its number is 1 or more.
  uint32_t New();
  void Free(uint32_t record);
  void Clear();

  // Record 0: what a key has that is absent. Texts live until the record next changes.
  Value Get(uint32_t record, uint32_t keep) const;
  // Whether all of the text is there; of scalars always.
  bool Complete(uint32_t record, uint32_t keep) const;
  void Set(uint32_t record, uint32_t keep, const Value& value) { SlotOf(record, keep).value = value; }
  // Appends, all or nothing: what passes the keep's bound, or `room` more bytes of memory, leaves the text as it is and
  // incomplete. kDropped: it was incomplete before.
  Appended Append(uint32_t record, uint32_t keep, std::string_view text, uint64_t room);

  // Of a store that is new: all records of another store, if its keeps are the same. `from`: of each keep here, the one there.
  bool TakeAll(KeepStore& old, const std::vector<uint32_t>& from);
  // What a record of another store holds, keep by keep; kNone in `from` leaves the initial value.
  void TakeOver(uint32_t record, KeepStore& old, uint32_t old_record, const std::vector<uint32_t>& from);

  uint64_t bytes() const;

 private:
  struct Slot {
    Value value;  // of a text: its bytes are in `text`
    std::unique_ptr<char[]> text;
    uint32_t capacity = 0;
    bool complete = true;
  };

 public:
  static constexpr uint64_t kSlotBytes = sizeof(Slot) + sizeof(uint32_t);  // of a keep and a key, without its text

 private:
  static constexpr uint64_t kSpareBytes = uint64_t{64} * 1024;  // of buffers that wait for their next use

  Slot& SlotOf(uint32_t record, uint32_t keep) { return slots_[size_t{record - 1} * keeps_->size() + keep]; }
  const Slot& SlotOf(uint32_t record, uint32_t keep) const { return slots_[size_t{record - 1} * keeps_->size() + keep]; }
  Value Initial(uint32_t keep) const;
  void Reserve(Slot& slot, uint32_t capacity);
  void Release(Slot& slot);

  struct Buffer {
    std::unique_ptr<char[]> text;
    uint32_t capacity = 0;
  };

  const std::vector<Keep>* keeps_;
  const Program* program_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;  // records
  std::vector<Buffer> spare_;
  uint64_t text_bytes_ = 0;   // of buffers in slots
  uint64_t spare_bytes_ = 0;  // of buffers in spare_
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_TEXT_KEEP_H_
