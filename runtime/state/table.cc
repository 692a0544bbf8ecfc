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

// memcmp for short texts, as keys are, without the call.
bool SameBytes(const char* a, const char* b, size_t size) {
  const auto word = [](const char* at) {
    uint64_t v;
    std::memcpy(&v, at, sizeof v);
    return v;
  };
  constexpr size_t kWord = sizeof(uint64_t);
  if (size < kWord || size > 8 * kWord) return std::memcmp(a, b, size) == 0;
  uint64_t differs = word(a + size - kWord) ^ word(b + size - kWord);
  for (size_t i = 0; i + kWord < size; i += kWord) differs |= word(a + i) ^ word(b + i);
  return differs == 0;
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
  const uint32_t mask = static_cast<uint32_t>(c_->slots.size()) - 1;
  for (uint32_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const uint32_t held = c_->slots[slot];
    if (held == 0) return slot;
    const Entry& entry = c_->entries[held - 1];
    if (entry.hash == hash && entry.key_bytes == encoded.size() &&
        SameBytes(c_->heap.data() + entry.key, encoded.data(), encoded.size())) {
      return slot;
    }
  }
}

uint32_t KeyTable::Find(std::string_view encoded) const {
  if (size() == 0) return kNotFound;
  const uint32_t slot = SlotOf(encoded, static_cast<uint32_t>(Hash64(encoded, seed_)));
  return c_->slots[slot] == 0 ? kNotFound : c_->slots[slot] - 1;
}

uint32_t KeyTable::FindText(std::string_view text) const {
  constexpr size_t kShort = 256;
  if (size() == 0) return kNotFound;
  const size_t size = text.size() + kStringBytes;
  if (last_ < c_->entries.size()) {
    const Entry& entry = c_->entries[last_];
    const char* key = c_->heap.data() + entry.key;
    if (entry.live != 0 && entry.key_bytes == size && *key == kTagString &&
        SameBytes(key + kStringBytes, text.data(), text.size())) {
      return last_;
    }
  }
  uint32_t found = kNotFound;
  if (size <= kShort) {
    char encoded[kShort];
    const auto length = static_cast<uint32_t>(text.size());
    encoded[0] = kTagString;
    std::memcpy(encoded + 1, &length, sizeof length);
    std::memcpy(encoded + kStringBytes, text.data(), text.size());
    found = Find({encoded, size});
  } else {
    std::string encoded;
    EncodeText(kTagString, text, encoded);
    found = Find(encoded);
  }
  if (found != kNotFound) last_ = found;
  return found;
}

uint32_t KeyTable::FindOrInsert(std::string_view encoded, bool* inserted) {
  if (c_ == nullptr) c_ = std::make_unique<Content>();
  const bool dead_room = c_->entries.size() > 16 && c_->entries.size() > size_t{2} * c_->live;
  if (c_->slots.empty() || (size_t{c_->live} + 1) * 4 > c_->slots.size() * 3) {
    Rebuild(c_->slots.empty() ? kMinSlots : c_->slots.size() * 2);
  } else if (dead_room) {
    Rebuild(c_->slots.size());
  }
  const uint32_t hash = static_cast<uint32_t>(Hash64(encoded, seed_));
  const uint32_t slot = SlotOf(encoded, hash);
  *inserted = c_->slots[slot] == 0;
  if (!*inserted) return c_->slots[slot] - 1;
  Entry entry;
  entry.key = Store(encoded);
  entry.key_bytes = static_cast<uint32_t>(encoded.size());
  entry.hash = hash;
  entry.live = 1;
  c_->entries.push_back(entry);
  c_->slots[slot] = static_cast<uint32_t>(c_->entries.size());
  ++c_->live;
  return c_->slots[slot] - 1;
}

