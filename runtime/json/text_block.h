// Sixteen bytes of a JSON string at once. For runtime/json only.
#ifndef EDICT_RUNTIME_JSON_TEXT_BLOCK_H_
#define EDICT_RUNTIME_JSON_TEXT_BLOCK_H_

#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace edict::json {

// Bit i: of byte i of a block.
struct TextBlock {
  static constexpr uint32_t kBytes = 16;
  uint32_t special;  // a quote, a backslash or a control character
  uint32_t high;     // not ASCII
};

#ifdef __SSE2__
inline TextBlock LookAt(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i special = _mm_or_si128(_mm_or_si128(quote, backslash), control);
  return {static_cast<uint32_t>(_mm_movemask_epi8(special)), static_cast<uint32_t>(_mm_movemask_epi8(bytes))};
}
#else
inline TextBlock LookAt(const char* at) {
  TextBlock block{0, 0};
  for (uint32_t i = 0; i < TextBlock::kBytes; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    if (byte == '"' || byte == '\\' || byte < 0x20) block.special |= 1u << i;
    if (byte >= 0x80) block.high |= 1u << i;
  }
  return block;
}
#endif

}  // namespace edict::json

#endif  // EDICT_RUNTIME_JSON_TEXT_BLOCK_H_
