// StreamKey: the text of a stream's key. Where it is no longer than most names of sessions, UUIDs among them, it lies here, to be
// read with what stands beside it.
#ifndef EDICT_RUNTIME_ENGINE_STREAM_KEY_H_
#define EDICT_RUNTIME_ENGINE_STREAM_KEY_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace edict {

class StreamKey {
 public:
  explicit StreamKey(std::string_view text) : long_(text.size() > kShort ? new char[text.size()] : nullptr), size_(text.size()) {
    if (!text.empty()) std::memcpy(long_ != nullptr ? long_.get() : short_, text.data(), text.size());
  }

  std::string_view text() const { return {long_ != nullptr ? long_.get() : short_, size_}; }
  // Memory beside the key itself.
  size_t bytes() const { return long_ != nullptr ? size_ : 0; }

 private:
  static constexpr size_t kShort = 40;

  std::unique_ptr<char[]> long_;  // null: the text is short
  size_t size_;
  char short_[kShort] = {};
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_STREAM_KEY_H_
