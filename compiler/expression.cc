#include "compiler/expression.h"

#include <utility>

#include "compiler/parse/parse.h"
#include "compiler/passes/passes.h"
#include "compiler/sema/check_expr.h"
#include "compiler/sema/decl.h"

namespace edict::compiler {
namespace {

// A pass works on what a Program evaluates: the expression is made the condition of a check meanwhile.
uint32_t Fold(Program& program, uint32_t node) {
  Check check;
  check.clauses.emplace_back();
  check.clauses[0].condition = node;
  program.end_checks.push_back(std::move(check));
  program = passes::Fold(std::move(program));
  node = program.end_checks[0].clauses[0].condition;
  program.end_checks.clear();
  return node;
}

}  // namespace

Result<Expression> CompileExpression(const ExpressionOptions& options) {
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
    std::string name = variable.name;
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
  sema::Checked checked = sema::CheckExpr(context, *expr, env);
  if (result.diagnostics.has_errors() || !checked.ok()) return result;
  result.node = checked.node;
  result.type = sema::ToText(checked.type);
  result.type_proto = sema::ToTypeProto(checked.type);
  Program program = builder.Take();
  if (options.fold) result.node = Fold(program, result.node);
  result.program = std::make_shared<const Program>(std::move(program));
  return result;
}

}  // namespace edict::compiler
