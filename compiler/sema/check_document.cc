// What lifecycles keep, and documents.
#include <algorithm>

#include "compiler/sema/checker.h"

namespace edict::sema {

// `keep`, or whether it is complete, of the keys. False: the lifecycle keeps nothing of that name.
bool Checker::KeepMember(const Binding& lifecycle, const std::string& life, const std::string& keep,
                         const std::vector<const ast::Expr*>& keys, const Env& env, source::Span span, bool complete,
                         Checked& result) {
  const auto found = std::find_if(lifecycle.keeps.begin(), lifecycle.keeps.end(),
                                  [&](const KeepBinding& candidate) { return candidate.name == keep; });
  if (found == lifecycle.keeps.end()) return false;
  Depends(DepKind::kReadsState, "lifecycle " + life);
  std::vector<ir::NodeId> nodes;
  if (!LifecycleKeys(lifecycle, keys, env, span, nodes)) {
    result = Error();
    return true;
  }
  const auto index = static_cast<uint32_t>(found - lifecycle.keeps.begin());
  if (complete) {
    result = {b_.Make(Op::kLifeComplete, Kind::kBool, lifecycle.id, nodes, index), types_.Basic(TypeKind::kBool)};
  } else {
    result = {b_.Make(Op::kLifeKeep, RepOf(found->type), lifecycle.id, nodes, index), found->type};
  }
  return true;
}

// message[k].text.complete and message.text(k1, k2).complete
bool Checker::KeepComplete(const ast::Expr& expr, const Env& env, Checked& result) {
  if (expr.text != "complete") return false;
  const ast::Expr& keep = *expr.args[0];
  const bool call = keep.kind == ast::ExprKind::kCall && keep.has_target;
  if (!call && keep.kind != ast::ExprKind::kSelect) return false;
  const ast::Expr& indexed = *keep.args[0];
  if (!call && indexed.kind != ast::ExprKind::kIndex) return false;
  const ast::Expr& root = call ? indexed : *indexed.args[0];
  const Binding* lifecycle = root.kind == ast::ExprKind::kIdent ? env.Find(root.text) : nullptr;
  if (lifecycle == nullptr || lifecycle->kind != BindingKind::kLifecycle) return false;
  std::vector<const ast::Expr*> keys;
  if (!call) keys.push_back(indexed.args[1].get());
  for (size_t i = 1; call && i < keep.args.size(); ++i) keys.push_back(keep.args[i].get());
  return KeepMember(*lifecycle, root.text, keep.text, keys, env, keep.span, true, result);
}

Checked Checker::ReadDocument(const ast::Expr& expr, const Binding& binding, const std::string& name, const Env& env) {
  Depends(DepKind::kReadsState, "document " + name);
  if (!env.IsPresent(name)) {
    return Fail(diag::Code::kMayBeAbsent, expr.span,
                "the document \"" + name + "\" may not be known: test has(" + name + ") first");
  }
  return {b_.Make(Op::kDocument, Node::kAny, binding.id, {}), types_.Basic(TypeKind::kDyn)};
}

bool Checker::OptionalDocument(const ast::Expr& expr, const Env& env, Checked& result) {
  const Binding* binding = expr.kind == ast::ExprKind::kIdent ? env.Find(expr.text) : nullptr;
  if (binding == nullptr || binding->kind != BindingKind::kDocument) return false;
  Depends(DepKind::kReadsState, "document " + expr.text);
  result = {b_.Make(Op::kDocumentAt, Kind::kOptional, binding->id, {b_.Const(Value::String(""))}),
            types_.Optional(types_.Basic(TypeKind::kDyn))};
  return true;
}

// shared.at(pointer), shared.applies(patch)
Checked Checker::DocumentCall(const ast::Expr& expr, const Binding& binding, const Env& env) {
  const std::string& name = expr.args[0]->text;
  Depends(DepKind::kReadsState, "document " + name);
  if (expr.args.size() != 2) {
    return Fail(diag::Code::kNoOverload, expr.span, expr.text + " takes one argument, not " + std::to_string(expr.args.size() - 1));
  }
  const Checked operand = AsValue(Check(*expr.args[1], env));
  if (!operand.ok()) return operand;
  const bool at = expr.text == "at";
  const TypeKind kind = operand.type->kind;
  if (kind != TypeKind::kDyn && (at ? kind != TypeKind::kString : kind != TypeKind::kList)) {
    return Fail(diag::Code::kTypeMismatch, expr.args[1]->span,
                std::string(at ? "expected a JSON Pointer, a string" : "expected a patch, a list of operations") + "; this is " +
                    ToText(operand.type));
  }
  if (at) {
    return {b_.Make(Op::kDocumentAt, Kind::kOptional, binding.id, {operand.node}), types_.Optional(types_.Basic(TypeKind::kDyn))};
  }
  const ir::NodeId fault = b_.Make(Op::kPatchFault, Node::kAny, binding.id, {operand.node});
  const TypeRef boolean = types_.Basic(TypeKind::kBool);
  return {CallNode(BuiltinId::kEquals, boolean, {fault, b_.Const(Value::Null())}), boolean};
}

}  // namespace edict::sema
