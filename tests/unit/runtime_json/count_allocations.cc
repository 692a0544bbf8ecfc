// Counts what operator new hands out. On its own, since the compiler must not see through it into its callers. All forms
// that are in use are replaced: simdjson's parser comes from the nothrow one and goes to the plain delete.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> allocations{0};

void* Count(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(bytes == 0 ? 1 : bytes);
}
void* CountOrAbort(size_t bytes) {
  if (void* p = Count(bytes)) return p;
  std::abort();
}

}  // namespace

uint64_t AllocationCount() { return allocations.load(); }

void* operator new(size_t bytes) { return CountOrAbort(bytes); }
void* operator new[](size_t bytes) { return CountOrAbort(bytes); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return Count(bytes); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return Count(bytes); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }
void operator delete[](void* p, size_t) noexcept { std::free(p); }
