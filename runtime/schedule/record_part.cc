#include "runtime/schedule/record_part.h"

#include <cstring>
#include <optional>
#include <utility>

#include "runtime/base/hash.h"
#include "runtime/json/pointer.h"
#include "runtime/value/json_node.h"
#include "runtime/value/value.h"

namespace edict {

KeyedEvent KeyReader::Stray(std::string fault, uint64_t offset, std::deque<std::string>& keep) const {
  KeyedEvent event;
  event.key = options_.strays;
  event.offset = offset;
  keep.push_back(std::move(fault));
  event.fault = &keep.back();
  return event;
}

KeyedEvent KeyReader::Glance(std::string_view line, uint64_t offset, std::deque<std::string>& keep) {
  const std::optional<std::string_view> key = options_.payload.empty() ? record_key_.Peek(line) : std::nullopt;
  if (!key) return Read(line, offset, true, keep);
  KeyedEvent event;
  event.text = line;
  event.key = *key;
  event.offset = offset;
  event.line = event.guessed = true;
  return event;
}

KeyedEvent KeyReader::Read(std::string_view record, uint64_t offset, bool line, std::deque<std::string>& keep) {
  KeyedEvent event;
  event.text = record;
  event.offset = offset;
  event.line = line;
  if (options_.payload.empty() && !options_.key.empty()) {
    if (const std::optional<RecordKey::Found> found = record_key_.Find(record)) {
      keep.emplace_back(found->key);
      event.key = keep.back();
      event.text = found->record;
      return event;
    }
  }
  const JsonNode* root = parser_.Parse(record, JsonLimits{});
  if (root == nullptr) return Stray(parser_.fault().message, offset + parser_.fault().offset, keep);
  event.key = options_.strays;
  if (!options_.key.empty()) {
    const JsonNode* key = ResolvePointer(*root, options_.key);
    if (key == nullptr) return Stray("the record has no stream key at " + options_.key, offset, keep);
    keep.push_back(ToMessageText(FromJson(*key)));
    event.key = keep.back();
  }
  const JsonNode* payload = ResolvePointer(*root, options_.payload);
  if (payload == nullptr) return Stray("the record has no event at " + options_.payload, offset, keep);
  event.offset += payload->offset;
  event.line = false;
  if (payload->kind == JsonKind::kString && !options_.payload.empty()) {
    keep.emplace_back(payload->text());
    event.text = keep.back();
  } else {
    event.text = SourceText(*payload, record);
  }
  return event;
}

void RecordPart::Begin(size_t shards) {
  events_.clear();
  keep_.clear();
  names_strays_ = false;
  of_shard_.resize(shards);
  for (std::vector<uint32_t>& events : of_shard_) events.clear();
}

void RecordPart::Add(KeyedEvent event, uint64_t seed) {
  event.hash = Hash64(event.key, seed);
  if (event.fault == nullptr && event.key == options_.strays) names_strays_ = true;
  of_shard_[ShardOf(event.hash, of_shard_.size())].push_back(static_cast<uint32_t>(events_.size()));
  events_.push_back(event);
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
      event.key = {text + record.begin + record.size, record.key_size};
      event.offset = record.offset;
      Add(event, seed);
    }
  }
}

}  // namespace edict
