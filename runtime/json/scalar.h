// Reading the scalars of a JSON text. For runtime/json only.
#ifndef EDICT_RUNTIME_JSON_SCALAR_H_
#define EDICT_RUNTIME_JSON_SCALAR_H_

#include <bit>
#include <cstddef>

#include "runtime/base/arena.h"
#include "runtime/json/text_block.h"
#include "runtime/value/json_node.h"

namespace edict::json {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Each reads the scalar that starts at text[at] into `node` and returns the byte behind it, or 0 with `error` set to what is
// wrong; `at` then names the place. The text is `size` bytes, followed by at least 64 readable zero bytes; that strings are
// closed and hold no control characters is known from stage 1.
inline size_t ReadString(const char* text, size_t& at, Arena& arena, JsonNode& node, const char*& error);
size_t ReadNumber(const char* text, size_t size, size_t& at, JsonNode& node, const char*& error);
size_t ReadLiteral(const char* text, size_t size, size_t& at, JsonNode& node, const char*& error);

// The rest of ReadString: the first byte at `start` or behind it that is not plain, at text[i], is no closing quote.
size_t ReadEscapedString(const char* text, size_t start, size_t i, size_t& at, Arena& arena, JsonNode& node, const char*& error);

inline size_t ReadString(const char* text, size_t& at, Arena& arena, JsonNode& node, const char*& error) {
  const size_t start = at + 1;
  size_t i = start;
  TextBlock block = LookAt(text + i);
  for (; block.special == 0; block = LookAt(text + i)) i += TextBlock::kBytes;
  i += static_cast<size_t>(std::countr_zero(block.special));
  node.kind = JsonKind::kString;
  if (text[i] != '"') return ReadEscapedString(text, start, i, at, arena, node, error);
  node.s = text + start;
  node.size = static_cast<uint32_t>(i - start);
  return i + 1;
}

}  // namespace edict::json

#endif  // EDICT_RUNTIME_JSON_SCALAR_H_
