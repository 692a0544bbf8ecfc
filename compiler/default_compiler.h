// The compiler as the runtime knows it (runtime/rules.h), for LoadRules.
#ifndef EDICT_COMPILER_DEFAULT_COMPILER_H_
#define EDICT_COMPILER_DEFAULT_COMPILER_H_

#include "runtime/rules.h"

namespace edict::compiler {

// Without state: one may serve all threads.
class DefaultCompiler final : public RuleCompiler {
 public:
  Result<Rules> Compile(const RuleSource& source) const override;
  Status CompileNative(Engine& engine) const override;
};

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_DEFAULT_COMPILER_H_
