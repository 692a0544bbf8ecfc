// WindowState: the entries of one `window` declaration, by key. An entry is a time and a value; entries of a key are kept in
// order of time and, at equal times, of value, so that what is read depends on which entries there are and never on the
// order in which they came. An entry leaves when no event that is still tolerated can see it.
#ifndef EDICT_RUNTIME_STATE_WINDOW_H_
#define EDICT_RUNTIME_STATE_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"
#include "runtime/state/table.h"

namespace edict {

class WindowState {
 public:
  enum class Outcome : uint8_t { kAdded, kKeysFull, kEntriesFull };

  // The declaration must outlive the state.
  WindowState(const Window& declared, uint64_t seed);
  // The same entries under another declaration, which may differ in its length and bounds.
  WindowState(WindowState&& old, const Window& declared);

  // The window that ends at `at`, both edges of a sliding one being (at - length, at]; a tumbling one reaches from the last
  // multiple of the length to `at`. kAbsent: min and max of nothing, or a sum of ints beyond int64. `walked`: entries
  // looked at.
  Value Read(std::string_view key, int64_t at, uint32_t* walked) const;
  // `value`: an int or a double as the declaration says; of distinct any scalar; of count and rate it does not count.
  Outcome Add(std::string_view key, int64_t at, const Value& value);
  // No event before `watermark` comes any more.
  void Expire(int64_t watermark);
  // Every entry gets this time: the first that the stream knows.
  void Rebase(int64_t time);
  void Clear();

  uint32_t keys() const { return keys_.size(); }
  uint64_t entries() const { return entries_; }
  uint64_t bytes() const;
  // What bytes() comes to at its bounds, but for the text of keys and values.
  static uint64_t MostBytes(const Window& window);

 private:
  struct Entry {
    int64_t time;
    uint64_t value;  // the bits of an int64 or double; of distinct the number of an interned value
  };
  // The entries of one key, from `first` on.
  struct Series {
    std::string key;
    std::vector<Entry> entries;
    size_t first = 0;
  };
  struct Leaving {
    int64_t time;
    uint32_t series;
  };
  struct Interned {
    std::string encoded;
    uint32_t uses = 0;
    mutable uint32_t seen = 0;  // the number of the last read that met it
  };

  int64_t StartOf(int64_t at) const;  // times from here on are inside
  bool Before(const Entry& a, const Entry& b) const;
  Value Aggregate(const Entry* begin, const Entry* end) const;
  Value SumOfInts(const Entry* begin, const Entry* end) const;
  uint64_t Distinct(const Entry* begin, const Entry* end) const;
  Value ValueOf(const Entry& entry) const;
  uint64_t BitsOf(const Value& value);
  uint64_t Intern(const Value& value);
  void Release(uint64_t interned);
  uint32_t NewSeries(std::string_view key);
  void DropFirst(uint32_t series);

  const Window& declared_;
  KeyTable keys_;  // to the number of the series
  std::vector<Series> series_;
  std::vector<uint32_t> free_series_;
  std::vector<Leaving> leaving_;  // a heap, the earliest first: one for each entry
  uint64_t entries_ = 0;
  uint64_t held_bytes_ = 0;  // of series and interned values
  KeyTable values_;          // of distinct: to the number of the interned value
  std::vector<Interned> interned_;
  std::vector<uint32_t> free_interned_;
  std::string encoded_;  // scratch
  mutable uint32_t reads_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_WINDOW_H_
