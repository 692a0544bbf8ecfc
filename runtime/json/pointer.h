// JSON Pointer (RFC 6901) over the tape: finding a place by its pointer, and writing pointers.
#ifndef EDICT_RUNTIME_JSON_POINTER_H_
#define EDICT_RUNTIME_JSON_POINTER_H_

#include <string>
#include <string_view>

#include "runtime/value/json_node.h"

namespace edict {

// Whether the text is a JSON Pointer: empty, or "/" and reference tokens with only ~0 and ~1 as escapes.
bool IsPointer(std::string_view pointer);
// The value at the pointer, or null where there is none (or the pointer is malformed).
const JsonNode* ResolvePointer(const JsonNode& root, std::string_view pointer);
// Appends "/" and the token with ~ and / escaped.
void AppendToken(std::string& pointer, std::string_view token);

}  // namespace edict

#endif  // EDICT_RUNTIME_JSON_POINTER_H_
