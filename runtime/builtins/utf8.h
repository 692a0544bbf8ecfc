// Code points of WTF-8 text (UTF-8 that may hold lone surrogates), and building such text.
#ifndef EDICT_RUNTIME_BUILTINS_UTF8_H_
#define EDICT_RUNTIME_BUILTINS_UTF8_H_

#include <cstdint>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace edict::builtins {

inline bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Bytes of the character that starts at text[at]; malformed bytes are characters of one byte.
uint32_t CharacterBytes(std::string_view text, size_t at);
// The code point there; U+FFFD for malformed bytes. `at` moves behind it.
uint32_t NextCodePoint(std::string_view text, size_t& at);
uint64_t CountCodePoints(std::string_view text);
// The byte where code point number `index` starts; text.size() if `index` is the count; npos beyond.
size_t ByteOfCodePoint(std::string_view text, uint64_t index);
// Whether it is UTF-8 (`surrogates`: or WTF-8).
bool IsUtf8(std::string_view text, bool surrogates = false);

// Whether `a` ends with a high surrogate and `b` begins with a low one: together they are one character.
inline bool HalvesMeet(std::string_view a, std::string_view b) {
  constexpr char kLead = '\xed';
  if (b.size() < 3 || b[0] != kLead || a.size() < 3 || a[a.size() - 3] != kLead) return false;
  return (a[a.size() - 2] & 0xf0) == 0xa0 && (b[1] & 0xf0) == 0xb0;
}

// Appends pieces into a buffer of fixed capacity. Two halves of a surrogate pair that meet become one character, so that
// the result is WTF-8 again; it is then two bytes shorter.
class TextBuilder {
 public:
  TextBuilder(Arena& arena, uint64_t capacity) : data_(static_cast<char*>(arena.Allocate(capacity))) {}
  void Append(std::string_view piece);
  Value Take() const { return Value::String({data_, size_}); }

 private:
  char* data_;
  size_t size_ = 0;
};

}  // namespace edict::builtins

#endif  // EDICT_RUNTIME_BUILTINS_UTF8_H_
