// Inputs of commands that judge events.
#ifndef EDICT_RUNTIME_CLI_READ_INPUT_H_
#define EDICT_RUNTIME_CLI_READ_INPUT_H_

#include <functional>
#include <string>
#include <string_view>

#include "runtime/json/framing.h"

namespace edict::cli {

// Of --input; "streams" is framed as ndjson.
InputFormat InputFormatOf(const std::string& name);

// All bytes of a file, or of standard input where `name` is -, piece by piece. False: it could not be read, which standard error
// says.
bool ReadInput(const std::string& name, const std::function<void(std::string_view)>& piece);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_READ_INPUT_H_
