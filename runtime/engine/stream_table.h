// The open streams of one thread, by their keys: an open-addressing table with the order of their use. What StreamSet and the
// shards of ParallelStreams stand on; limits are theirs.
#ifndef EDICT_RUNTIME_ENGINE_STREAM_TABLE_H_
#define EDICT_RUNTIME_ENGINE_STREAM_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/large_memory.h"
#include "runtime/engine.h"
#include "runtime/engine/engine_impl.h"
#include "runtime/engine/stream_pool.h"
#include "runtime/stream_set.h"

namespace edict {

class StreamTable {
 public:
  // A member, as it was when it was asked for. It has been used since, or has ended, if none is like this.
  struct Use {
    uint64_t hash;   // of the key
    uint64_t stamp;  // when; no two uses of a table have the same
  };
  struct Member {
    uint64_t opened;  // the stamp of its first use
    Use last;
  };
  // A free one has an empty stream.
  struct Slot {
    Use use = {0, 0};
    Stream stream;
  };
  struct Found {
    Slot* slot;   // null: there is none, and none was to be opened
    bool opened;  // by this call
  };

  explicit StreamTable(const Engine& engine);

  // Of the hashes of keys.
  uint64_t seed() const;
  uint64_t HashOf(std::string_view key) const;
  // The open stream of this key, or null. Valid until the next call of At or an End; no use is noted.
  Stream* Find(std::string_view key, uint64_t hash);
  // The same, or a new one if `may_open()`. The caller notes the use, by a stamp greater than all before.
  template <typename MayOpen>
  Found At(std::string_view key, uint64_t hash, uint64_t stamp, MayOpen&& may_open) {
    const size_t at = Locate(key, hash);
    if (!Free(slots_[at])) return {&slots_[at], false};
    if (!may_open()) return {nullptr, false};
    return {Open(key, {hash, stamp}), true};
  }
  // What feeding the stream has changed: to be called before the table is asked for bytes.
  void Recount(Stream& stream);
  // For who feeds by the implementation.
  static StreamImpl& Of(Slot& slot) { return *slot.stream.impl_; }

  // Each brings nearer what At, feeding and ending will touch, if the one before it has been called some time ago: for the member
  // that comes so much later than the one at hand.
  static constexpr size_t kSlotAhead = 12;
  static constexpr size_t kStreamAhead = 8;
  static constexpr size_t kStateAhead = 4;
  void PrefetchSlot(uint64_t hash) const;
  void PrefetchStream(uint64_t hash) const;
  void PrefetchState(uint64_t hash) const;
  // For members of one table or of several that are used one after the other, before the number `i` of `count`; `at(n)`: the table
  // of the number n, and the hash of its key.
  template <typename At>
  static void PrefetchAhead(size_t i, size_t count, At&& at) {
    const auto prefetch = [&](size_t ahead, void (StreamTable::*what)(uint64_t hash) const) {
      if (i + ahead >= count) return;
      const std::pair<const StreamTable*, uint64_t> next = at(i + ahead);
      (next.first->*what)(next.second);
    };
    prefetch(kSlotAhead, &StreamTable::PrefetchSlot);
    prefetch(kStreamAhead, &StreamTable::PrefetchStream);
    prefetch(kStateAhead, &StreamTable::PrefetchState);
  }

  // False: there is none.
  bool End(std::string_view key, uint64_t hash, std::vector<Finding>& out);
  void End(const Use& use, std::vector<Finding>& out);
  // The member that was not asked for the longest; size() > 0.
  Use Oldest();
  // Ends it, with a finding EDICT_EVICTED of this message.
  void Evict(const Use& use, const std::string& why, std::vector<Finding>& out);
  // All, in no order.
  std::vector<Member> Members() const;
  std::string_view KeyOf(const Use& use) const { return slots_[Locate(use)].stream.key(); }

  Stream OpenApart(std::string_view key) const;

  size_t size() const { return open_; }
  uint64_t bytes() const { return bytes_; }
  // Sums over the members that have ended; state_bytes: the most of one.
  const StreamStats& ended() const { return ended_; }

 private:
  using Slots = std::vector<Slot, LargeAllocator<Slot>>;

  static bool Free(const Slot& slot) { return slot.stream.impl_ == nullptr; }
  size_t Locate(std::string_view key, uint64_t hash) const;  // or the free slot where it belongs
  size_t Locate(const Use& use) const;
  const StreamImpl* Probe(uint64_t hash) const;
  Slot* Open(std::string_view key, const Use& use);
  void Grow();
  void EndSlot(size_t slot, std::vector<Finding>& out);
  void QueueIdle();

  Engine engine_;
  std::shared_ptr<Workspaces> work_;
  StreamPool pool_;        // of the members
  Slots slots_;            // a power of two, a quarter of them free
  size_t open_ = 0;        // members
  uint64_t bytes_ = 0;     // of them
  std::vector<Use> idle_;  // some that are idle the longest, the longest of all at the end
  StreamStats ended_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_STREAM_TABLE_H_
