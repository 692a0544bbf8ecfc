#include "runtime/base/large_memory.h"

#include <sys/mman.h>

namespace edict {

LargeMemory::LargeMemory(size_t bytes) : size_(bytes) {
  const bool huge = bytes >= kHugePage;
  if (huge) bytes = (bytes + kHugePage - 1) / kHugePage * kHugePage;
  bytes_.reset(static_cast<char*>(huge ? std::aligned_alloc(kHugePage, bytes) : std::malloc(bytes)));
  if (bytes_ == nullptr) throw std::bad_alloc();
  // Where it is refused, pages are of the usual size.
  if (huge) ::madvise(bytes_.get(), bytes, MADV_HUGEPAGE);
}

}  // namespace edict
