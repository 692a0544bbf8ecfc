// Calls of functions of the program that embeds the rules: of the one overload that is declared.
#include "compiler/sema/checker.h"
#include "runtime/program/host_function.h"

namespace edict::sema {

Checked Checker::HostFunction(const ast::Expr& expr, const Function& fn, const Env& env) {
  Depends(DepKind::kCalls, "host fn " + expr.text);
  const std::vector<TypeRef>& params = fn.params;
  if (expr.args.size() != params.size()) {
    return Fail(diag::Code::kNoOverload, expr.span,
                expr.text + " takes " + std::to_string(params.size()) + (params.size() == 1 ? " argument" : " arguments") +
                    ", not " + std::to_string(expr.args.size()) + "; there is " +
                    edict::SignatureText(b_.program().host_functions[fn.host_id]));
  }
  bool failed = false;
  std::vector<ir::NodeId> nodes;
  for (size_t i = 0; i < params.size(); ++i) {
    const Checked arg = AsValue(Check(*expr.args[i], env));
    failed = failed || !arg.ok();
    if (!arg.ok()) continue;
    nodes.push_back(arg.node);
    Bindings bindings;
    bool dynamic = false;
    if (Fits(params[i], arg.type, bindings, dynamic)) continue;
    failed = true;
    Fail(diag::Code::kTypeMismatch, expr.args[i]->span,
         "\"" + fn.host->params[i].name.text + "\" is " + ToText(params[i]) + ", this is " + ToText(arg.type));
  }
  if (failed) return Error();
  return {b_.Make(Op::kCallHost, b_.program().host_functions[fn.host_id].result, fn.host_id, nodes), fn.result};
}

}  // namespace edict::sema
