// What an object of native code is made of, as bytes: equal bytes, equal object. Identifies objects on disk.
#ifndef EDICT_COMPILER_CODEGEN_IDENTITY_H_
#define EDICT_COMPILER_CODEGEN_IDENTITY_H_

#include <string>

#include "compiler/codegen/codegen.h"

namespace edict::codegen {

// The Program, the options, the target, LLVM's version, and kBuildIdentity.
std::string ObjectIdentity(const Program& program, const CodegenOptions& options);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_IDENTITY_H_
