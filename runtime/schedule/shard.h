// A share of the streams, by the hash of their keys: one worker at a time judges its events, so that nothing is locked on the way.
#ifndef EDICT_RUNTIME_SCHEDULE_SHARD_H_
#define EDICT_RUNTIME_SCHEDULE_SHARD_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/engine.h"
#include "runtime/engine/stream_table.h"
#include "runtime/schedule/record_part.h"

namespace edict {

// Aligned as a RecordPart is.
class alignas(64) Shard {
 public:
  // What was found at one event. Stamps number the events of all parts.
  struct FoundAt {
    uint64_t stamp;
    size_t begin;  // within findings
    size_t end;
  };
  // An event that belongs to no stream, as it turned out here or before.
  struct Stray {
    uint64_t stamp;
    const KeyedEvent* event;
  };

  Shard(const Engine& engine, const PartOptions& options) : table(engine), reader_(options) {}

  // This shard's events of a part, whose first event has the stamp `first`.
  void Judge(const RecordPart& part, size_t shard, uint64_t first);
  // An event that is for this shard and not guessed, in two steps: its stream is opened if need be; it is fed.
  StreamTable::Slot& Enter(const KeyedEvent& event, uint64_t stamp);
  void Feed(StreamTable::Slot& slot, const KeyedEvent& event, uint64_t stamp);
  // Before the event number `i` of `count` is judged, of which `at(n)` is the shard and the event: memory of those that come is
  // asked for, first the table's slot, then the stream that it names, then what that points to. With 100,000 streams nearly each
  // of these is a miss of some 100 ns.
  template <typename At>
  static void PrefetchAhead(size_t i, size_t count, At&& at) {
    StreamTable::PrefetchAhead(i, count, [&](size_t ahead) {
      const std::pair<const Shard*, const KeyedEvent*> next = at(ahead);
      return std::pair(&next.first->table, next.second->hash);
    });
    if (i + StreamTable::kStateAhead < count) PrefetchText(*at(i + StreamTable::kStateAhead).second);
  }

  StreamTable table;
  // Since they were last taken.
  std::vector<Finding> findings;
  std::vector<FoundAt> found;
  std::vector<Stray> strays;
  uint64_t opened = 0;  // streams, so far

 private:
  static void PrefetchText(const KeyedEvent& event);
  bool JudgeGuessed(const KeyedEvent& event, uint64_t stamp);
  bool IsJson(const KeyedEvent& event);
  void Fed(StreamTable::Slot& slot, uint64_t stamp, size_t before);

  KeyReader reader_;
  std::deque<std::string> keep_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_SHARD_H_
