// Text in, AST out. Syntax errors become diagnostics, as many independent ones as can be found in one go; the
// source may be hostile: what passes a limit is a diagnostic too, never a crash. ANTLR stays inside this
// folder.
#ifndef EDICT_COMPILER_PARSE_PARSE_H_
#define EDICT_COMPILER_PARSE_PARSE_H_

#include <cstdint>
#include <string>

#include "compiler/ast/ast.h"
#include "compiler/ast/expr.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/source/limits.h"
#include "compiler/source/source.h"

namespace edict::parse {

using ParseLimits = source::Limits;

// Parses a file of `sources`. The AST holds what is whole: a clause or declaration with a syntax error is
// left out, a faulty literal stands as some literal of its kind. No pointer that ast.h does not call nullable
// is null, errors or not.
ast::File ParseFile(uint32_t file_id, const source::SourceSet& sources, const ParseLimits& limits, diag::Diagnostics& diagnostics);

// Parses a file that is one CEL expression. Null if it had an error.
ast::ExprPtr ParseExpression(uint32_t file_id, const source::SourceSet& sources, const ParseLimits& limits,
                             diag::Diagnostics& diagnostics);

// The tokens of a rule file, one a line: "line:column KIND text". Comments are included.
std::string DumpTokens(uint32_t file_id, const source::SourceSet& sources, const ParseLimits& limits,
                       diag::Diagnostics& diagnostics);

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_PARSE_H_
