// JSON text of constants, for the events of tests.
#ifndef EDICT_COMPILER_LOWER_JSON_TEXT_H_
#define EDICT_COMPILER_LOWER_JSON_TEXT_H_

#include <string>
#include <string_view>

#include "runtime/value/value.h"

namespace edict::lower {

void AppendJsonText(std::string& out, std::string_view text);
// False for what JSON cannot write: bytes, timestamps, infinities ... `out` is then of no use.
bool AppendJsonText(std::string& out, const Value& value);

}  // namespace edict::lower

#endif  // EDICT_COMPILER_LOWER_JSON_TEXT_H_
