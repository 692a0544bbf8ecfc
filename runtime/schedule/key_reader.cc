#include "runtime/schedule/key_reader.h"

#include <optional>
#include <utility>

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

KeyedEvent KeyReader::OfRecord(const Record& record) {
  keep_.clear();
  if (!record.fault.empty()) return Stray(record.fault, record.offset, keep_);
  return Read(record.text, record.offset, false, keep_);
}

}  // namespace edict
