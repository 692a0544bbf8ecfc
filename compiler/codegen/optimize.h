// LLVM's passes over one module.
#ifndef EDICT_COMPILER_CODEGEN_OPTIMIZE_H_
#define EDICT_COMPILER_CODEGEN_OPTIMIZE_H_

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "runtime/base/result.h"

namespace edict::codegen {

// `level`: 0 what costs next to nothing and leaves less for instruction selection, 1 for large modules, 2 runs fastest.
Status Optimize(llvm::Module& module, llvm::TargetMachine& machine, int level);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_OPTIMIZE_H_
