// The AST as stable text, S-expression-like and without spans: what `edict inspect --stage ast` shows and tests compare.
#ifndef EDICT_COMPILER_AST_PRINT_H_
#define EDICT_COMPILER_AST_PRINT_H_

#include <string>
#include <string_view>

#include "compiler/ast/ast.h"
#include "compiler/ast/expr.h"

namespace edict::ast {

// On one line: (+ a (. b c)), (call f x), (call x .f y), [1 ?x], {"k": v}, (?: c a b).
std::string Print(const Expr& expr);
// On one line: string, (list int), (| "a" "b"), (array T), (record (field a int)).
std::string Print(const TypeExpr& type);
// Parts and expressions in turn: (text "id " e.id).
std::string Print(const Template& text);
// One declaration, clause or statement a line, indented by two.
std::string Print(const File& file);

// "text" with quotes and escapes, all on one line.
std::string Quote(std::string_view text);

}  // namespace edict::ast

#endif  // EDICT_COMPILER_AST_PRINT_H_
