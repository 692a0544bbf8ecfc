// A value as JSON text, by the mapping that json_binding.h reads: what JSON has no kind for (bytes, times, NaN) is a string,
// an empty optional is null, keys of maps are strings.
#ifndef EDICT_RUNTIME_CLI_JSON_VALUE_H_
#define EDICT_RUNTIME_CLI_JSON_VALUE_H_

#include <string>

#include "runtime/value/value.h"

namespace edict::cli {

// One line, ", " and ": " between parts. The value is no error.
std::string ToJson(const Value& value);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_JSON_VALUE_H_
