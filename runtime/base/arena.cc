#include "runtime/base/arena.h"

#include <algorithm>

namespace edict {

void Arena::Use(size_t block) {
  current_ = block;
  cursor_ = blocks_[block].memory.get();
  end_ = cursor_ + blocks_[block].bytes;
  begin_ = blocks_[0].memory.get();
}

void* Arena::AllocateSlow(size_t bytes) {
  while (current_ + 1 < blocks_.size()) {
    Use(current_ + 1);
    if (bytes <= static_cast<size_t>(end_ - cursor_)) return Allocate(bytes);
  }
  size_t size = std::max(bytes, next_block_bytes_);
  next_block_bytes_ = std::min<size_t>(next_block_bytes_ * 2, 4 << 20);
  // operator new[] aligns to 16 on this platform (__STDCPP_DEFAULT_NEW_ALIGNMENT__).
  blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
  reserved_ += size;
  Use(blocks_.size() - 1);
  return Allocate(bytes);
}

void Arena::Rewind(const Mark& mark) {
  if (blocks_.empty()) return;
  Use(mark.block);
  if (mark.cursor != nullptr) cursor_ = mark.cursor;
}

void Arena::Empty(size_t keep_bytes) {
  while (reserved_ > keep_bytes && !blocks_.empty()) {
    reserved_ -= blocks_.back().bytes;
    blocks_.pop_back();
  }
  if (blocks_.empty()) {
    begin_ = cursor_ = end_ = nullptr;
    current_ = 0;
    next_block_bytes_ = 16 * 1024;
  } else {
    Use(0);
  }
}

}  // namespace edict
