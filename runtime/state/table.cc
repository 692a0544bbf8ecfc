#include "runtime/state/table.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "runtime/base/hash.h"

namespace edict {
namespace {

enum Tag : char {
  kTagAbsent,
  kTagNull,
  kTagFalse,
  kTagTrue,
  kTagInt,
  kTagUint,
  kTagDouble,
  kTagString,
  kTagBytes,
  kTagTimestamp,
  kTagDuration,
};

constexpr size_t kMinSlots = 8;
constexpr size_t kKeepBytes = 64 * 1024;  // what Clear and compaction keep for reuse

template <typename T>
void Append(std::string& out, T v) {
  char raw[sizeof v];
  std::memcpy(raw, &v, sizeof v);
  out.append(raw, sizeof v);
}

template <typename T>
T Read(const char*& p) {
  T v;
  std::memcpy(&v, p, sizeof v);
  p += sizeof v;
  return v;
}

void EncodeInt(int64_t v, std::string& out) {
  out.push_back(kTagInt);
  Append(out, v);
}

void EncodeDouble(double v, std::string& out) {
  constexpr double kTwo63 = 9223372036854775808.0;
  if (v == std::floor(v) && v >= -kTwo63 && v < 2 * kTwo63) {
    if (v < kTwo63) return EncodeInt(static_cast<int64_t>(v), out);
    out.push_back(kTagUint);
    return Append(out, static_cast<uint64_t>(v));
  }
  if (std::isnan(v)) v = std::nan("");
  out.push_back(kTagDouble);
  Append(out, v);
}

void EncodeText(char tag, std::string_view text, std::string& out) {
  out.push_back(tag);
  Append(out, static_cast<uint32_t>(text.size()));
  out.append(text);
}

Value DecodeKey(const char*& p) {
  const char tag = *p++;
  switch (tag) {
    case kTagNull:
      return Value::Null();
    case kTagFalse:
      return Value::Bool(false);
    case kTagTrue:
      return Value::Bool(true);
    case kTagInt:
      return Value::Int(Read<int64_t>(p));
    case kTagUint:
      return Value::Uint(Read<uint64_t>(p));
    case kTagDouble:
      return Value::Double(Read<double>(p));
    case kTagString:
    case kTagBytes: {
      const uint32_t size = Read<uint32_t>(p);
      const std::string_view text(p, size);
      p += size;
      return tag == kTagString ? Value::String(text) : Value::Bytes(text);
    }
    case kTagTimestamp:
    case kTagDuration: {
      const int64_t seconds = Read<int64_t>(p);
      const int32_t nanos = Read<int32_t>(p);
      return tag == kTagTimestamp ? Value::Timestamp(seconds, nanos) : Value::Duration(seconds, nanos);
    }
    default:
      return Value::Absent();
  }
}

bool HasText(const Value& v) { return v.kind == Kind::kString || v.kind == Kind::kBytes; }

}  // namespace

bool EncodeKey(const Value& value, std::string& out) {
  switch (value.kind) {
    case Kind::kAbsent:
      out.push_back(kTagAbsent);
      return true;
    case Kind::kNull:
      out.push_back(kTagNull);
      return true;
    case Kind::kBool:
      out.push_back(value.b ? kTagTrue : kTagFalse);
      return true;
    case Kind::kInt:
      EncodeInt(value.i, out);
      return true;
    case Kind::kUint:
      if (value.u <= INT64_MAX) {
        EncodeInt(static_cast<int64_t>(value.u), out);
      } else {
        out.push_back(kTagUint);
        Append(out, value.u);
      }
      return true;
    case Kind::kDouble:
      EncodeDouble(value.d, out);
      return true;
    case Kind::kString:
      EncodeText(kTagString, value.text(), out);
      return true;
    case Kind::kBytes:
      EncodeText(kTagBytes, value.text(), out);
      return true;
    case Kind::kTimestamp:
    case Kind::kDuration:
      out.push_back(value.kind == Kind::kTimestamp ? kTagTimestamp : kTagDuration);
      Append(out, value.i);
      Append(out, value.nanos());
      return true;
    case Kind::kOptional:
      return EncodeKey(value.inner == nullptr ? Value::Absent() : *value.inner, out);
    default:
      return false;
  }
}

void DecodeKeys(std::string_view encoded, uint32_t count, Value* keys) {
  const char* p = encoded.data();
  for (uint32_t i = 0; i < count; ++i) keys[i] = DecodeKey(p);
}

// The slot that holds the key, or the free one where it belongs. Never called on an empty slot array.
uint32_t KeyTable::SlotOf(std::string_view encoded, uint32_t hash) const {
  const uint32_t mask = static_cast<uint32_t>(slots_.size()) - 1;
  for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const uint32_t held = slots_[slot];
    if (held == 0) return slot;
    const Entry& entry = entries_[held - 1];
    if (entry.hash == hash && KeyBytes(entry) == encoded) return slot;
  }
}

uint32_t KeyTable::Find(std::string_view encoded) const {
  if (live_ == 0) return kNotFound;
  const uint32_t slot = SlotOf(encoded, static_cast<uint32_t>(Hash64(encoded, seed_)));
  return slots_[slot] == 0 ? kNotFound : slots_[slot] - 1;
}

