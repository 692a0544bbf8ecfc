// FixedArray: an array in memory of someone else, who knows how many elements it will have at most. Several of them share one
// piece: very many streams have a few small arrays each.
#ifndef EDICT_RUNTIME_STATE_FIXED_ARRAY_H_
#define EDICT_RUNTIME_STATE_FIXED_ARRAY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace edict {

template <typename T>
class FixedArray {
 public:
  FixedArray() = default;
  FixedArray(const FixedArray&) = delete;
  FixedArray& operator=(const FixedArray&) = delete;
  FixedArray(FixedArray&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  ~FixedArray() { std::destroy_n(data_, size_); }

  // Takes its part from `memory`, which is aligned for T and outlives the array.
  void Place(std::byte*& memory, size_t elements) {
    data_ = reinterpret_cast<T*>(memory);
    memory += elements * sizeof(T);
  }
  // No more often than there are elements placed.
  template <typename... Args>
  T& Add(Args&&... args) {
    return *new (&data_[size_++]) T(std::forward<Args>(args)...);
  }

  uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

 private:
  T* data_ = nullptr;
  uint32_t size_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_FIXED_ARRAY_H_
