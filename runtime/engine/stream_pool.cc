#include "runtime/engine/stream_pool.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(memory, bytes) (static_cast<void>(memory), static_cast<void>(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(memory, bytes) (static_cast<void>(memory), static_cast<void>(bytes))
#endif

namespace edict {
namespace {

constexpr size_t kFirstPiece = 16u << 10;

size_t Rounded(size_t bytes) { return (bytes + StreamPool::kAlign - 1) / StreamPool::kAlign * StreamPool::kAlign; }

}  // namespace

StreamPool::Block*& StreamPool::FreeOf(size_t bytes) {
  for (OfSize& of_size : free_) {
    if (of_size.bytes == bytes) return of_size.free;
  }
  return free_.emplace_back(OfSize{bytes, nullptr}).free;
}

void* StreamPool::Take(size_t bytes) {
  bytes = Rounded(bytes);
  Block*& free = FreeOf(bytes);
  if (free != nullptr) {
    Block* const block = free;
    ASAN_UNPOISON_MEMORY_REGION(block, bytes);
    free = block->next;
    return block;
  }
  if (bytes > static_cast<size_t>(end_ - at_)) {
    const size_t doubled = pieces_.empty() ? kFirstPiece : 2 * pieces_.back().size();
    size_t size = std::min(doubled, LargeMemory::kHugePage);
    if (bytes + kAlign > size) size = bytes + kAlign;
    const LargeMemory& piece = pieces_.emplace_back(size);
    const size_t skew = (kAlign - reinterpret_cast<uintptr_t>(piece.data()) % kAlign) % kAlign;
    at_ = piece.data() + skew;
    end_ = piece.data() + piece.size();
  }
  return std::exchange(at_, at_ + bytes);
}

void StreamPool::Give(void* memory, size_t bytes) {
  bytes = Rounded(bytes);
  Block*& free = FreeOf(bytes);
  free = new (memory) Block{free};
  ASAN_POISON_MEMORY_REGION(memory, bytes);
}

void* StreamPlace::Take(size_t size) const {
  const size_t bytes = size + state_bytes_;
  return pool_ != nullptr ? pool_->Take(bytes) : ::operator new(bytes, std::align_val_t(StreamPool::kAlign));
}

void StreamPlace::Give(void* memory, size_t size) const {
  if (pool_ != nullptr) return pool_->Give(memory, size + state_bytes_);
  ::operator delete(memory, std::align_val_t(StreamPool::kAlign));
}

}  // namespace edict