uint32_t KeyTable::FindOrInsert(std::string_view encoded, bool* inserted) {
  const bool dead_room = entries_.size() > 16 && entries_.size() > size_t{2} * live_;
  if (slots_.empty() || (size_t{live_} + 1) * 4 > slots_.size() * 3) {
    Rebuild(slots_.empty() ? kMinSlots : slots_.size() * 2);
  } else if (dead_room) {
    Rebuild(slots_.size());
  }
  const uint32_t hash = static_cast<uint32_t>(Hash64(encoded, seed_));
  const uint32_t slot = SlotOf(encoded, hash);
  *inserted = slots_[slot] == 0;
  if (!*inserted) return slots_[slot] - 1;
  Entry entry;
  entry.key = Store(encoded);
  entry.key_bytes = static_cast<uint32_t>(encoded.size());
  entry.hash = hash;
  entry.live = 1;
  entries_.push_back(entry);
  slots_[slot] = static_cast<uint32_t>(entries_.size());
  ++live_;
  return slots_[slot] - 1;
}

void KeyTable::Erase(uint32_t index) {
  Entry& entry = entries_[index];
  const uint32_t mask = static_cast<uint32_t>(slots_.size()) - 1;
  uint32_t hole = SlotOf(KeyBytes(entry), entry.hash);
  // Backward shift: move later members of the probe run into the hole, so that no tombstone is needed.
  for (uint32_t next = (hole + 1) & mask; slots_[next] != 0; next = (next + 1) & mask) {
    const uint32_t home = entries_[slots_[next] - 1].hash & mask;
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      slots_[hole] = slots_[next];
      hole = next;
    }
  }
  slots_[hole] = 0;
  garbage_ += entry.key_bytes + (HasText(entry.value) ? entry.value.size : 0);
  entry.live = 0;
  entry.value = Value::Absent();
  --live_;
  if (live_ == 0) {
    entries_.clear();
    heap_.clear();
    garbage_ = 0;
    first_ = 0;
    return;
  }
  while (entries_.back().live == 0) entries_.pop_back();
  if (index == first_) first_ = NextLive(first_);
}

void KeyTable::Clear() {
  live_ = first_ = 0;
  garbage_ = 0;
  entries_.clear();
  heap_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
  if (bytes() > kKeepBytes) {
    std::vector<uint32_t>().swap(slots_);
    std::vector<Entry>().swap(entries_);
    std::string().swap(heap_);
    std::string().swap(spare_);
  }
}

void KeyTable::Rebuild(size_t slots) {
  size_t kept = 0;
  for (const Entry& entry : entries_) {
    if (entry.live != 0) entries_[kept++] = entry;
  }
  entries_.resize(kept);
  first_ = 0;
  slots_.assign(slots, 0);
  const uint32_t mask = static_cast<uint32_t>(slots) - 1;
  for (size_t i = 0; i < kept; ++i) {
    uint32_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<uint32_t>(i) + 1;
  }
}

uint64_t KeyTable::Store(std::string_view text) {
  if (garbage_ > 256 && garbage_ > heap_.size() / 2) CompactHeap();
  const uint64_t at = heap_.size();
  heap_.append(text);
  return at;
}

void KeyTable::CompactHeap() {
  spare_.clear();
  for (Entry& entry : entries_) {
    if (entry.live == 0) continue;
    const std::string_view key = KeyBytes(entry);
    entry.key = spare_.size();
    spare_.append(key);
    if (!HasText(entry.value)) continue;
    const std::string_view text(heap_.data() + entry.value.u, entry.value.size);
    entry.value.u = spare_.size();
    spare_.append(text);
  }
  heap_.swap(spare_);
  garbage_ = 0;
  if (spare_.capacity() > kKeepBytes) std::string().swap(spare_);
}

void KeyTable::SetValue(uint32_t index, const Value& value) {
  Value stored = value;
  if (HasText(entries_[index].value)) {
    const Value old = entries_[index].value;
    if (HasText(value) && value.size <= old.size) {
      std::memmove(heap_.data() + old.u, value.s, value.size);
      garbage_ += old.size - value.size;
      stored.u = old.u;
      entries_[index].value = stored;
      return;
    }
    garbage_ += old.size;
    entries_[index].value = Value::Absent();  // before Store, which may compact
  }
  if (HasText(value)) stored.u = Store(value.text());
  entries_[index].value = stored;
}

Value KeyTable::ValueOf(uint32_t index) const {
  Value value = entries_[index].value;
  if (HasText(value)) value.s = heap_.data() + value.u;
  return value;
}

void KeyTable::KeysOf(uint32_t index, Value* keys) const {
  const char* p = heap_.data() + entries_[index].key;
  for (uint32_t i = 0; i < key_count_; ++i) keys[i] = DecodeKey(p);
}

uint32_t KeyTable::NextLive(uint32_t entry) const {
  if (entry < first_) entry = first_;
  while (entry < entries_.size() && entries_[entry].live == 0) ++entry;
  return entry < entries_.size() ? entry : kNotFound;
}

uint64_t KeyTable::bytes() const {
  return slots_.capacity() * sizeof(uint32_t) + entries_.capacity() * sizeof(Entry) + heap_.capacity() + spare_.capacity();
}

}  // namespace edict
