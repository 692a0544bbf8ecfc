// Reading the scalars of a JSON text. For runtime/json only.
#ifndef EDICT_RUNTIME_JSON_SCALAR_H_
#define EDICT_RUNTIME_JSON_SCALAR_H_

#include <cstddef>

#include "runtime/base/arena.h"
#include "runtime/value/json_node.h"

namespace edict::json {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Each reads the scalar that starts at text[at] into `node` and returns the byte behind it, or 0 with `error` set to what is
// wrong; `at` then names the place. The text is `size` bytes, followed by at least 64 readable zero bytes; that strings are
// closed and hold no control characters is known from stage 1.
size_t ReadString(const char* text, size_t& at, Arena& arena, JsonNode& node, const char*& error);
size_t ReadNumber(const char* text, size_t size, size_t& at, JsonNode& node, const char*& error);
size_t ReadLiteral(const char* text, size_t size, size_t& at, JsonNode& node, const char*& error);

}  // namespace edict::json

#endif  // EDICT_RUNTIME_JSON_SCALAR_H_
