#include "runtime/schedule/record_part.h"

#include <cstring>

#include "runtime/base/hash.h"
#include "runtime/json/scan.h"

namespace edict {

void RecordPart::Begin(size_t shards) {
  size_ = 0;
  keep_.clear();
  names_strays_ = false;
  of_shard_.resize(shards);
  for (std::vector<KeyedEvent>& events : of_shard_) events.clear();
}

void RecordPart::Add(KeyedEvent event, uint64_t seed) {
  event.hash = Hash64(event.key, seed);
  if (event.fault == nullptr && event.key == options_.strays) names_strays_ = true;
  event.number = size_++;
  of_shard_[ShardOf(event.hash, of_shard_.size())].push_back(event);
}

std::vector<const KeyedEvent*> RecordPart::InOrder() const {
  std::vector<const KeyedEvent*> all(size_);
  for (const std::vector<KeyedEvent>& events : of_shard_) {
    for (const KeyedEvent& event : events) all[event.number] = &event;
  }
  return all;
}

void RecordPart::ReadLines(std::string_view text, uint64_t offset, uint64_t seed, size_t shards) {
  Begin(shards);
  for (size_t at = 0; at < text.size();) {
    const void* found = std::memchr(text.data() + at, '\n', text.size() - at);
    const size_t end = found != nullptr ? static_cast<size_t>(static_cast<const char*>(found) - text.data()) : text.size();
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) Add(reader_.Glance(line, offset + at, keep_), seed);
    at = end + 1;
  }
}

void RecordPart::ReadRecords(const char* text, const Record* records, size_t count, uint64_t seed, size_t shards) {
  Begin(shards);
  for (size_t i = 0; i < count; ++i) {
    const Record& record = records[i];
    const std::string_view body(text + record.begin, record.size);
    if (record.fault) {
      Add(reader_.Stray(std::string(body), record.offset, keep_), seed);
    } else if (record.key_size == kNoKey) {
      Add(reader_.Read(body, record.offset, false, keep_), seed);
    } else {
      KeyedEvent event;
      event.text = body;
      event.key = {text + record.begin + record.size + 1, record.key_size};
      event.offset = record.offset;
      event.readable = json::kScanPadding;
      Add(event, seed);
    }
  }
}

}  // namespace edict
