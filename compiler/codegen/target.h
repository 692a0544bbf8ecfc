// The machine that native code is made for: this one.
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

// Found once.
const Target& HostTarget();

// For position-independent code. One belongs to one thread.
Result<std::unique_ptr<llvm::TargetMachine>> MakeTargetMachine();

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_TARGET_H_
