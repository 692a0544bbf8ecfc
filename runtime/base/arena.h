// A bump allocator for the temporaries of one event: freed all at once by Reset, which keeps the blocks, so that a warm
// arena allocates nothing. Not thread-safe; one owner.
#ifndef EDICT_RUNTIME_BASE_ARENA_H_
#define EDICT_RUNTIME_BASE_ARENA_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace edict {

class Arena {
 public:
  explicit Arena(size_t first_block_bytes = size_t{16} * 1024) : next_block_bytes_(first_block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Uninitialised memory, aligned to 16. Never null.
  void* Allocate(size_t bytes) {
    bytes = (bytes + 15) & ~size_t{15};
    if (bytes <= static_cast<size_t>(end_ - cursor_)) {
      char* p = cursor_;
      cursor_ += bytes;
      return p;
    }
    return AllocateSlow(bytes);
  }
  // What is left of the block in use: an Allocate of no more bytes returns its beginning, as it was written.
  std::span<char> Room() const { return {cursor_, static_cast<size_t>(end_ - cursor_) & ~size_t{15}}; }
  template <typename T>
  T* AllocateArray(size_t n) {
    static_assert(alignof(T) <= 16);
    return static_cast<T*>(Allocate(n * sizeof(T)));
  }
  char* Copy(std::string_view text) {
    char* p = static_cast<char*>(Allocate(text.size() + 1));
    if (!text.empty()) std::memcpy(p, text.data(), text.size());
    return p;
  }

  // A place to come back to: Rewind forgets what was allocated since, which nobody may refer to any more. Marks are taken and
  // gone back to like a stack's; memory is kept. Not across a Reset.
  struct Mark {
    size_t block = 0;
    char* cursor = nullptr;  // null: nothing was allocated yet
  };
  Mark Here() const { return {current_, cursor_}; }
  void Rewind(const Mark& mark);
  // Forgets every allocation; memory is kept, except that blocks beyond `keep_bytes` in sum are freed.
  void Reset(size_t keep_bytes = 1 << 20) {
    if (cursor_ != begin_ || reserved_ > keep_bytes) Empty(keep_bytes);
  }
  // Bytes held from the system.
  size_t reserved_bytes() const { return reserved_; }

 private:
  struct Block {
    std::unique_ptr<char[]> memory;
    size_t bytes;
  };
  void* AllocateSlow(size_t bytes);
  void Use(size_t block);
  void Empty(size_t keep_bytes);

  std::vector<Block> blocks_;
  size_t current_ = 0;
  char* begin_ = nullptr;  // of the first block
  char* cursor_ = nullptr;
  char* end_ = nullptr;
  size_t next_block_bytes_;
  size_t reserved_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_ARENA_H_
