#include "compiler/ir/tree_sizes.h"

#include <algorithm>

namespace edict::ir {

std::vector<uint32_t> TreeSizes(const Program& program) {
  std::vector<uint32_t> sizes(program.nodes.size());
  for (size_t id = 0; id < sizes.size(); ++id) {
    const Node& node = program.nodes[id];
    uint64_t size = 1;
    for (uint32_t i = 0; i < node.arg_count; ++i) size += sizes[program.args[node.args + i]];
    sizes[id] = static_cast<uint32_t>(std::min<uint64_t>(size, UINT32_MAX));
  }
  return sizes;
}

}  // namespace edict::ir
