// Reading windows, sequences and deadlines.
#include "compiler/sema/checker.h"

namespace edict::sema {

Checked Checker::ReadTimed(const Binding& binding, const std::vector<const ast::Expr*>& keys, const Env& env, source::Span span) {
  Depends(DepKind::kReadsState, binding.dependency);
  if (binding.type == nullptr || binding.type->kind == TypeKind::kError) return Error();  // its declaration is at fault
  if (keys.size() != binding.key_types.size()) {
    const size_t wanted = binding.key_types.size();
    return Fail(diag::Code::kNoOverload, span,
                "this " + binding.dependency.substr(0, binding.dependency.find(' ')) + " has " + std::to_string(wanted) +
                    (wanted == 1 ? " key, not " : " keys, not ") + std::to_string(keys.size()));
  }
  std::vector<ir::NodeId> nodes;
  for (size_t i = 0; i < keys.size(); ++i) {
    ir::NodeId node = kNone;
    if (!Key(*keys[i], binding.key_types[i], env, node)) return Error();
    nodes.push_back(node);
  }
  const Op op = binding.kind == BindingKind::kWindow ? Op::kWindow : Op::kArmed;
  return {b_.Make(op, RepOf(binding.type), binding.id, nodes), binding.type};
}

// False: it is no such call.
bool Checker::TimedCall(const ast::Expr& expr, const Env& env, Checked& result) {
  if (!expr.has_target || expr.args.empty() || expr.args[0]->kind != ast::ExprKind::kIdent) return false;
  const Binding* binding = env.Find(expr.args[0]->text);
  if (binding == nullptr) return false;
  const bool window = binding->kind == BindingKind::kWindow && expr.text == "value";
  const bool timer = binding->kind == BindingKind::kTimer && expr.text == "armed";
  if (!window && !timer) return false;
  std::vector<const ast::Expr*> keys;
  for (size_t i = 1; i < expr.args.size(); ++i) keys.push_back(expr.args[i].get());
  result = ReadTimed(*binding, keys, env, expr.span);
  return true;
}

}  // namespace edict::sema
