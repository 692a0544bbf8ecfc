// KeyTable: an insertion-ordered hash table from a key of one or more Values to one Value. Open addressing over a slot
// array, entries in a dense array in order of insertion; keys are compared by canonical encoding, where absent, null and
// "" differ. Strings are copied into the table's own memory. Erased room is reused: a table that inserts and erases
// without end stays as large as its largest moment (by a small factor).
#ifndef EDICT_RUNTIME_STATE_TABLE_H_
#define EDICT_RUNTIME_STATE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace edict {

// Appends the canonical encoding: equal bytes if and only if the Values are the same key (1 == 1u == 1.0). Only scalars
// can be keys: false for lists, maps, optionals, types, errors.
bool EncodeKey(const Value& value, std::string& out);

// Reads `count` keys back. Strings point into the bytes.
void DecodeKeys(std::string_view encoded, uint32_t count, Value* keys);

class KeyTable {
 public:
  static constexpr uint32_t kNotFound = 0xffffffffu;
  static constexpr uint64_t kEntryBytes = 48;   // what an entry costs beside its strings, roughly
  static constexpr uint64_t kStringBytes = 5;   // what an encoded string key costs beside its bytes
  static constexpr uint64_t kScalarBytes = 10;  // of any other encoded key, at most

  KeyTable(uint32_t key_count, uint64_t seed) : key_count_(key_count), seed_(seed) {}

  uint32_t size() const { return c_ == nullptr ? 0 : c_->live; }
  // The entry of an encoded key, or kNotFound. Entry numbers are valid until the next insertion, erasure or Clear.
  uint32_t Find(std::string_view encoded) const;
  // The entry of the one key that is this string, or kNotFound. The key found last is found again without a hash.
  uint32_t FindText(std::string_view text) const;
  // The entry, made at the end of the order if missing.
  uint32_t FindOrInsert(std::string_view encoded, bool* inserted);
  void Erase(uint32_t entry);
  void Clear();

  // Copies a string's bytes into the table. `value`: scalar or kAbsent.
  void SetValue(uint32_t entry, const Value& value);
  int64_t IntOf(uint32_t entry) const { return c_->entries[entry].value.i; }
  // Strings point into the table: valid until it next changes.
  Value ValueOf(uint32_t entry) const;
  // Decodes the entry's keys into key_count Values; strings point into the table.
  void KeysOf(uint32_t entry, Value* keys) const;

  // Entries in insertion order: for (uint32_t e = First(); e != kNotFound; e = Next(e)).
  uint32_t First() const { return NextLive(0); }
  uint32_t Next(uint32_t entry) const { return NextLive(entry + 1); }

  uint32_t key_count() const { return key_count_; }
  uint64_t bytes() const;
  // What bytes() comes to with that many entries, but for the text of keys and values: arrays are up to twice as large as
  // what they hold, and every other entry may be a dead one.
  static uint64_t MostBytes(uint64_t entries) { return entries * (4 * sizeof(Entry) + 4 * sizeof(uint32_t)) + 1024; }

 private:
  struct Entry {
    Value value;       // strings: offset into the heap in `u`
    uint64_t key = 0;  // offset in the heap
    uint32_t key_bytes = 0;
    uint32_t hash = 0;
    uint32_t live = 0;
  };

  // What a table without entries does without.
  struct Content {
    uint32_t live = 0;
    uint32_t first = 0;           // no live entry before this one
    size_t garbage = 0;           // bytes of the heap that nothing refers to
    std::vector<uint32_t> slots;  // entry + 1; 0 = free. Size is a power of two
    std::vector<Entry> entries;
    std::string heap;   // keys and string values
    std::string spare;  // the heap before the last compaction, for the next
  };

  uint32_t NextLive(uint32_t entry) const;
  uint32_t SlotOf(std::string_view encoded, uint32_t hash) const;
  std::string_view KeyBytes(const Entry& entry) const { return {c_->heap.data() + entry.key, entry.key_bytes}; }
  uint64_t Store(std::string_view text);
  void Rebuild(size_t slots);
  void CompactHeap();

  uint32_t key_count_;
  uint64_t seed_;
  std::unique_ptr<Content> c_;  // null until the first entry
  mutable uint32_t last_ = 0;   // entry that FindText found
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_TABLE_H_