void KeyTable::Erase(uint32_t index) {
  Entry& entry = c_->entries[index];
  const uint32_t mask = static_cast<uint32_t>(c_->slots.size()) - 1;
  uint32_t hole = SlotOf(KeyBytes(entry), entry.hash);
  // Backward shift: move later members of the probe run into the hole, so that no tombstone is needed.
  for (uint32_t next = (hole + 1) & mask; c_->slots[next] != 0; next = (next + 1) & mask) {
    const uint32_t home = c_->entries[c_->slots[next] - 1].hash & mask;
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      c_->slots[hole] = c_->slots[next];
      hole = next;
    }
  }
  c_->slots[hole] = 0;
  c_->garbage += entry.key_bytes + (HasText(entry.value) ? entry.value.size : 0);
  entry.live = 0;
  entry.value = Value::Absent();
  --c_->live;
  if (c_->live == 0) {
    c_->entries.clear();
    c_->heap.clear();
    c_->garbage = 0;
    c_->first = 0;
    return;
  }
  while (c_->entries.back().live == 0) c_->entries.pop_back();
  if (index == c_->first) c_->first = NextLive(c_->first);
}

void KeyTable::Clear() {
  if (c_ == nullptr) return;
  if (bytes() > kKeepBytes) return c_.reset();
  c_->live = c_->first = 0;
  c_->garbage = 0;
  c_->entries.clear();
  c_->heap.clear();
  std::fill(c_->slots.begin(), c_->slots.end(), 0);
}

void KeyTable::Rebuild(size_t slots) {
  size_t kept = 0;
  for (const Entry& entry : c_->entries) {
    if (entry.live != 0) c_->entries[kept++] = entry;
  }
  c_->entries.resize(kept);
  c_->first = 0;
  c_->slots.assign(slots, 0);
  const uint32_t mask = static_cast<uint32_t>(slots) - 1;
  for (size_t i = 0; i < kept; ++i) {
    uint32_t slot = c_->entries[i].hash & mask;
    while (c_->slots[slot] != 0) slot = (slot + 1) & mask;
    c_->slots[slot] = static_cast<uint32_t>(i) + 1;
  }
}

uint64_t KeyTable::Store(std::string_view text) {
  if (c_->garbage > 256 && c_->garbage > c_->heap.size() / 2) CompactHeap();
  const uint64_t at = c_->heap.size();
  c_->heap.append(text);
  return at;
}

void KeyTable::CompactHeap() {
  c_->spare.clear();
  for (Entry& entry : c_->entries) {
    if (entry.live == 0) continue;
    const std::string_view key = KeyBytes(entry);
    entry.key = c_->spare.size();
    c_->spare.append(key);
    if (!HasText(entry.value)) continue;
    const std::string_view text(c_->heap.data() + entry.value.u, entry.value.size);
    entry.value.u = c_->spare.size();
    c_->spare.append(text);
  }
  c_->heap.swap(c_->spare);
  c_->garbage = 0;
  if (c_->spare.capacity() > kKeepBytes) std::string().swap(c_->spare);
}

void KeyTable::SetValue(uint32_t index, const Value& value) {
  Value stored = value;
  if (HasText(c_->entries[index].value)) {
    const Value old = c_->entries[index].value;
    if (HasText(value) && value.size <= old.size) {
      std::memmove(c_->heap.data() + old.u, value.s, value.size);
      c_->garbage += old.size - value.size;
      stored.u = old.u;
      c_->entries[index].value = stored;
      return;
    }
    c_->garbage += old.size;
    c_->entries[index].value = Value::Absent();  // before Store, which may compact
  }
  if (HasText(value)) stored.u = Store(value.text());
  c_->entries[index].value = stored;
}

Value KeyTable::ValueOf(uint32_t index) const {
  Value value = c_->entries[index].value;
  if (HasText(value)) value.s = c_->heap.data() + value.u;
  return value;
}

void KeyTable::KeysOf(uint32_t index, Value* keys) const {
  const char* p = c_->heap.data() + c_->entries[index].key;
  for (uint32_t i = 0; i < key_count_; ++i) keys[i] = DecodeKey(p);
}

uint32_t KeyTable::NextLive(uint32_t entry) const {
  if (c_ == nullptr) return kNotFound;
  if (entry < c_->first) entry = c_->first;
  while (entry < c_->entries.size() && c_->entries[entry].live == 0) ++entry;
  return entry < c_->entries.size() ? entry : kNotFound;
}

uint64_t KeyTable::bytes() const {
  if (c_ == nullptr) return 0;
  return sizeof(Content) + c_->slots.capacity() * sizeof(uint32_t) + c_->entries.capacity() * sizeof(Entry) + c_->heap.capacity() +
         c_->spare.capacity();
}

}  // namespace edict
