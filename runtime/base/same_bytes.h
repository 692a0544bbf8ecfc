// Comparing short texts many bytes at a time.
#ifndef EDICT_RUNTIME_BASE_SAME_BYTES_H_
#define EDICT_RUNTIME_BASE_SAME_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace edict {

inline constexpr uint32_t kSameBytesWindow = 32;

// Bit i: a[i] == b[i], of 32 bytes, which must be readable.
#ifdef __SSE2__
inline uint32_t SameBytes(const char* a, const char* b) {
  const auto half = [&](size_t at) {
    const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + at));
    const __m128i y = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + at));
    return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)));
  };
  return half(0) | half(16) << 16;
}
#else
inline uint32_t SameBytes(const char* a, const char* b) {
  uint32_t bits = 0;
  for (uint32_t i = 0; i < kSameBytesWindow; ++i) bits |= static_cast<uint32_t>(a[i] == b[i]) << i;
  return bits;
}
#endif

// Whether two texts of that size are the same. Reads nothing beyond them.
inline bool SameText(const char* a, const char* b, size_t size) {
#ifdef __SSE2__
  if (size >= 16 && size <= 64) {
    const auto same = [&](size_t at) {
      return _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + at)),
                            _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + at)));
    };
    __m128i all = _mm_and_si128(same(0), same(size - 16));
    if (size > 32) all = _mm_and_si128(all, _mm_and_si128(same(16), same(size - 32)));
    return _mm_movemask_epi8(all) == 0xffff;
  }
#endif
  const auto same_words = [&]<typename Word>(Word) {
    const auto load = [](const char* at) {
      Word word;
      std::memcpy(&word, at, sizeof word);
      return word;
    };
    return load(a) == load(b) && load(a + size - sizeof(Word)) == load(b + size - sizeof(Word));
  };
  if (size >= 8 && size < 16) return same_words(uint64_t{});
  if (size >= 4 && size < 8) return same_words(uint32_t{});
  return size == 0 || std::memcmp(a, b, size) == 0;  // of no bytes there may be no address
}

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_SAME_BYTES_H_
