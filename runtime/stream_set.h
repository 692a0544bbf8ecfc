// Many streams that one thread feeds, each under its key, and what becomes of those that nobody feeds any more.
//
//   edict::StreamSet streams(engine);
//   streams.At(session_id, findings).FeedRecord(event, offset, findings);
//   streams.Finish(session_id, findings);  // or: it is evicted in the end
#ifndef EDICT_RUNTIME_STREAM_SET_H_
#define EDICT_RUNTIME_STREAM_SET_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine.h"

namespace edict {

struct StreamSetOptions {
  // Streams that are open at once. Default 1 million.
  size_t max_streams = 1'000'000;
  // Bytes of all open streams together, as Stream::bytes counts. Default 4 GiB. One stream by itself may be larger.
  uint64_t max_bytes = 4ull << 30;
};

// Eviction: when a stream is to be opened beyond max_streams, or the streams take more than max_bytes, the stream that was
// not asked for the longest is ended, until the limits hold. That is no silent loss: it is a finding EDICT_EVICTED, a warning,
// with the number of its events as index, and rules on the end of the stream judge it then. Later events of its key begin a
// new stream. What is idle is told by the order of events, not by a clock: the same events evict the same streams.
//
// Not for several threads at once; each has a set of its own.
class StreamSet {
 public:
  explicit StreamSet(Engine engine, StreamSetOptions options = {});

  // The open stream of this key, or a new one. Valid until the next call of At or Finish. Findings of streams that had to go
  // are appended to `out`.
  Stream& At(std::string_view key, std::vector<Finding>& out);
  // Ends the stream of this key and frees it. False: there is none.
  bool Finish(std::string_view key, std::vector<Finding>& out);
  // Ends all, in the order in which they were opened; `ended` is called after each, so that findings need not pile up.
  void FinishAll(std::vector<Finding>& out, const std::function<void()>& ended = {});
  // A stream that is fed by the same thread and uses its memory, but is no member: the caller ends it.
  Stream Open(std::string_view key) const { return engine_.Open(key, *work_); }

  struct Stats {
    uint64_t opened = 0;  // members, so far
    uint64_t evicted = 0;
    uint64_t most_open = 0;  // at once
    uint64_t bytes = 0;      // of the open ones, after the last At
    uint64_t most_bytes = 0;
    StreamStats ended;  // sums over the members that have ended; state_bytes: the most of one
  };
  const Stats& stats() const { return stats_; }

 private:
  // Of the open-addressing index. A free one has an empty stream.
  struct Slot {
    uint64_t hash = 0;  // of the key
    uint64_t used = 0;  // when it was last asked for, counted in calls: no two are equal
    Stream stream;
  };
  // A member as it was when the idle ones were last looked for. It has been used since, or has ended, if no slot is like this.
  struct Idle {
    uint64_t hash;
    uint64_t used;
  };

  static bool Free(const Slot& slot) { return slot.stream.impl_ == nullptr; }
  size_t Find(std::string_view key, uint64_t hash) const;  // or the free slot where it belongs
  size_t Find(const Idle& idle) const;
  void Open(size_t slot, std::string_view key, uint64_t hash);
  void Grow();
  void Recount();
  void End(size_t slot, std::vector<Finding>& out);
  bool Full() const;
  void Evict(std::vector<Finding>& out);
  void Evict(size_t slot, std::vector<Finding>& out);
  size_t Oldest();
  void QueueIdle();

  Engine engine_;
  StreamSetOptions options_;
  std::shared_ptr<Workspaces> work_;
  std::vector<Slot> slots_;     // a power of two, a quarter of them free
  size_t open_ = 0;             // members
  uint64_t calls_ = 0;          // of At
  StreamImpl* last_ = nullptr;  // the member asked for last, which has been fed since
  std::vector<Idle> idle_;      // some that are idle the longest, the longest of all at the end
  Stats stats_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STREAM_SET_H_
