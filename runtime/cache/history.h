// What arrays began with when they came last, in one piece: a conversation that sends its history again is compared with it at
// the speed at which memory is read, and the elements that it knows are looked at one by one no more. Of one thread; its
// bytes count as the cache's.
#ifndef EDICT_RUNTIME_CACHE_HISTORY_H_
#define EDICT_RUNTIME_CACHE_HISTORY_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/cache/element_cache.h"

namespace edict::cache {

// A known element of an array's text, of which the first element is at 0.
struct HistoryPart {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t depth = 0;  // the most levels that an element up to this one may have
  int64_t fuel = 0;    // of all elements up to this one
  uint64_t id = 0;     // of the element
  Element* element = nullptr;
};

class Histories {
 public:
  explicit Histories(ElementCache& cache) : cache_(cache) {}
  ~Histories();
  Histories(const Histories&) = delete;
  Histories& operator=(const Histories&) = delete;

  // An array's first element is at `at`, and can be read up to `limit`: the elements that it begins with, as far as they are as
  // they were, nest no deeper than `depth` and cost no more fuel. The reader looks.
  std::span<const HistoryPart> Begin(const char* at, const char* limit, Hash128 kind, uint64_t depth, int64_t fuel);
  // The array's next element behind those is that one, which the cache knows by now.
  void Note(const char* begin, const char* end, Element* element);
  // There is one that it does not know, or the array has ended.
  void Stop() { current_ = nullptr, starts_ = false; }

 private:
  // Arrays that take turns: as many may be remembered.
  static constexpr size_t kKept = 4;
  struct History {
    Hash128 kind;
    std::vector<char> text;
    std::vector<HistoryPart> parts;
    // So many of the parts are known to have been in the cache at that epoch of it. The others may be there no more.
    size_t valid = 0;
    uint64_t epoch = 0;
    uint64_t used = 0;      // when: see arrays_
    uint64_t reserved = 0;  // bytes that are counted
  };

  size_t MatchOf(const History& history, const char* at, const char* limit) const;
  History& Oldest();
  void Continue(History& history, size_t parts);
  void Fork(const History& from, size_t parts);
  bool CameLately(uint64_t id);
  bool Append(History& history, const char* begin, const char* end, Element* element);
  bool Reserve(History& history, size_t bytes, size_t parts);
  void Truncate(History& history, size_t parts);

  ElementCache& cache_;
  std::array<History, kKept> histories_;
  std::array<uint64_t, kKept> first_ids_{};  // of the arrays that came last, the last one first
  uint64_t arrays_ = 0;                      // so many have come
  // Of the array at hand.
  const char* base_ = nullptr;
  Hash128 kind_;
  uint64_t epoch_ = 0;          // at its beginning
  bool starts_ = false;         // nothing of it is known yet
  History* current_ = nullptr;  // null: it is not remembered
  size_t next_ = 0;             // the part that comes next
};

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_HISTORY_H_
