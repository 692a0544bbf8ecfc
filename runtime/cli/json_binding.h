// Values of declared types from JSON, by the mapping that protobuf uses between JSON and CEL's types: bytes are base64,
// timestamps RFC 3339, durations "1.5s"; int and uint may be strings, since JSON readers lose digits beyond 2^53; null is
// an empty optional; the keys of a map are written as strings.
#ifndef EDICT_RUNTIME_CLI_JSON_BINDING_H_
#define EDICT_RUNTIME_CLI_JSON_BINDING_H_

#include "compiler/sema/types.h"
#include "runtime/base/arena.h"
#include "runtime/base/result.h"
#include "runtime/value/json_node.h"
#include "runtime/value/value.h"

namespace edict::cli {

// The value, in `arena` and the tape of `json`. Where it does not fit, the Error says what is there, what is declared, and,
// inside lists and maps, where: "[2]: \"a\" is no int".
Result<Value> BindJson(const JsonNode& json, sema::TypeRef type, Arena& arena);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_JSON_BINDING_H_
