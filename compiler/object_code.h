// Object code of a rule set for a CPU, not necessarily this one: what `edict build` puts into an artefact.
#ifndef EDICT_COMPILER_OBJECT_CODE_H_
#define EDICT_COMPILER_OBJECT_CODE_H_

#include <string>

#include "runtime/artefact/artefact.h"
#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::compiler {

// `cpu`: "host", or one of x86-64 by LLVM's name (x86-64, x86-64-v2, x86-64-v3, skylake...). An Error: there is no such CPU.
Result<ObjectCode> MakeObjectCode(const Program& program, const std::string& cpu);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_OBJECT_CODE_H_
