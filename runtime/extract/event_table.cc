#include "runtime/extract/event_table.h"

#include <bit>
#include <cstring>

#include "runtime/json/scan.h"
#include "runtime/program/scan_plan.h"

namespace edict {
namespace {

constexpr uint32_t kWindow = kSameBytesWindow;  // bytes in which a name must end to be found at once

constexpr char kQuotes[kWindow + 1] = "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"";

// Of a name that eight readable bytes follow.
uint64_t HashName(const char* name, uint32_t size) {
  uint64_t first = 0;
  uint64_t last = 0;
  std::memcpy(&first, name, sizeof first);
  if (size < sizeof first) {
    first &= (uint64_t{1} << (size * 8)) - 1;
  } else {
    std::memcpy(&last, name + size - sizeof last, sizeof last);
  }
  return ((first ^ std::rotl(last, 23)) + size) * 0x9E3779B97F4A7C15u >> 32;
}

}  // namespace

EventTable::EventTable(const Program& program) : program_(program) {
  if (program.discriminator == kNone) return;
  tag_ = program.constants[program.discriminator].text();
  const std::string prefix = "{\"" + std::string(tag_) + "\":\"";
  prefix_size_ = prefix.size();
  entries_.resize(std::bit_ceil(program.events.size() * 4 + 1));
  for (uint32_t i = 0; i < program.events.size(); ++i) {
    const EventType& event = program.events[i];
    if (event.name.empty()) continue;
    by_name_.emplace(event.name, i);
    const std::string start = prefix + event.name + "\"";
    const uint32_t tag = TagField(program, event);
    const bool fits = event.name.size() < kWindow && prefix.size() < kWindow && start.size() <= Entry::kMostBytes;
    if (!fits || tag >= kMostScannedFields || !IsPlainJson(event.name) || !IsPlainJson(tag_)) continue;
    Entry entry;
    std::memcpy(entry.start, start.data(), start.size());
    entry.size = static_cast<uint32_t>(start.size());
    entry.name_size = static_cast<uint32_t>(event.name.size());
    entry.event = i;
    entry.seen = uint64_t{1} << tag;
    char name[kWindow + sizeof(uint64_t)] = {};
    event.name.copy(name, event.name.size());
    size_t place = HashName(name, entry.name_size) & (entries_.size() - 1);
    while (entries_[place].size != 0) place = (place + 1) & (entries_.size() - 1);
    entries_[place] = entry;
  }
}

// The type of a name that eight readable bytes follow; null: there is none, or it is not in the table.
const EventTable::Entry* EventTable::Named(const char* name, uint32_t size) const {
  for (size_t place = HashName(name, size) & (entries_.size() - 1);; place = (place + 1) & (entries_.size() - 1)) {
    const Entry& entry = entries_[place];
    if (entry.size == 0) return nullptr;
    if (entry.name_size == size && SameText(entry.start + prefix_size_, name, size)) return &entry;
  }
}

// Of an event that seems to begin with its type.
const EventTable::Entry* EventTable::Look(const char* at) const {
  const char* name = at + prefix_size_;
  const auto size = static_cast<uint32_t>(std::countr_zero(SameBytes(name, kQuotes)));
  if (size == 0 || size == kWindow) return nullptr;
  const Entry* entry = Named(name, size);
  return entry != nullptr && entry->Begins(at) ? entry : nullptr;
}

EventTable::Found EventTable::FindOther(const char* at, uint64_t depth, const Entry** last) const {
  if (*at != '{') return {};
  if (entries_.empty()) return program_.events.empty() ? Found{} : Found{0, at, 0};
  const Entry* entry = prefix_size_ < kWindow ? Look(at) : nullptr;
  if (entry == nullptr) return FindAnywhere(at, depth);
  *last = entry;
  return {entry->event, at + entry->size, entry->seen};
}

// Also of a type that is not the first member, has a long name, or is not known.
EventTable::Found EventTable::FindAnywhere(const char* at, uint64_t depth) const {
  const char* value = json::ScanForMember(at, tag_, depth);
  if (value == nullptr || *value != '"') return {};
  const json::ScannedString text = json::ScanString(value + 1);
  if (text.end == nullptr || text.escaped != 0) return {};
  const std::string_view name(value + 1, static_cast<size_t>(text.end - value) - 2);
  if (name.empty()) return {};
  if (const Entry* entry = name.size() < kWindow ? Named(name.data(), static_cast<uint32_t>(name.size())) : nullptr) {
    return {entry->event, at, 0};
  }
  const auto found = by_name_.find(name);
  return {found != by_name_.end() ? found->second : program_.unknown_event, at, 0};
}

}  // namespace edict
