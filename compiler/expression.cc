#include "compiler/expression.h"

#include "compiler/ir/tree_sizes.h"
#include "compiler/parse/parse.h"
#include "compiler/sema/check_expr.h"
#include "compiler/sema/decl.h"
#include "compiler/sema/type_text.h"

namespace edict::compiler {

Result<Expression> CompileExpression(const ExpressionOptions& options) {
  Expression result;
  result.sources = std::make_unique<source::SourceSet>();
  uint32_t file = result.sources->Add("expression", options.text);
  ast::ExprPtr expr = parse::ParseExpression(file, *result.sources, options.limits, result.diagnostics);
  if (expr == nullptr || result.diagnostics.has_errors()) return result;

  sema::TypeTable types;
  ir::Builder builder;
  sema::Env env;
  env.container = options.container;
  for (const Variable& variable : options.variables) {
    sema::Binding binding;
    binding.type = types.Basic(sema::TypeKind::kDyn);
    std::string name = variable.name;
    if (variable.decl.empty() && !variable.type.empty()) {
      Result<sema::TypeRef> type = sema::ReadType(types, variable.type);
      if (!type.ok()) return Error{"the type of " + name + ": " + type.error().message};
      binding.type = type.value();
    }
    if (!variable.decl.empty()) {
      Result<sema::Decl> decl = sema::ReadDecl(types, variable.decl);
      if (!decl.ok()) return decl.error();
      name = decl.value().name;
      if (decl.value().type == nullptr) {
        sema::Function function;
        function.overloads = std::move(decl.value().overloads);
        env.AddFunction(name, std::move(function));
        continue;
      }
      if (!options.unchecked) binding.type = decl.value().type;
    }
    binding.node = builder.Make(Op::kLocal, sema::RepOf(binding.type), builder.OpenLocal(), {});
    env.Bind(name, binding);
    result.variables.push_back(std::move(name));
  }
  sema::CheckContext context;
  context.types = &types;
  context.builder = &builder;
  context.diagnostics = &result.diagnostics;
  context.unchecked = options.unchecked;
  context.limits = options.limits;
  sema::Checked checked = sema::CheckExpr(context, *expr, env);
  if (result.diagnostics.has_errors() || !checked.ok()) return result;
  result.node = checked.node;
  result.type = sema::ToText(checked.type);
  result.type_proto = sema::ToTypeProto(checked.type);
  if (ir::TreeSizes(builder.program())[checked.node] > options.limits.expression_size) {
    result.diagnostics.Report(diag::Code::kExpressionTooLarge, expr->span,
                              "with each cel.block index counted where it is used, the expression has more than " +
                                  std::to_string(options.limits.expression_size) + " operations");
    return result;
  }
  result.program = std::make_shared<const Program>(builder.Take());
  return result;
}

}  // namespace edict::compiler
