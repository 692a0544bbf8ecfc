// Compiling to see what is wrong, without running anything.
#ifndef EDICT_COMPILER_CHECK_H_
#define EDICT_COMPILER_CHECK_H_

#include <memory>

#include "compiler/compiler.h"

namespace edict::compiler {

struct CheckResult {
  // Of all rule sets together, each thing once; spans refer to `sources`.
  diag::Diagnostics diagnostics;
  std::unique_ptr<source::SourceSet> sources;
};

// Each rule set by itself (compiler/rule_sets.h). A root that cannot be opened is an Error.
Result<CheckResult> Check(const CompileOptions& options);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_CHECK_H_
