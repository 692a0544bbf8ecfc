// KeyTable: an insertion-ordered hash table from a key of one or more Values to one Value. Open addressing over a slot
// array, entries in a dense array in order of insertion; keys are compared by canonical encoding, where absent, null and
// "" differ. Strings are copied into the table's own memory, which is one piece, since most tables are small and there are
// very many: few entries have no slots and are compared one by one. Erased room is reused: a table that inserts and erases
// without end stays as large as its largest moment (by a small factor).
#ifndef EDICT_RUNTIME_STATE_TABLE_H_
#define EDICT_RUNTIME_STATE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
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

// Whether there are bytes of the Value to be kept with it.
inline bool HasText(const Value& value) { return value.kind == Kind::kString || value.kind == Kind::kBytes; }

class KeyTable {
 public:
  static constexpr uint32_t kNotFound = 0xffffffffu;
  static constexpr uint64_t kEntryBytes = 48;   // what an entry costs beside its strings, roughly
  static constexpr uint64_t kStringBytes = 5;   // what an encoded string key costs beside its bytes
  static constexpr uint64_t kScalarBytes = 10;  // of any other encoded key, at most

  KeyTable(uint32_t key_count, uint64_t seed) : key_count_(key_count), seed_(seed) {}

  uint32_t size() const { return c_ == nullptr ? 0 : c_->live; }
  // What lookups read begins here; null: nothing.
  const void* memory() const { return c_.get(); }
  // The entry of an encoded key, or kNotFound. Entry numbers are valid until the next insertion, erasure or Clear.
  uint32_t Find(std::string_view encoded) const;
  // Of an encoded key, the same in all tables of that seed.
  uint32_t HashOf(std::string_view encoded) const;
  // The same for who may insert it next: `hash` is what that needs, if it is known by then.
  uint32_t Find(std::string_view encoded, std::optional<uint32_t>& hash) const;
  // The entry of the one key that is this string, or kNotFound. The key found last is found again without a hash.
  uint32_t FindText(std::string_view text) const;
  // Of a table that has no memory yet: BytesOfOne(text), aligned to 8, that outlive the table, to begin in. They are enough for
  // one entry with so many bytes of text.
  void BeginIn(void* memory, uint64_t text);
  static uint64_t BytesOfOne(uint64_t text);
  // The entry, made at the end of the order if missing.
  uint32_t FindOrInsert(std::string_view encoded, bool* inserted);
  // The entry of a key that is not in the table, at the end of the order.
  uint32_t Insert(std::string_view encoded, std::optional<uint32_t> hash = std::nullopt);
  void Erase(uint32_t entry);
  void Clear();

  // Copies a string's bytes into the table. `value`: scalar or kAbsent.
  void SetValue(uint32_t entry, const Value& value);
  int64_t IntOf(uint32_t entry) const { return c_->entries()[entry].value.i; }
  // Strings point into the table: valid until it next changes.
  Value ValueOf(uint32_t entry) const;
  // Decodes the entry's keys into key_count Values; strings point into the table.
  void KeysOf(uint32_t entry, Value* keys) const;

  // Entries in insertion order: for (uint32_t e = First(); e != kNotFound; e = Next(e)).
  uint32_t First() const { return NextLive(0); }
  uint32_t Next(uint32_t entry) const { return NextLive(entry + 1); }

  uint32_t key_count() const { return key_count_; }
  // Of memory of its own.
  uint64_t bytes() const { return c_ == nullptr || c_->is_lent ? 0 : c_->bytes(); }
  // What bytes() comes to with that many entries, but for the text of keys and values: arrays are up to twice as large as
  // what they hold, and every other entry may be a dead one; there are two slots for every place of an entry.
  static uint64_t MostBytes(uint64_t entries) { return entries * 4 * (sizeof(Entry) + 2 * sizeof(uint32_t)) + 1024; }

 private:
  static constexpr uint64_t kDead = ~0ull;

  struct Entry {
    Value value;       // strings: offset into the text in `u`
    uint64_t key = 0;  // offset in the text, or kDead
    uint32_t key_bytes = 0;
    uint32_t hash = 0;  // where there are slots

    bool live() const { return key != kDead; }
  };

  // The head of the memory; entries, slots and the text of keys and string values follow.
  struct Content {
    uint32_t live = 0;
    uint32_t used = 0;        // entries, the dead ones among them too
    uint32_t first = 0;       // no live entry before this one
    uint32_t entry_room = 0;  // a power of two
    uint32_t slot_count = 0;  // twice the room of entries; 0: few entries
    uint32_t is_lent = 0;     // whether the memory is the caller's
    uint64_t text_used = 0;
    uint64_t text_room = 0;
    uint64_t garbage = 0;  // bytes of the text that nothing refers to

    Entry* entries() { return reinterpret_cast<Entry*>(this + 1); }
    const Entry* entries() const { return reinterpret_cast<const Entry*>(this + 1); }
    // Entry + 1; 0 = free.
    uint32_t* slots() { return reinterpret_cast<uint32_t*>(entries() + entry_room); }
    const uint32_t* slots() const { return reinterpret_cast<const uint32_t*>(entries() + entry_room); }
    char* text() { return reinterpret_cast<char*>(slots() + slot_count); }
    const char* text() const { return reinterpret_cast<const char*>(slots() + slot_count); }
    uint64_t bytes() const { return sizeof(Content) + entry_room * sizeof(Entry) + slot_count * sizeof(uint32_t) + text_room; }
  };
  struct FreeContent {
    void operator()(Content* content) const {
      if (content->is_lent == 0) ::operator delete(content);
    }
  };
  using Memory = std::unique_ptr<Content, FreeContent>;

  static Content HeadFor(uint32_t entry_room, uint64_t text_room);
  static Content HeadOfOne(uint64_t text);
  static Memory Allocate(uint32_t entry_room, uint64_t text_room);
  uint32_t NextLive(uint32_t entry) const;
  uint32_t Find(std::string_view encoded, uint32_t hash) const;
  void FreeSlotOf(uint32_t entry);
  void Place(uint32_t entry);
  void FillSlots();
  std::string_view KeyBytes(const Entry& entry) const { return {c_->text() + entry.key, entry.key_bytes}; }
  uint64_t Store(std::string_view text);
  void MakeRoom(size_t text);
  void DropDead();
  void Grow(uint32_t entry_room, uint64_t text_room);
  void CopyText(char* to);
  void CompactText();

  uint32_t key_count_;
  mutable uint32_t last_ = 0;  // entry that FindText found
  uint64_t seed_;
  Memory c_;  // null until the first entry
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_TABLE_H_
