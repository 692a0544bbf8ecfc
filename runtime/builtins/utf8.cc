#include "runtime/builtins/utf8.h"

#include <cstring>

namespace edict::builtins {
namespace {

// Decodes one character; 0 bytes where it is malformed.
uint32_t Decode(std::string_view text, size_t at, uint32_t* code) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  unsigned char lead = byte(0);
  if (lead < 0x80) {
    *code = lead;
    return 1;
  }
  uint32_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < bytes) return 0;
  uint32_t value = lead & (0xff >> (bytes + 1));
  for (uint32_t i = 1; i < bytes; ++i) {
    if (!IsContinuation(text[at + i])) return 0;
    value = value << 6 | (byte(i) & 0x3f);
  }
  if ((bytes == 3 && value < 0x800) || (bytes == 4 && (value < 0x10000 || value > 0x10ffff))) return 0;
  *code = value;
  return bytes;
}

bool IsSurrogate(uint32_t code) { return code >= 0xd800 && code < 0xe000; }

// What a surrogate of three bytes holds.
uint32_t HalfBits(const char* text) { return (text[1] & 0x0fu) << 6 | (text[2] & 0x3fu); }

// How many bytes from the start are ASCII, at least; by words, and the rest of the text only if all of it is.
size_t AsciiPrefix(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t at = 0;
  uint64_t word = 0;
  for (; text.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) return at;
  }
  if (at == text.size()) return at;
  if (text.size() >= sizeof word) {  // overlaps what was seen
    std::memcpy(&word, text.data() + text.size() - sizeof word, sizeof word);
    return (word & kHighBits) == 0 ? text.size() : at;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

uint32_t CharacterBytes(std::string_view text, size_t at) {
  uint32_t code;
  uint32_t bytes = Decode(text, at, &code);
  return bytes == 0 ? 1 : bytes;
}

uint32_t NextCodePoint(std::string_view text, size_t& at) {
  uint32_t code;
  uint32_t bytes = Decode(text, at, &code);
  at += bytes == 0 ? 1 : bytes;
  return bytes == 0 ? 0xfffd : code;
}

uint64_t CountCodePoints(std::string_view text) {
  size_t at = AsciiPrefix(text);
  uint64_t count = at;
  for (; at < text.size(); ++count) at += CharacterBytes(text, at);
  return count;
}

size_t ByteOfCodePoint(std::string_view text, uint64_t index) {
  size_t at = 0;
  for (; index > 0; --index) {
    if (at >= text.size()) return std::string_view::npos;
    at += CharacterBytes(text, at);
  }
  return at;
}

bool IsUtf8(std::string_view text, bool surrogates) {
  for (size_t at = 0; at < text.size();) {
    uint32_t code;
    uint32_t bytes = Decode(text, at, &code);
    if (bytes == 0 || (!surrogates && IsSurrogate(code))) return false;
    at += bytes;
  }
  return true;
}

void TextBuilder::Append(std::string_view piece) {
  if (HalvesMeet({data_, size_}, piece)) {
    uint32_t code = 0x10000 + (HalfBits(data_ + size_ - 3) << 10 | HalfBits(piece.data()));
    char* to = data_ + size_ - 3;
    to[0] = static_cast<char>(0xf0 | code >> 18);
    to[1] = static_cast<char>(0x80 | (code >> 12 & 0x3f));
    to[2] = static_cast<char>(0x80 | (code >> 6 & 0x3f));
    to[3] = static_cast<char>(0x80 | (code & 0x3f));
    size_ += 1;
    piece.remove_prefix(3);
  }
  if (!piece.empty()) std::memcpy(data_ + size_, piece.data(), piece.size());
  size_ += piece.size();
}

}  // namespace edict::builtins
