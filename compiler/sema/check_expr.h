// Checks one CEL expression against an environment and builds its IR nodes in the same walk. Reports every independent
// error; a failed part has type kError and node kNone, and agrees with everything.
#ifndef EDICT_COMPILER_SEMA_CHECK_EXPR_H_
#define EDICT_COMPILER_SEMA_CHECK_EXPR_H_

#include <functional>
#include <string>

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/ir/builder.h"
#include "compiler/sema/env.h"
#include "compiler/sema/types.h"
#include "compiler/source/limits.h"

namespace edict::sema {

struct Checked {
  ir::NodeId node = kNone;
  TypeRef type = nullptr;
  bool ok() const { return node != kNone; }
};

// What a condition tells when it is true (or false): paths present and not null. Used for `when`, &&, ||, ?:.
struct Facts {
  std::vector<std::string> present;
  std::vector<std::string> not_null;
};

struct CheckContext {
  TypeTable* types = nullptr;
  ir::Builder* builder = nullptr;
  diag::Diagnostics* diagnostics = nullptr;
  // Hears of each thing an expression depends on ("TEXT_MESSAGE_START.messageId", "state phase", "fn f"); may be empty.
  std::function<void(DepKind, const std::string&)> on_dependency;
  source::Limits limits = {};
  // CEL without its type checker: what the types rule out is found out at run time, unknown names and functions too.
  bool unchecked = false;
  bool macros = true;  // false: has, all, map ... are functions like any other (CEL's parser can be told so)
};

// `expected`: the wanted type or null; an enum type makes bare state names (`open`) resolve to its ordinals; a mismatch is
// reported.
Checked CheckExpr(const CheckContext& context, const ast::Expr& expr, const Env& env, TypeRef expected = nullptr);
// The facts that hold where `expr` is `truth`.
Facts FactsWhen(const ast::Expr& expr, bool truth, const Env& env);
void Assume(Env& env, const Facts& facts);
// "e.outcome.type" for a chain of plain selects from an identifier, ".e.outcome" if that has a leading dot; else empty.
std::string PathText(const ast::Expr& expr);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_CHECK_EXPR_H_
