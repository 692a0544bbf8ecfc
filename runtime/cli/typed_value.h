// Values as the CEL conformance suite writes them in JSON: an object with one key, the type, such as {"int": "3"}; also
// null, bool, uint, double, string, bytes_base64, list, map (pairs), type, timestamp and duration ([seconds, nanoseconds]).
// Edict adds {"optional": value or null}.
#ifndef EDICT_RUNTIME_CLI_TYPED_VALUE_H_
#define EDICT_RUNTIME_CLI_TYPED_VALUE_H_

#include <nlohmann/json_fwd.hpp>

#include "runtime/base/result.h"
#include "runtime/value/value.h"

namespace edict::cli {

// The value, in `arena`.
Result<Value> ReadTypedValue(const nlohmann::json& json, Arena& arena);

nlohmann::json WriteTypedValue(const Value& value);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_TYPED_VALUE_H_
