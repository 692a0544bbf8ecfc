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
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
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
  Stream Open(std::string key) const { return engine_.Open(std::move(key), work_); }

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
  struct Member {
    Stream stream;
    uint64_t opened;     // its place in the order of opening
    uint64_t bytes = 0;  // as counted in stats_
  };
  using Place = std::list<Member>::iterator;

  void Recount(Member& member);
  void End(Place place, std::vector<Finding>& out);
  void Evict(std::vector<Finding>& out);

  Engine engine_;
  StreamSetOptions options_;
  std::shared_ptr<Workspace> work_;
  std::list<Member> members_;                          // the one asked for last comes first
  std::unordered_map<std::string_view, Place> index_;  // keys are those of the streams
  Stats stats_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STREAM_SET_H_
