// CEL's macros: has, the comprehensions, cel.bind, optMap, math.greatest and math.least.
#include "compiler/sema/checker.h"

namespace edict::sema {
namespace {

bool IsComprehension(const std::string& name) {
  return name == "all" || name == "exists" || name == "exists_one" || name == "existsOne" || name == "map" || name == "filter" ||
         name == "transformList" || name == "transformMap" || name == "transformMapEntry";
}

bool IsNamespace(const ast::Expr& expr, const char* name) { return expr.kind == ast::ExprKind::kIdent && expr.text == name; }

}  // namespace

bool Checker::Macro(const ast::Expr& expr, const Env& env, Checked& result) {
  if (!expr.has_target) {
    if (expr.text != "has" || expr.args.size() != 1) return false;
    result = Has(expr, env);
    return true;
  }
  size_t n = expr.args.size() - 1;
  const ast::Expr& target = *expr.args[0];
  if (IsComprehension(expr.text) && n >= 2 && n <= 4 && expr.args[1]->kind == ast::ExprKind::kIdent) {
    result = Comprehension(expr, env);
  } else if (expr.text == "bind" && IsNamespace(target, "cel") && n == 3) {
    result = Bind(expr, env);
  } else if ((expr.text == "optMap" || expr.text == "optFlatMap") && n == 2) {
    result = OptMap(expr, env, expr.text == "optFlatMap");
  } else if ((expr.text == "greatest" || expr.text == "least") && IsNamespace(target, "math")) {
    result = Extreme(expr, env, expr.text == "greatest" ? "math.@max" : "math.@min");
  } else {
    return false;
  }
  return true;
}

Checked Checker::Comprehension(const ast::Expr& expr, const Env& env) {
  const std::string& f = expr.text;
  bool transform = f.compare(0, 9, "transform") == 0;
  size_t n = expr.args.size() - 1;
  // x.map(v, f), x.map(v, p, f), x.all(v, p), x.all(i, v, p), x.transformList(i, v, [p,] f)
  bool two = transform || (n == 3 && f != "map" && expr.args[2]->kind == ast::ExprKind::kIdent && f != "filter");
  size_t first_body = two ? 3 : 2;
  if (n < first_body || n > first_body + 1 || (n == first_body + 1 && f != "map" && !transform) ||
      expr.args[first_body - 1]->kind != ast::ExprKind::kIdent) {
    return Fail(diag::Code::kBadMacro, expr.span, f + " has the wrong number of arguments");
  }
  Checked range = AsValue(Check(*expr.args[0], env));
  if (!range.ok()) return range;
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  TypeRef integer = types_.Basic(TypeKind::kInt);
  TypeRef boolean = types_.Basic(TypeKind::kBool);
  TypeRef first = dyn;
  TypeRef second = dyn;
  if (range.type->kind == TypeKind::kList) {
    first = two ? integer : range.type->args[0];
    second = range.type->args[0];
  } else if (range.type->kind == TypeKind::kMap) {
    first = range.type->args[0];
    second = range.type->args[1];
  } else if (range.type->kind != TypeKind::kDyn && range.type->kind != TypeKind::kRecord) {
    return Fail(diag::Code::kTypeMismatch, expr.args[0]->span, "expected a list or map, this is " + ToText(range.type));
  }
  Fold fold;
  fold.accu = b_.OpenLocal();
  fold.element = b_.OpenLocal();
  if (two) fold.second = b_.OpenLocal();
  Env inner(&env);
  inner.container = env.container;
  auto bind = [&](const ast::Expr& name, TypeRef type, uint32_t local) {
    Binding binding;
    binding.type = type;
    binding.node = b_.Make(Op::kLocal, RepOf(type), local, {});
    inner.Bind(name.text, binding);
  };
  bind(*expr.args[1], first, fold.element);
  if (two) bind(*expr.args[2], second, fold.second);
  bool filtered = n == first_body + 1;
  Checked filter;
  if (filtered) filter = CheckCondition(*expr.args[first_body], inner);
  const ast::Expr& body_expr = *expr.args[n];
  bool wants_bool = !transform && f != "map";
  Checked body = wants_bool ? CheckCondition(body_expr, inner) : AsValue(Check(body_expr, inner));
  b_.CloseLocal(fold.accu);
  if (!body.ok() || (filtered && !filter.ok())) return Error();

  TypeRef list = types_.List(f == "filter" ? first : body.type);
  auto accu = [&](TypeRef type) { return b_.Make(Op::kLocal, RepOf(type), fold.accu, {}); };
  ir::NodeId yes = b_.Bool(true);
  auto make = [&](ir::NodeId init, ir::NodeId condition, ir::NodeId step, ir::NodeId result, TypeRef type) {
    return Checked{b_.MakeFold(fold, range.node, init, condition, step, result, RepOf(type)), type};
  };
  if (f == "all") return make(yes, accu(boolean), b_.Make(Op::kAnd, Kind::kBool, kNone, {accu(boolean), body.node}), accu(boolean), boolean);
  if (f == "exists") {
    return make(b_.Bool(false), b_.Make(Op::kNot, Kind::kBool, kNone, {accu(boolean)}),
                b_.Make(Op::kOr, Kind::kBool, kNone, {accu(boolean), body.node}), accu(boolean), boolean);
  }
  if (f == "exists_one" || f == "existsOne") {
    ir::NodeId one = b_.Const(Value::Int(1));
    ir::NodeId more = CallNode(BuiltinId::kAddInt, integer, {accu(integer), one});
    return make(b_.Const(Value::Int(0)), yes, b_.Make(Op::kCond, Kind::kInt, kNone, {body.node, more, accu(integer)}),
                CallNode(BuiltinId::kEquals, boolean, {accu(integer), one}), boolean);
  }
  if (f == "transformMap" || f == "transformMapEntry") {
    bool entry = f == "transformMapEntry";
    if (entry) return Fail(diag::Code::kUnsupported, expr.span, "transformMapEntry is not supported yet");
    TypeRef map = types_.Map(first, body.type);
    ir::NodeId key = b_.Make(Op::kLocal, RepOf(first), fold.element, {});
    ir::NodeId step = CallNode(BuiltinId::kMapInsert, map, {accu(map), key, body.node});
    if (filtered) step = b_.Make(Op::kCond, Kind::kMap, kNone, {filter.node, step, accu(map)});
    return make(b_.Const(Value::Map(nullptr, 0)), yes, step, accu(map), map);
  }
  ir::NodeId item = f == "filter" ? b_.Make(Op::kLocal, RepOf(first), fold.element, {}) : body.node;
  ir::NodeId step = CallNode(BuiltinId::kAddList, list, {accu(list), b_.Make(Op::kList, Kind::kList, kNone, {item})});
  if (f == "filter") step = b_.Make(Op::kCond, Kind::kList, kNone, {body.node, step, accu(list)});
  if (filtered) step = b_.Make(Op::kCond, Kind::kList, kNone, {filter.node, step, accu(list)});
  return make(b_.Const(Value::List(nullptr, 0)), yes, step, accu(list), list);
}

Checked Checker::Bind(const ast::Expr& expr, const Env& env) {
  if (expr.args[1]->kind != ast::ExprKind::kIdent) return Fail(diag::Code::kBadMacro, expr.args[1]->span, "cel.bind wants a name first");
  Checked value = AsValue(Check(*expr.args[2], env));
  if (!value.ok()) return value;
  uint32_t local = b_.OpenLocal();
  Env inner(&env);
  inner.container = env.container;
  Binding binding;
  binding.type = value.type;
  binding.node = b_.Make(Op::kLocal, RepOf(value.type), local, {});
  inner.Bind(expr.args[1]->text, binding);
  Checked body = AsValue(Check(*expr.args[3], inner));
  b_.CloseLocal(local);
  if (!body.ok()) return body;
  return {b_.Make(Op::kLet, RepOf(body.type), local, {value.node, body.node}), body.type};
}

// x.optMap(v, f): f of the value within, none where there is none.
Checked Checker::OptMap(const ast::Expr& expr, const Env& env, bool flat) {
  Checked target = Check(*expr.args[0], env);
  if (!target.ok()) return target;
  if (expr.args[1]->kind != ast::ExprKind::kIdent) return Fail(diag::Code::kBadMacro, expr.args[1]->span, expr.text + " wants a name first");
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  TypeRef inner_type = target.type->kind == TypeKind::kOptional ? target.type->args[0] : dyn;
  uint32_t local = b_.OpenLocal();
  Env inner(&env);
  inner.container = env.container;
  Binding binding;
  binding.type = inner_type;
  binding.node = b_.Make(Op::kLocal, RepOf(inner_type), local, {});
  inner.Bind(expr.args[1]->text, binding);
  Checked body = AsValue(Check(*expr.args[2], inner));
  b_.CloseLocal(local);
  if (!body.ok()) return body;
  TypeRef type = flat ? body.type : types_.Optional(body.type);
  ir::NodeId mapped = flat ? body.node : CallNode(BuiltinId::kOptionalOf, type, {body.node});
  ir::NodeId value = CallNode(BuiltinId::kOptionalValue, inner_type, {target.node});
  ir::NodeId let = b_.Make(Op::kLet, RepOf(type), local, {value, mapped});
  ir::NodeId has = CallNode(BuiltinId::kOptionalHasValue, types_.Basic(TypeKind::kBool), {target.node});
  return {b_.Make(Op::kCond, RepOf(type), kNone, {has, let, b_.Const(Value::Optional(nullptr))}), type};
}

Checked Checker::Extreme(const ast::Expr& expr, const Env& env, const char* function) {
  std::vector<ir::NodeId> nodes;
  TypeRef element = nullptr;
  for (size_t i = 1; i < expr.args.size(); ++i) {
    Checked item = Check(*expr.args[i], env);
    if (!item.ok()) return item;
    if (expr.args.size() == 2 && item.type->kind == TypeKind::kList) return Builtin(expr, function, false, {item});
    nodes.push_back(item.node);
    element = element == nullptr ? item.type : Join(element, item.type);
  }
  if (nodes.empty()) return Fail(diag::Code::kBadMacro, expr.span, expr.text + " wants at least one number");
  Checked list{b_.Make(Op::kList, Kind::kList, kNone, nodes), types_.List(element)};
  return Builtin(expr, function, false, {list});
}

}  // namespace edict::sema
