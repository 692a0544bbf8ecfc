// The machine that native code is made for: this one, or one that is named.
#ifndef EDICT_COMPILER_CODEGEN_TARGET_H_
#define EDICT_COMPILER_CODEGEN_TARGET_H_

#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

#include "runtime/base/result.h"

namespace edict::codegen {

struct Target {
  std::string triple;
  std::string cpu;
  std::string features;  // "+sse2,-avx512f"...
};

// This machine, with all that it has. Found once.
const Target& HostTarget();

// As CodegenOptions::cpu says. An Error: there is no such CPU.
Result<Target> TargetFor(const std::string& cpu);

// For position-independent code. One belongs to one thread.
Result<std::unique_ptr<llvm::TargetMachine>> MakeTargetMachine(const Target& target);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_TARGET_H_
