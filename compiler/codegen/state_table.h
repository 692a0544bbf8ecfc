// Expressions that depend on nothing but the state of one lifecycle's key: what they give and take in each state. Transitions make
// such ones, "is the state one of those", "the state that comes next", which become a look into a table in place of a comparison
// with one state after the other.
#ifndef EDICT_COMPILER_CODEGEN_STATE_TABLE_H_
#define EDICT_COMPILER_CODEGEN_STATE_TABLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/program/program.h"

namespace edict::codegen {

struct StateTable {
  uint32_t state = kNone;   // the node that reads the state, by one key
  Kind kind = Kind::kBool;  // or kInt
  // By state.
  std::vector<int64_t> values;
  std::vector<uint64_t> fuel;  // that the interpreter takes, but for the key
  uint32_t comparisons = 0;    // in the expression
};

// None: it reads something else, has other operations than == != && || ! ?: of ints and bools, or there are too many states.
std::optional<StateTable> MakeStateTable(const Program& program, uint32_t node);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_STATE_TABLE_H_
