// How much there is to evaluate: a node that several others share counts in each of them, as it is evaluated for each.
#ifndef EDICT_COMPILER_IR_TREE_SIZES_H_
#define EDICT_COMPILER_IR_TREE_SIZES_H_

#include <cstdint>
#include <vector>

#include "runtime/program/program.h"

namespace edict::ir {

// By node: the operations of the tree below it, itself included; at most UINT32_MAX.
std::vector<uint32_t> TreeSizes(const Program& program);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_TREE_SIZES_H_
