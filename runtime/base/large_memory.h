// LargeMemory: one large piece of memory of its own, in huge pages where the system has them, so that finding a page takes no time
// where it is read all over.
#ifndef EDICT_RUNTIME_BASE_LARGE_MEMORY_H_
#define EDICT_RUNTIME_BASE_LARGE_MEMORY_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace edict {

class LargeMemory {
 public:
  static constexpr size_t kHugePage = 2u << 20;

  // Uninitialised, aligned as by malloc. Less than a huge page is in pages of the usual size. Throws std::bad_alloc.
  explicit LargeMemory(size_t bytes);

  char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  // It is the caller's, for std::free.
  char* Release() { return bytes_.release(); }

 private:
  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  size_t size_;
  std::unique_ptr<char, Free> bytes_;
};

// For containers that may become large.
template <typename T>
struct LargeAllocator {
  using value_type = T;

  LargeAllocator() = default;
  template <typename U>
  explicit(false) LargeAllocator(const LargeAllocator<U>&) {}  // as allocators are made of each other

  T* allocate(size_t n) { return static_cast<T*>(static_cast<void*>(LargeMemory(n * sizeof(T)).Release())); }
  void deallocate(T* memory, size_t) { std::free(memory); }
  bool operator==(const LargeAllocator&) const { return true; }
};

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_LARGE_MEMORY_H_
