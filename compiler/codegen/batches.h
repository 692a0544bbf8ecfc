// What is compiled together. A Program's functions are spread over modules, so that several threads can work on them; in a
// way that depends on the Program only, so that the same Program gives the same objects.
#ifndef EDICT_COMPILER_CODEGEN_BATCHES_H_
#define EDICT_COMPILER_CODEGEN_BATCHES_H_

#include <cstdint>
#include <vector>

#include "runtime/program/program.h"

namespace edict::codegen {

// The functions of one module.
struct Batch {
  std::vector<uint32_t> events;  // event types: verdict and extraction
  std::vector<uint32_t> shapes;  // that extraction calls
  std::vector<uint32_t> values;  // positions in CodegenOptions::values
  uint64_t weight = 0;           // about how many instructions
};

// At least one. `value_count`: size of CodegenOptions::values.
std::vector<Batch> MakeBatches(const Program& program, uint32_t value_count);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_BATCHES_H_
