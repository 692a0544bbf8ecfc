// The state that a Program declares, as `inspect --stage state` shows it.
#ifndef EDICT_RUNTIME_CLI_STATE_TEXT_H_
#define EDICT_RUNTIME_CLI_STATE_TEXT_H_

#include <string>

#include "runtime/program/program.h"

namespace edict::cli {

// A line for each declaration with its bounds and the most bytes that it can take in one stream; then the sum.
std::string StateText(const Program& program);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_STATE_TEXT_H_
