// What the cache knows of one array element: that its bytes are a valid value of a kind, and, once somebody has asked, its
// tape. Immutable but for hints; shared by all threads of an engine.
#ifndef EDICT_RUNTIME_CACHE_ELEMENT_H_
#define EDICT_RUNTIME_CACHE_ELEMENT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/base/hash.h"
#include "runtime/value/json_node.h"

namespace edict::cache {

// Elements are found by a hash of the bytes that they begin with, so that nobody need know where one ends: it is known of the
// element found. Shorter ones are not kept: to walk them costs little more than to find them.
inline constexpr uint32_t kHashedBytes = 64;
// The kinds of elements that may be kept, by shape; zero: none.
using Kinds = std::vector<Hash128>;

// Where an element is in the table.
using Place = uint32_t;
inline constexpr Place kNowhere = ~Place{0};

// The tape of an element, in one piece of memory with the texts that stand otherwise in the element. Offsets count from it.
struct ElementTape {
  uint32_t nodes = 0;
  uint32_t bytes = 0;  // of all
  const JsonNode* begin() const { return reinterpret_cast<const JsonNode*>(this + 1); }

  struct Free {
    void operator()(const ElementTape* tape) const { ::operator delete(const_cast<ElementTape*>(tape)); }
  };
};
using ElementTapePtr = std::unique_ptr<ElementTape, ElementTape::Free>;
// A copy of the tape at `root`, which was made of these bytes where they are. Refers to the bytes.
ElementTapePtr CopyTape(const JsonNode& root, std::string_view bytes);

// What something that depends on the element alone came to; its result stands behind it. Immutable once it is linked.
struct ElementResult {
  uint64_t key = 0;  // of what: see ElementMemo::KeyOf
  std::atomic<ElementResult*> next{nullptr};
  int64_t fuel = 0;          // that it took
  uint32_t writes_size = 0;  // of the saved writes behind, and the bytes behind them
  uint32_t bytes_size = 0;
  bool holds = false;  // false: it is to be done again, and said what is wrong
  bool apart = false;  // in memory of its own, not that of its element
  std::string_view writes() const { return {reinterpret_cast<const char*>(this + 1), writes_size}; }
  std::string_view bytes() const { return {writes().data() + writes_size, bytes_size}; }
  uint64_t memory() const { return sizeof(ElementResult) + writes_size + bytes_size; }

  // In `memory`, or in its own where that is null.
  static ElementResult* Make(void* memory, uint64_t key, int64_t fuel, bool holds, std::string_view writes, std::string_view bytes);
};

// Its bytes stand behind it, padded for the parser, and behind these is room for results, so that most of them need no memory of
// their own.
struct Element {
  uint64_t id = 0;  // no other of the cache has it, at any time
  Hash128 kind;
  uint64_t hash = 0;
  int64_t fuel = 0;    // that checking it took
  uint32_t size = 0;   // of its bytes
  uint32_t depth = 0;  // levels of nesting that it has at most
  uint32_t room = 0;   // bytes for results
  std::atomic<uint32_t> room_used{0};
  std::atomic<bool> has_results_apart{false};
  std::atomic<uint64_t> memory{0};  // bytes of it, its tape and its results
  std::atomic<const ElementTape*> tape{nullptr};
  std::atomic<ElementResult*> results{nullptr};
  std::atomic<Place> next{kNowhere};  // which element followed it the last time
  std::atomic<bool> used{false};      // since the hand of the clock came by

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this + 1), size}; }
  void Prefetch() const {
    for (size_t line = 0; line < 4; ++line) __builtin_prefetch(reinterpret_cast<const char*>(this) + line * 64);
  }
  // Looked for behind `last`, one of its results or null, first.
  const ElementResult* Find(uint64_t key, const ElementResult* last) const {
    const std::atomic<ElementResult*>& first = last != nullptr ? last->next : results;
    const ElementResult* result = first.load(std::memory_order_acquire);
    while (result != nullptr && result->key != key) result = result->next.load(std::memory_order_acquire);
    return result != nullptr || last == nullptr ? result : Find(key, nullptr);
  }
  // Of the room for results; null: there is not as much left.
  void* TakeRoom(uint64_t bytes);
  static uint64_t MemoryOf(uint64_t size, uint32_t room);

  static Element* Make(uint64_t id, Hash128 kind, uint64_t hash, std::string_view bytes, uint32_t depth, int64_t fuel,
                       uint32_t room);
  static void Free(Element* element);
};

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_ELEMENT_H_
