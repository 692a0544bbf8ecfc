// Which event type a text names, without a tape of it.
#ifndef EDICT_RUNTIME_EXTRACT_EVENT_TABLE_H_
#define EDICT_RUNTIME_EXTRACT_EVENT_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/base/same_bytes.h"
#include "runtime/program/program.h"

namespace edict {

// Immutable; any number of threads may share it. Refers to the Program.
class EventTable {
 public:
  explicit EventTable(const Program& program);

  struct Found {
    uint32_t event = kNone;    // in Program::events; kNone: the extractor has to look
    const char* at = nullptr;  // and `seen`: where an EventFunction (runtime/jit/native_code.h) goes on
    uint64_t seen = 0;
  };
  // A type by what an event begins with where its type comes first.
  struct Entry {
    static constexpr size_t kMostBytes = 64;
    char start[kMostBytes] = {};
    uint32_t size = 0;  // of that; 0: the place is free
    uint32_t name_size = 0;
    uint32_t event = kNone;
    uint64_t seen = 0;

    // Whether the text begins so.
    bool Begins(const char* at) const { return SameText(at, start, size); }
  };
  // `at`: the first byte of an event, in a text that runtime/json/scan.h can read. `depth`: levels of nesting allowed. `last`,
  // null at first, is kept by the caller: events of one type mostly come in a row, and the type found last is tried first.
  Found Find(const char* at, uint64_t depth, const Entry** last) const {
    const Entry* entry = *last;
    if (entry != nullptr && entry->Begins(at)) return {entry->event, at + entry->size, entry->seen};
    return FindOther(at, depth, last);
  }

 private:
  Found FindOther(const char* at, uint64_t depth, const Entry** last) const;
  const Entry* Named(const char* name, uint32_t size) const;
  const Entry* Look(const char* at) const;
  Found FindAnywhere(const char* at, uint64_t depth) const;

  const Program& program_;
  std::string_view tag_;
  size_t prefix_size_ = 0;      // of the bytes before the name
  std::vector<Entry> entries_;  // open addressing by the name; the size is a power of two
  std::unordered_map<std::string_view, uint32_t> by_name_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_EXTRACT_EVENT_TABLE_H_
