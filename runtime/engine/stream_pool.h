// StreamPool: memory of the streams of one StreamTable, which are many, alike in size and asked for in any order: side by side, the
// more of them the larger the pieces, in huge pages in the end. Memory of streams that have ended is used again by the next; it is
// given back with the pool. One owner; not thread-safe.
#ifndef EDICT_RUNTIME_ENGINE_STREAM_POOL_H_
#define EDICT_RUNTIME_ENGINE_STREAM_POOL_H_

#include <cstddef>
#include <vector>

#include "runtime/base/large_memory.h"

namespace edict {

class StreamPool {
 public:
  StreamPool() = default;
  StreamPool(const StreamPool&) = delete;
  StreamPool& operator=(const StreamPool&) = delete;

  // Aligned to kAlign; until Give with the same number of bytes. Throws std::bad_alloc.
  void* Take(size_t bytes);
  void Give(void* memory, size_t bytes);

  static constexpr size_t kAlign = 64;

 private:
  struct Block {
    Block* next;
  };
  // Rules differ in what their streams take, so that there are few of them.
  struct OfSize {
    size_t bytes;
    Block* free;
  };

  Block*& FreeOf(size_t bytes);

  std::vector<LargeMemory> pieces_;
  char* at_ = nullptr;  // in the last piece: what nobody has had yet
  char* end_ = nullptr;
  std::vector<OfSize> free_;
};

// Where a stream lies, with so many bytes for its state behind it.
class StreamPlace {
 public:
  // Null: in memory of its own.
  StreamPlace(StreamPool* pool, size_t state_bytes) : pool_(pool), state_bytes_(state_bytes) {}

  size_t state_bytes() const { return state_bytes_; }
  void* Take(size_t size) const;
  void Give(void* memory, size_t size) const;

 private:
  StreamPool* pool_;
  size_t state_bytes_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_STREAM_POOL_H_
