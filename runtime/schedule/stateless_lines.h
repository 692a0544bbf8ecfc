// One stream of events, by rules that keep no state: what is found at an event depends on that event alone, so that several threads
// can judge parts of the input at the same time. Findings come out in order, as from a Stream.
#ifndef EDICT_RUNTIME_SCHEDULE_STATELESS_LINES_H_
#define EDICT_RUNTIME_SCHEDULE_STATELESS_LINES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.h"
#include "runtime/schedule/workers.h"

namespace edict {

// To be fed by one thread at a time. The engine's rules are not reloaded meanwhile.
class StatelessLines {
 public:
  // Whether the engine's rules are such: no state, clock or end of the stream is read or written, and no finding ends a stream.
  static bool Fits(const Engine& engine);

  // `key`: the stream's. `threads`: as of Workers.
  StatelessLines(const Engine& engine, std::string_view key, unsigned threads);

  // Judges whole lines from the front of NDJSON text, which starts at byte `offset` of the input, and returns their bytes: up to
  // the last line break, or to a line that is longer than EngineOptions::max_record_bytes.
  size_t TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out);
  void FeedRecord(std::string_view record, uint64_t offset, std::vector<Finding>& out);
  void FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out);

  unsigned threads() const { return workers_.threads(); }
  // Of all events so far.
  StreamStats stats() const;

 private:
  // A part of the events, each judged as if they were all.
  struct Lane {
    explicit Lane(Stream of) : stream(std::move(of)) {}
    Stream stream;
    std::vector<Finding> findings;
    uint64_t taken = 0;  // of the stream's events, those that have their numbers
  };
  void Hand(Lane& lane, std::vector<Finding>& out);

  const uint64_t max_record_bytes_;
  Workers workers_;
  std::deque<Lane> lanes_;
  uint64_t events_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_STATELESS_LINES_H_
