// The dependency graph of a Program as text, JSON or Graphviz's dot: `edict inspect --stage deps`.
#ifndef EDICT_RUNTIME_CLI_DEPS_TEXT_H_
#define EDICT_RUNTIME_CLI_DEPS_TEXT_H_

#include <string>

#include "runtime/program/program.h"

namespace edict::cli {

// What each rule, lifecycle, handler ... reads, writes, calls and waits for, then who writes and who reads each state.
std::string DepsText(const Program& program);
// {"version": 1, "dependencies": [{"from", "kind", "to"}]}, an edge each, in the order of the source.
std::string DepsJson(const Program& program);
std::string DepsDot(const Program& program);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_DEPS_TEXT_H_
