#include "runtime/state/table.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "runtime/base/hash.h"
#include "runtime/base/same_bytes.h"

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

constexpr uint32_t kFew = 8;              // entries that have no slots
constexpr uint64_t kMinText = 24;         // room for the text of the first entry
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

// KeyTable::kStringBytes and the text.
void WriteText(char tag, std::string_view text, char* to) {
  const auto size = static_cast<uint32_t>(text.size());
  *to++ = tag;
  std::memcpy(to, &size, sizeof size);
  to += sizeof size;
  if (!text.empty()) std::memcpy(to, text.data(), text.size());
}

void EncodeText(char tag, std::string_view text, std::string& out) {
  const size_t at = out.size();
  out.resize(at + KeyTable::kStringBytes + text.size());
  WriteText(tag, text, out.data() + at);
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

KeyTable::Content KeyTable::HeadFor(uint32_t entry_room, uint64_t text_room) {
  static_assert(sizeof(Content) % alignof(Entry) == 0);
  Content head;
  head.entry_room = entry_room;
  head.slot_count = entry_room > kFew ? 2 * entry_room : 0;
  head.text_room = text_room;
  return head;
}

// So that the next piece is aligned.
KeyTable::Content KeyTable::HeadOfOne(uint64_t text) { return HeadFor(1, (std::max(text, kMinText) + 7) / 8 * 8); }

uint64_t KeyTable::BytesOfOne(uint64_t text) { return HeadOfOne(text).bytes(); }

void KeyTable::BeginIn(void* memory, uint64_t text) {
  Content head = HeadOfOne(text);
  head.is_lent = 1;
  c_.reset(new (memory) Content(head));
}

KeyTable::Memory KeyTable::Allocate(uint32_t entry_room, uint64_t text_room) {
  const Content head = HeadFor(entry_room, text_room);
  Memory memory(new (::operator new(head.bytes())) Content(head));
  std::fill_n(memory->slots(), head.slot_count, 0);
  return memory;
}

uint32_t KeyTable::HashOf(std::string_view encoded) const { return static_cast<uint32_t>(Hash64(encoded, seed_)); }

// `hash`: where there are slots.
uint32_t KeyTable::Find(std::string_view encoded, uint32_t hash) const {
  if (size() == 0) return kNotFound;
  const Entry* const entries = c_->entries();
  const char* const text = c_->text();
  const auto is_key = [&](const Entry& entry) {
    return entry.key_bytes == encoded.size() && SameText(text + entry.key, encoded.data(), encoded.size());
  };
  if (c_->slot_count == 0) {
    for (uint32_t e = c_->first; e < c_->used; ++e) {
      if (entries[e].live() && is_key(entries[e])) return e;
    }
    return kNotFound;
  }
  const uint32_t* const slots = c_->slots();
  const uint32_t mask = c_->slot_count - 1;
  for (uint32_t slot = hash & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
    const Entry& entry = entries[slots[slot] - 1];
    if (entry.hash == hash && is_key(entry)) return slots[slot] - 1;
  }
  return kNotFound;
}

uint32_t KeyTable::Find(std::string_view encoded) const {
  if (size() == 0) return kNotFound;
  return Find(encoded, c_->slot_count == 0 ? 0 : HashOf(encoded));
}

uint32_t KeyTable::Find(std::string_view encoded, std::optional<uint32_t>& hash) const {
  if (size() == 0) return kNotFound;
  if (c_->slot_count != 0 && !hash.has_value()) hash = HashOf(encoded);
  return Find(encoded, hash.value_or(0));
}

uint32_t KeyTable::FindText(std::string_view text) const {
  constexpr size_t kShort = 256;
  if (size() == 0) return kNotFound;
  const size_t size = text.size() + kStringBytes;
  if (last_ < c_->used) {
    const Entry& entry = c_->entries()[last_];
    if (entry.live() && entry.key_bytes == size) {
      const char* const key = c_->text() + entry.key;
      if (*key == kTagString && SameText(key + kStringBytes, text.data(), text.size())) return last_;
    }
  }
  uint32_t found = kNotFound;
  if (size <= kShort) {
    char encoded[kShort];
    WriteText(kTagString, text, encoded);
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
  std::optional<uint32_t> hash;
  const uint32_t found = Find(encoded, hash);
  *inserted = found == kNotFound;
  return *inserted ? Insert(encoded, hash) : found;
}

uint32_t KeyTable::Insert(std::string_view encoded, std::optional<uint32_t> hash) {
  MakeRoom(encoded.size());
  const uint64_t key = Store(encoded);
  const uint32_t index = c_->used++;
  // Made where it is: read back as a whole, what was written in parts would be waited for.
  Entry& entry = *new (&c_->entries()[index]) Entry;
  entry.key = key;
  entry.key_bytes = static_cast<uint32_t>(encoded.size());
  if (c_->slot_count != 0) entry.hash = hash.has_value() ? *hash : HashOf(encoded);
  ++c_->live;
  if (c_->slot_count != 0) Place(index);
  return index;
}

// For one more entry. Where half of them or more are dead, their places are taken again.
void KeyTable::MakeRoom(size_t text) {
  if (c_ == nullptr) {
    c_ = Allocate(1, std::max<uint64_t>(text, kMinText));
  } else if (c_->used == c_->entry_room) {
    if (c_->live <= c_->used / 2) {
      DropDead();
    } else {
      const uint64_t wanted = c_->text_used - c_->garbage + text;
      Grow(2 * c_->entry_room, wanted <= c_->text_room ? c_->text_room : std::max(2 * c_->text_room, wanted));
    }
  }
}

void KeyTable::Place(uint32_t entry) {
  uint32_t* const slots = c_->slots();
  const uint32_t mask = c_->slot_count - 1;
  uint32_t slot = c_->entries()[entry].hash & mask;
  while (slots[slot] != 0) slot = (slot + 1) & mask;
  slots[slot] = entry + 1;
}

void KeyTable::FillSlots() {
  if (c_->slot_count == 0) return;
  std::fill_n(c_->slots(), c_->slot_count, 0);
  for (uint32_t e = NextLive(0); e != kNotFound; e = NextLive(e + 1)) Place(e);
}

void KeyTable::FreeSlotOf(uint32_t entry) {
  uint32_t* const slots = c_->slots();
  const Entry* const entries = c_->entries();
  const uint32_t mask = c_->slot_count - 1;
  uint32_t hole = entries[entry].hash & mask;
  while (slots[hole] != entry + 1) hole = (hole + 1) & mask;
  // Backward shift: move later members of the probe run into the hole, so that no tombstone is needed.
  for (uint32_t next = (hole + 1) & mask; slots[next] != 0; next = (next + 1) & mask) {
    const uint32_t home = entries[slots[next] - 1].hash & mask;
    if (((next - home) & mask) >= ((next - hole) & mask)) {
      slots[hole] = slots[next];
      hole = next;
    }
  }
  slots[hole] = 0;
}

void KeyTable::Erase(uint32_t index) {
  if (c_->slot_count != 0) FreeSlotOf(index);
  Entry& entry = c_->entries()[index];
  c_->garbage += entry.key_bytes + (HasText(entry.value) ? entry.value.size : 0);
  entry.key = kDead;
  entry.value = Value::Absent();
  --c_->live;
  if (c_->live == 0) {
    c_->used = c_->first = 0;
    c_->text_used = c_->garbage = 0;
    return;
  }
  while (!c_->entries()[c_->used - 1].live()) --c_->used;
  if (index == c_->first) c_->first = NextLive(c_->first);
}

void KeyTable::Clear() {
  if (c_ == nullptr) return;
  if (bytes() > kKeepBytes) return c_.reset();
  c_->live = c_->used = c_->first = 0;
  c_->text_used = c_->garbage = 0;
  std::fill_n(c_->slots(), c_->slot_count, 0);
}

void KeyTable::DropDead() {
  Entry* const entries = c_->entries();
  uint32_t kept = 0;
  for (uint32_t e = 0; e < c_->used; ++e) {
    if (entries[e].live()) entries[kept++] = entries[e];
  }
  c_->used = kept;
  c_->first = 0;
  FillSlots();
}

// Entries keep their numbers.
void KeyTable::Grow(uint32_t entry_room, uint64_t text_room) {
  Memory grown = Allocate(entry_room, text_room);
  CopyText(grown->text());
  grown->live = c_->live;
  grown->used = c_->used;
  grown->first = c_->first;
  grown->text_used = c_->text_used - c_->garbage;
  std::uninitialized_copy_n(c_->entries(), c_->used, grown->entries());
  const bool had_hashes = c_->slot_count != 0;
  c_ = std::move(grown);
  if (!had_hashes && c_->slot_count != 0) {
    for (uint32_t e = NextLive(0); e != kNotFound; e = NextLive(e + 1)) c_->entries()[e].hash = HashOf(KeyBytes(c_->entries()[e]));
  }
  FillSlots();
}

// What is in use, without gaps. Entries refer to there afterwards.
void KeyTable::CopyText(char* to) {
  const char* const text = c_->text();
  uint64_t size = 0;
  const auto copy = [&](uint64_t from, uint32_t bytes) {
    std::memcpy(to + size, text + from, bytes);
    size += bytes;
    return size - bytes;
  };
  Entry* const entries = c_->entries();
  for (uint32_t e = 0; e < c_->used; ++e) {
    if (!entries[e].live()) continue;
    entries[e].key = copy(entries[e].key, entries[e].key_bytes);
    if (HasText(entries[e].value)) entries[e].value.u = copy(entries[e].value.u, entries[e].value.size);
  }
}

void KeyTable::CompactText() {
  // Kept by the thread, since tables which keys come to and go from do this again and again.
  thread_local std::string scratch;
  const uint64_t size = c_->text_used - c_->garbage;
  if (scratch.size() < size) scratch.resize(size);
  CopyText(scratch.data());
  std::memcpy(c_->text(), scratch.data(), size);
  c_->text_used = size;
  c_->garbage = 0;
  if (scratch.capacity() > kKeepBytes) std::string().swap(scratch);
}

uint64_t KeyTable::Store(std::string_view text) {
  if (c_->text_used + text.size() > c_->text_room) {
    if (c_->garbage > c_->text_used / 2) CompactText();
    const uint64_t wanted = c_->text_used - c_->garbage + text.size();
    if (c_->text_used + text.size() > c_->text_room) Grow(c_->entry_room, std::max(2 * c_->text_room, wanted));
  }
  const uint64_t at = c_->text_used;
  std::memcpy(c_->text() + at, text.data(), text.size());
  c_->text_used += text.size();
  return at;
}

void KeyTable::SetValue(uint32_t index, const Value& value) {
  Value stored = value;
  const Value old = c_->entries()[index].value;
  if (HasText(old)) {
    if (HasText(value) && value.size <= old.size) {
      std::memmove(c_->text() + old.u, value.s, value.size);
      c_->garbage += old.size - value.size;
      stored.u = old.u;
      c_->entries()[index].value = stored;
      return;
    }
    c_->garbage += old.size;
    c_->entries()[index].value = Value::Absent();  // before Store, which may compact
  }
  if (HasText(value)) stored.u = Store(value.text());
  c_->entries()[index].value = stored;
}

Value KeyTable::ValueOf(uint32_t index) const {
  Value value = c_->entries()[index].value;
  if (HasText(value)) value.s = c_->text() + value.u;
  return value;
}

void KeyTable::KeysOf(uint32_t index, Value* keys) const {
  const char* p = c_->text() + c_->entries()[index].key;
  for (uint32_t i = 0; i < key_count_; ++i) keys[i] = DecodeKey(p);
}

uint32_t KeyTable::NextLive(uint32_t entry) const {
  if (c_ == nullptr) return kNotFound;
  if (entry < c_->first) entry = c_->first;
  while (entry < c_->used && !c_->entries()[entry].live()) ++entry;
  return entry < c_->used ? entry : kNotFound;
}

}  // namespace edict
