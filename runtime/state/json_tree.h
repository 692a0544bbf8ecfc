// JSON as a tree of Values in memory of its own, as documents hold it: lists of Values and maps of MapEntries, which
// expressions read like any other. Views of an event's text become such trees by copying.
#ifndef EDICT_RUNTIME_STATE_JSON_TREE_H_
#define EDICT_RUNTIME_STATE_JSON_TREE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace edict::json_tree {

// Nesting of a document: as deep as events may be. Bounds recursion.
inline constexpr uint32_t kMaxDepth = 1000;

// What a value costs in bytes: 16 each, an array or object 16 more, a member 16 and its name, a text its bytes; texts and
// names in units of 16. It is what a fresh copy takes.
struct Extent {
  uint64_t bytes = 0;
  uint64_t values = 0;
  uint32_t height = 0;  // 0: a scalar or an empty array or object ... each level of nesting one more
};
// Adds the value's extent. False: it is no JSON (a kind that JSON does not have, a key that is no string), or nested deeper
// than kMaxDepth, or larger than `most` bytes in sum.
bool Measure(const Value& value, uint64_t most, Extent& extent);

// Memory of a tree, counted. Freed with the Arena.
class Memory {
 public:
  explicit Memory(Arena& arena) : arena_(arena) {}

  // Room for `capacity` Values, or pairs of them.
  Value* Block(uint32_t capacity, uint32_t stride) {
    auto* words = static_cast<uint64_t*>(Take(16 + size_t{16} * capacity * stride));
    words[0] = capacity;
    return reinterpret_cast<Value*>(words + 2);
  }
  static uint32_t Capacity(const Value* block) {
    return block == nullptr ? 0 : static_cast<uint32_t>(reinterpret_cast<const uint64_t*>(block)[-2]);
  }
  std::string_view Text(std::string_view text) {
    if (text.empty()) return "";
    char* copy = static_cast<char*>(Take(text.size()));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }
  // A deep copy of what Measure accepts.
  Value Copy(const Value& value);
  uint64_t used() const { return used_; }

 private:
  void* Take(size_t bytes) {
    used_ += (bytes + 15) & ~size_t{15};
    return arena_.Allocate(bytes);
  }

  Arena& arena_;
  uint64_t used_ = 0;
};

// Equality as RFC 6902 means it: numbers by value, arrays in order, objects without. `work` grows by what was looked at.
bool Same(const Value& a, const Value& b, uint64_t& work);

}  // namespace edict::json_tree

#endif  // EDICT_RUNTIME_STATE_JSON_TREE_H_
