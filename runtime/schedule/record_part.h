// A part of the input as one worker reads it: the events in it, and the key of the stream that each belongs to. What follows
// needs no more than the key's hash to find who judges it.
#ifndef EDICT_RUNTIME_SCHEDULE_RECORD_PART_H_
#define EDICT_RUNTIME_SCHEDULE_RECORD_PART_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/schedule/key_reader.h"

namespace edict {

// Aligned, so that no two workers write to one line of the processor's caches.
class alignas(64) RecordPart {
 public:
  explicit RecordPart(const PartOptions& options) : options_(options), reader_(options) {}

  // A record that was added one by one.
  struct Record {
    size_t begin;  // within the text
    size_t size;
    uint64_t offset;
    size_t key_size;  // of the key, which stands behind the text's line break; kNoKey: it is in the record
    bool fault;       // the text says what is wrong
  };
  static constexpr size_t kNoKey = ~size_t{0};

  // Whole lines. `seed`: of the hashes; `shards`: a power of two. The text outlives the events.
  void ReadLines(std::string_view text, uint64_t offset, uint64_t seed, size_t shards);
  // Behind the text of each record are a line break, and more than json::kScanPadding bytes.
  void ReadRecords(const char* text, const Record* records, size_t count, uint64_t seed, size_t shards);

  // Of all shards.
  size_t size() const { return size_; }
  // The events of a shard, in order.
  const std::vector<KeyedEvent>& of(size_t shard) const { return of_shard_[shard]; }
  // Those of all shards, in order.
  std::vector<const KeyedEvent*> InOrder() const;
  // Whether an event names the stream of the strays as its own.
  bool names_strays() const { return names_strays_; }

 private:
  void Begin(size_t shards);
  void Add(KeyedEvent event, uint64_t seed);

  const PartOptions& options_;
  KeyReader reader_;
  // Side by side for the worker that judges them: it takes them from front to back.
  std::vector<std::vector<KeyedEvent>> of_shard_;
  uint32_t size_ = 0;
  std::deque<std::string> keep_;
  bool names_strays_ = false;
};

// The shard of a key: the high bits, since tables take the low ones.
inline size_t ShardOf(uint64_t hash, size_t shards) { return (hash >> 40) & (shards - 1); }

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_RECORD_PART_H_
