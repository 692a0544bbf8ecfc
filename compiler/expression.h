// One CEL expression by itself, without rules: what `edict eval` and the CEL conformance suite run.
#ifndef EDICT_COMPILER_EXPRESSION_H_
#define EDICT_COMPILER_EXPRESSION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/types.h"
#include "compiler/source/limits.h"
#include "compiler/source/source.h"
#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::compiler {

// A variable, or by its `decl` a function that only the checker knows.
struct Variable {
  std::string name;  // may be dotted
  // Its declaration as text-format cel.expr.Decl (`name: "x" ident { type { primitive: INT64 } }`), which also gives the
  // name; empty: see `type`.
  std::string decl;
  // Where there is no `decl`: its type as users write it, "list(int)" (sema/type_text.h); empty: dyn.
  std::string type = {};
};

// A message type that declarations may name: its fields can be read and have types.
struct MessageField {
  std::string_view name;
  std::string_view type;  // as signatures write it: "int", "list(string)", "wrapper(int)", the name of a message type
};
struct MessageType {
  std::string_view name;
  const MessageField* fields = nullptr;
  size_t field_count = 0;
};

struct ExpressionOptions {
  std::string text;
  std::vector<Variable> variables;
  std::vector<MessageType> messages;  // their text must outlive the call
  std::string container;              // of name resolution
  bool unchecked = false;             // CEL without its type checker: what does not fit is an error of the evaluation
  bool macros = true;                 // false: has, all, map ... are functions like any other
  bool fold = false;                  // compute what depends on constants only, as the rules' passes do; it then costs no fuel
  source::Limits limits = {};
};

struct Expression {
  // Null if there are errors. The variables are locals 0, 1, ...
  std::shared_ptr<const Program> program;
  uint32_t node = kNone;
  std::string type;                    // deduced, as users write it: "list(int)"
  std::string type_proto;              // the same as text-format cel.expr.Type
  std::vector<std::string> variables;  // names, by local; of a name given twice the last counts
  std::unique_ptr<source::SourceSet> sources;
  diag::Diagnostics diagnostics;
};

// A declaration that cannot be read is an Error; what is wrong with the expression is a diagnostic.
Result<Expression> CompileExpression(const ExpressionOptions& options);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_EXPRESSION_H_
