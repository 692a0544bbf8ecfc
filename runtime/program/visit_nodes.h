// The nodes of an expression, operands and all.
#ifndef EDICT_RUNTIME_PROGRAM_VISIT_NODES_H_
#define EDICT_RUNTIME_PROGRAM_VISIT_NODES_H_

#include <cstdint>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

// Calls `visit(node)` for the root and what is below it, until that gives false. `first(id)`: whether the node is met for the first
// time; others are left out, with what is below them. `root` may be kNone. Without recursion: expressions may be deep.
template <typename First, typename Visit>
void VisitNodes(const Program& program, uint32_t root, const First& first, const Visit& visit) {
  std::vector<uint32_t> open = {root};
  while (!open.empty()) {
    const uint32_t id = open.back();
    open.pop_back();
    if (id == kNone || !first(id)) continue;
    const Node& node = program.nodes[id];
    if (!visit(node)) return;
    for (uint32_t i = 0; i < node.arg_count; ++i) open.push_back(program.args[node.args + i]);
  }
}

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_VISIT_NODES_H_
