#include "compiler/expression.h"

#include "compiler/parse/parse.h"
#include "compiler/sema/check_expr.h"

namespace edict::compiler {

Expression CompileExpression(const ExpressionOptions& options) {
  Expression result;
  result.sources = std::make_unique<source::SourceSet>();
  uint32_t file = result.sources->Add("expression", options.text);
  ast::ExprPtr expr = parse::ParseExpression(file, *result.sources, parse::ParseLimits{}, result.diagnostics);
  if (expr == nullptr || result.diagnostics.has_errors()) return result;

  sema::TypeTable types;
  ir::Builder builder;
  sema::Env env;
  env.container = options.container;
  for (const Variable& variable : options.variables) {
    sema::Binding binding;
    binding.type = types.Basic(sema::TypeKind::kDyn);
    binding.node = builder.Make(Op::kLocal, Node::kAny, builder.OpenLocal(), {});
    env.Bind(variable.name, binding);
  }
  sema::CheckContext context;
  context.types = &types;
  context.builder = &builder;
  context.diagnostics = &result.diagnostics;
  sema::Checked checked = sema::CheckExpr(context, *expr, env);
  if (result.diagnostics.has_errors() || !checked.ok()) return result;
  result.node = checked.node;
  result.type = sema::ToText(checked.type);
  result.program = std::make_shared<const Program>(builder.Take());
  return result;
}

}  // namespace edict::compiler
