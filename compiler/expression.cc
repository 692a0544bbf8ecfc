#include "compiler/expression.h"

#include <utility>

#include "compiler/ir/tree_sizes.h"
#include "compiler/parse/parse.h"
#include "compiler/passes/passes.h"
#include "compiler/sema/check_expr.h"
#include "compiler/sema/decl.h"
#include "compiler/sema/signatures.h"
#include "compiler/sema/type_text.h"

namespace edict::compiler {
namespace {

// A pass works on what a Program evaluates: the expression is made the condition of a check meanwhile.
uint32_t Fold(Program& program, uint32_t node) {
  edict::Check check;
  check.clauses.emplace_back();
  check.clauses[0].condition = node;
  program.end_checks.push_back(std::move(check));
  program = passes::Fold(std::move(program));
  node = program.end_checks[0].clauses[0].condition;
  program.end_checks.clear();
  return node;
}

// The message types as records, which may name each other.
sema::MessageTypes DeclareMessages(sema::TypeTable& types, const std::vector<MessageType>& messages) {
  sema::MessageTypes named;
  for (const MessageType& message : messages) {
    sema::RecordInfo info;
    info.name = message.name;
    named.emplace(message.name, types.Record(std::move(info)));
  }
  for (const MessageType& message : messages) {
    sema::RecordInfo* info = types.MutableRecord(named.at(std::string(message.name)));
    for (size_t i = 0; i < message.field_count; ++i) {
      sema::RecordField field;
      field.name = message.fields[i].name;
      field.type = sema::ReadType(types, message.fields[i].type, &named);
      info->fields.push_back(std::move(field));
    }
  }
  return named;
}

}  // namespace

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
  const sema::MessageTypes messages = DeclareMessages(types, options.messages);
  for (const Variable& variable : options.variables) {
    sema::Binding binding;
    binding.type = types.Basic(sema::TypeKind::kDyn);
    std::string name = variable.name;
    if (variable.decl.empty() && !variable.type.empty()) {
      Result<sema::TypeRef> type = sema::ParseTypeText(types, variable.type);
      if (!type.ok()) return Error{"the type of " + name + ": " + type.error().message};
      binding.type = type.value();
    }
    if (!variable.decl.empty()) {
      Result<sema::Decl> decl = sema::ReadDecl(types, variable.decl, messages);
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
  context.macros = options.macros;
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
  Program program = builder.Take();
  if (options.fold) result.node = Fold(program, result.node);
  result.program = std::make_shared<const Program>(std::move(program));
  return result;
}

}  // namespace edict::compiler
