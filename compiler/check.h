// Compiling to see what is wrong, without running anything: a folder may hold several packages that do not go together
// (two versions of one protocol), so each package of a folder is a rule set of its own.
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

// Rule sets: all roots that are no folders together, and each package of each folder. A root that cannot be opened is an
// Error.
Result<CheckResult> Check(const CompileOptions& options);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_CHECK_H_
