// One CEL expression by itself, without rules: what `edict eval` and the CEL conformance suite run.
#ifndef EDICT_COMPILER_EXPRESSION_H_
#define EDICT_COMPILER_EXPRESSION_H_

#include <memory>
#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/types.h"
#include "compiler/source/source.h"
#include "runtime/program/program.h"

namespace edict::compiler {

// A variable; its value is found in the local of the same position.
struct Variable {
  std::string name;  // may be dotted
  std::string type = "dyn";  // CEL type text, e.g. "map(string, int)"
};

struct ExpressionOptions {
  std::string text;
  std::vector<Variable> variables;
  std::string container;
};

struct Expression {
  // Null if there are errors. The variables are locals 0, 1, ...
  std::shared_ptr<const Program> program;
  uint32_t node = kNone;
  std::string type;  // deduced
  std::unique_ptr<source::SourceSet> sources;
  diag::Diagnostics diagnostics;
};

Expression CompileExpression(const ExpressionOptions& options);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_EXPRESSION_H_
