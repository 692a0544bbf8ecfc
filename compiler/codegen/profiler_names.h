// Names by which debuggers and profilers show generated functions.
#ifndef EDICT_COMPILER_CODEGEN_PROFILER_NAMES_H_
#define EDICT_COMPILER_CODEGEN_PROFILER_NAMES_H_

#include <llvm/IR/Module.h>

#include <cstdint>

#include "runtime/program/program.h"

namespace edict::codegen {

// Second names of an event type's functions, which the module defines: "edict:rules:TEXT_MESSAGE_CONTENT" for the verdict and
// "edict:read:TEXT_MESSAGE_CONTENT" for the extraction. They are local, so that equal ones do not clash, and linking drops them
// unless somebody asked for them (compiler/orc/link_orc.h).
void AddProfilerNames(llvm::Module& module, const Program& program, uint32_t event);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_PROFILER_NAMES_H_
