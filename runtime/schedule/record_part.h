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

#include "runtime/json/document.h"
#include "runtime/json/record_key.h"

namespace edict {

struct KeyedEvent {
  std::string_view text;  // of the event; of a stray: empty
  std::string_view key;
  uint64_t hash = 0;                   // of the key
  uint64_t offset = 0;                 // where the text starts in the input
  const std::string* fault = nullptr;  // of a record that belongs to no stream: why
  bool line = false;                   // the text is a line, followed by json::kScanPadding readable bytes
  bool guessed = false;                // the key is right if the text is JSON, which nobody has looked at
};

struct PartOptions {
  std::string key;      // JSON Pointers (RFC 6901)
  std::string payload;  // empty: the record is the event
  std::string strays;   // key of the stream that records belong to which have none
};

// Finds the streams of records.
class KeyReader {
 public:
  explicit KeyReader(const PartOptions& options) : options_(options), record_key_(options.key) {}

  // Of a record that is taken whole. `keep`: owns what the event refers to beside the record.
  KeyedEvent Read(std::string_view record, uint64_t offset, bool line, std::deque<std::string>& keep);
  // Without looking at more than the key, where that is possible.
  KeyedEvent Glance(std::string_view line, uint64_t offset, std::deque<std::string>& keep);
  KeyedEvent Stray(std::string fault, uint64_t offset, std::deque<std::string>& keep) const;

 private:
  const PartOptions& options_;
  RecordKey record_key_;
  JsonParser parser_;
};

class RecordPart {
 public:
  explicit RecordPart(const PartOptions& options) : options_(options), reader_(options) {}

  // A record that was added one by one.
  struct Record {
    size_t begin;  // within the text
    size_t size;
    uint64_t offset;
    size_t key_size;  // of the key, which stands behind the text; kNoKey: it is in the record
    bool fault;       // the text says what is wrong
  };
  static constexpr size_t kNoKey = ~size_t{0};

  // Whole lines. `seed`: of the hashes; `shards`: a power of two. The text outlives the events.
  void ReadLines(std::string_view text, uint64_t offset, uint64_t seed, size_t shards);
  void ReadRecords(const char* text, const Record* records, size_t count, uint64_t seed, size_t shards);

  const std::vector<KeyedEvent>& events() const { return events_; }
  // The events of a shard, by index, in order.
  const std::vector<uint32_t>& of(size_t shard) const { return of_shard_[shard]; }
  // Whether an event names the stream of the strays as its own.
  bool names_strays() const { return names_strays_; }

 private:
  void Begin(size_t shards);
  void Add(KeyedEvent event, uint64_t seed);

  const PartOptions& options_;
  KeyReader reader_;
  std::vector<KeyedEvent> events_;
  std::vector<std::vector<uint32_t>> of_shard_;
  std::deque<std::string> keep_;
  bool names_strays_ = false;
};

// The shard of a key: the high bits, since tables take the low ones.
inline size_t ShardOf(uint64_t hash, size_t shards) { return (hash >> 40) & (shards - 1); }

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_RECORD_PART_H_
