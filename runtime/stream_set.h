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
#include <vector>

#include "runtime/engine.h"

namespace edict {

struct StreamSetOptions {
  // Streams that are open at once. Default 1 million.
  size_t max_streams = 1'000'000;
  // Bytes of all open streams together, as Stream::bytes counts. Default 4 GiB. One stream by itself may be larger.
  uint64_t max_bytes = 4ull << 30;
};

struct StreamSetStats {
  uint64_t opened = 0;  // members, so far
  uint64_t evicted = 0;
  uint64_t most_open = 0;  // at once
  uint64_t bytes = 0;      // of the open ones, after the last At
  uint64_t most_bytes = 0;
  StreamStats ended;  // sums over the members that have ended; state_bytes: the most of one
};

class StreamTable;

// Eviction: when a stream is to be opened beyond max_streams, or the streams take more than max_bytes, the stream that was
// not asked for the longest is ended, until the limits hold. That is no silent loss: it is a finding EDICT_EVICTED, a warning,
// with the number of its events as index, and rules on the end of the stream judge it then. Later events of its key begin a
// new stream. What is idle is told by the order of events, not by a clock: the same events evict the same streams.
//
// Not for several threads at once; each has a set of its own.
class StreamSet {
 public:
  explicit StreamSet(Engine engine, StreamSetOptions options = {});
  StreamSet(StreamSet&&) noexcept;
  StreamSet& operator=(StreamSet&&) noexcept;
  ~StreamSet();

  // The open stream of this key, or a new one. Valid until the next call of At or Finish. Findings of streams that had to go
  // are appended to `out`.
  Stream& At(std::string_view key, std::vector<Finding>& out);
  // Ends the stream of this key and frees it. False: there is none.
  bool Finish(std::string_view key, std::vector<Finding>& out);
  // Ends all, in the order in which they were opened; `ended` is called after each, so that findings need not pile up.
  void FinishAll(std::vector<Finding>& out, const std::function<void()>& ended = {});
  // Likewise; what is called is told whose stream has ended.
  void FinishEach(std::vector<Finding>& out, const std::function<void(std::string_view key)>& ended);
  // A stream that is fed by the same thread and uses its memory, but is no member: the caller ends it.
  Stream Open(std::string_view key) const;

  using Stats = StreamSetStats;
  const Stats& stats() const;

 private:
  void Recount();

  StreamSetOptions options_;
  std::unique_ptr<StreamTable> table_;
  uint64_t calls_ = 0;      // of At
  Stream* last_ = nullptr;  // the member asked for last, which has been fed since
  Stats stats_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STREAM_SET_H_
