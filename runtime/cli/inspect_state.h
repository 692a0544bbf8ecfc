// What `edict inspect --stage state` shows: what is kept of a stream and how much that can be, and how lifecycles go.
#ifndef EDICT_RUNTIME_CLI_INSPECT_STATE_H_
#define EDICT_RUNTIME_CLI_INSPECT_STATE_H_

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "runtime/program/program.h"

namespace edict::cli {

// Each declaration with its worst case in bytes, and the sum.
std::string StateText(const Program& program);
// {"version": 1, "state": [{kind, name, scope, entries, bytes, states?, beyond?}], "bytes", "limit"}
std::string StateJson(const Program& program);
// The lifecycles as a Graphviz graph: states, and an edge for each event that leads from one to another.
std::string LifecyclesDot(const std::vector<ast::File>& files);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_INSPECT_STATE_H_
