// Names by which debuggers and profilers show generated functions.
#ifndef EDICT_COMPILER_CODEGEN_PROFILER_NAMES_H_
#define EDICT_COMPILER_CODEGEN_PROFILER_NAMES_H_

#include <llvm/IR/Module.h>

#include <cstdint>
#include <string>

#include "runtime/program/program.h"

namespace edict::codegen {

// "edict:rules:TEXT_MESSAGE_CONTENT". `purpose`: "rules" for the verdict, "read" for the extraction.
std::string ProfilerName(const char* purpose, const Program& program, uint32_t event);

// Second names of an event type's functions, which the module defines. They are local, so that equal ones do not clash, and
// linking drops them unless somebody asked for them (compiler/orc/link_orc.h).
void AddProfilerNames(llvm::Module& module, const Program& program, uint32_t event);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_PROFILER_NAMES_H_
