// Which stream a record belongs to, and where its event is.
#ifndef EDICT_RUNTIME_SCHEDULE_KEY_READER_H_
#define EDICT_RUNTIME_SCHEDULE_KEY_READER_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.h"
#include "runtime/json/document.h"
#include "runtime/json/framing.h"
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
  uint8_t readable = 0;                // of what is no line: bytes behind the text
  uint32_t number = 0;                 // of its part, in order
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
  // Of a record as it comes from its framing. What the event refers to lives until the next call.
  KeyedEvent OfRecord(const Record& record);

 private:
  const PartOptions& options_;
  RecordKey record_key_;
  JsonParser parser_;
  std::deque<std::string> keep_;  // of OfRecord
};

// The event, or what is wrong with its record.
inline void FeedTo(Stream& stream, const KeyedEvent& event, std::vector<Finding>& out) {
  if (event.fault != nullptr) return stream.FeedFault(*event.fault, event.offset, out);
  stream.FeedRecord(event.text, event.offset, out);
}

}  // namespace edict

#endif  // EDICT_RUNTIME_SCHEDULE_KEY_READER_H_
