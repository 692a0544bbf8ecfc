#include "runtime/schedule/shard.h"

#include <algorithm>

namespace edict {
namespace {

// Behind a record: they are no part of the event.
std::string_view WithoutBlanks(std::string_view text) {
  while (text.ends_with(' ') || text.ends_with('\t') || text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

// The events of a shard lie apart, so that the processor does not see which comes next.
void Shard::PrefetchText(const KeyedEvent& event) {
  constexpr size_t kLine = 64;
  constexpr size_t kMost = 4 * kLine;
  const size_t size = std::min(event.text.size(), kMost);
  for (size_t at = 0; at < size; at += kLine) __builtin_prefetch(event.text.data() + at);
  // The key is compared first, and mostly lies at the record's end.
  __builtin_prefetch(event.key.data());
  __builtin_prefetch(event.key.data() + event.key.size());
}

void Shard::Judge(const RecordPart& part, size_t shard, uint64_t first) {
  const std::vector<KeyedEvent>& events = part.of(shard);
  for (size_t i = 0; i < events.size(); ++i) {
    PrefetchAhead(i, events.size(), [&](size_t n) { return std::pair(this, &events[n]); });
    const KeyedEvent& event = events[i];
    const uint64_t stamp = first + event.number;
    if (event.fault != nullptr || (event.guessed && !JudgeGuessed(event, stamp))) {
      strays.push_back({stamp, &event});
    } else if (!event.guessed) {
      Feed(Enter(event, stamp), event, stamp);
    }
  }
}

StreamTable::Slot& Shard::Enter(const KeyedEvent& event, uint64_t stamp) {
  const StreamTable::Found entered = table.At(event.key, event.hash, stamp, [] { return true; });
  if (entered.opened) ++opened;
  entered.slot->use.stamp = stamp;
  return *entered.slot;
}

void Shard::Feed(StreamTable::Slot& slot, const KeyedEvent& event, uint64_t stamp) {
  const size_t before = findings.size();
  StreamImpl& stream = StreamTable::Of(slot);
  if (event.fault != nullptr) {
    stream.FeedFault(*event.fault, event.offset, findings);
  } else if (!event.line || !stream.TakeLine(event.text, event.offset, findings)) {
    stream.FeedRecord(event.text, event.offset, findings);
  }
  Fed(slot, stamp, before);
}

// False: it is a stray, and nothing has happened.
bool Shard::JudgeGuessed(const KeyedEvent& event, uint64_t stamp) {
  const StreamTable::Found entered = table.At(event.key, event.hash, stamp, [&] { return IsJson(event); });
  if (entered.slot == nullptr) return false;
  const size_t before = findings.size();
  StreamImpl& stream = StreamTable::Of(*entered.slot);
  const std::string_view text = WithoutBlanks(event.text);
  if (!stream.TakeLine(text, event.offset, findings)) {
    if (!entered.opened && !IsJson(event)) return false;
    stream.FeedRecord(text, event.offset, findings);
  }
  if (entered.opened) ++opened;
  entered.slot->use.stamp = stamp;
  Fed(*entered.slot, stamp, before);
  return true;
}

bool Shard::IsJson(const KeyedEvent& event) {
  keep_.clear();
  return reader_.Read(event.text, event.offset, event.line, keep_).fault == nullptr;
}

void Shard::Fed(StreamTable::Slot& slot, uint64_t stamp, size_t before) {
  table.Recount(slot.stream);
  if (findings.size() > before) found.push_back({stamp, before, findings.size()});
}

}  // namespace edict
