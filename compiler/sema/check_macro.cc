// CEL's macros: has, the comprehensions, cel.bind, optMap, math.greatest and math.least.
#include <algorithm>

#include "compiler/sema/checker.h"

namespace edict::sema {
namespace {

bool IsComprehension(const std::string& name) {
  return name == "all" || name == "exists" || name == "exists_one" || name == "existsOne" || name == "map" || name == "filter" ||
         name == "transformList" || name == "transformMap" || name == "transformMapEntry";
}

// The variable that a macro binds: an identifier or, in what a CEL optimizer writes, cel.iterVar(depth, number) and
// cel.accuVar(...). Empty: neither.
std::string VariableName(const ast::Expr& expr) {
  if (expr.kind == ast::ExprKind::kIdent && !expr.leading_dot) return expr.text;
  bool call = expr.kind == ast::ExprKind::kCall && expr.has_target && (expr.text == "iterVar" || expr.text == "accuVar");
  if (!call || expr.args.size() != 3 || expr.args[0]->kind != ast::ExprKind::kIdent || expr.args[0]->text != "cel") return "";
  if (expr.args[1]->kind != ast::ExprKind::kInt || expr.args[2]->kind != ast::ExprKind::kInt) return "";
  return "@" + expr.text + std::to_string(expr.args[1]->int_value) + ":" + std::to_string(expr.args[2]->int_value);
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
  if (IsComprehension(expr.text) && n >= 1) {
    result = n >= 2 && n <= 4 && !VariableName(*expr.args[1]).empty()
                 ? Comprehension(expr, env)
                 : Fail(diag::Code::kBadMacro, expr.span, expr.text + " wants a variable first, such as " + expr.text + "(x, ...)");
  } else if (expr.text == "bind" && IsNamespace(target, "cel") && n == 3) {
    result = Bind(expr, env);
  } else if (expr.text == "block" && IsNamespace(target, "cel") && n == 2) {
    result = Block(expr, env);
  } else if (expr.text == "index" && IsNamespace(target, "cel") && n == 1 && expr.args[1]->kind == ast::ExprKind::kInt) {
    result = Bound("@index" + std::to_string(expr.args[1]->int_value), expr, env);
  } else if ((expr.text == "iterVar" || expr.text == "accuVar") && IsNamespace(target, "cel") && !VariableName(expr).empty()) {
    result = Bound(VariableName(expr), expr, env);
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
  if (comprehensions_ >= c_.limits.comprehensions) {
    return Fail(diag::Code::kComprehensionsTooDeep, expr.name_span,
                "more than " + std::to_string(c_.limits.comprehensions) + " comprehensions stand inside each other here");
  }
  ++comprehensions_;
  Checked result = ComprehensionIn(expr, env);
  --comprehensions_;
  return result;
}

Checked Checker::ComprehensionIn(const ast::Expr& expr, const Env& env) {
  const std::string& f = expr.text;
  bool transform = f.compare(0, 9, "transform") == 0;
  size_t n = expr.args.size() - 1;
  // x.map(v, f), x.map(v, p, f), x.all(v, p), x.all(i, v, p), x.transformList(i, v, [p,] f)
  bool two = transform || (n == 3 && f != "map" && f != "filter" && !VariableName(*expr.args[2]).empty());
  size_t first_body = two ? 3 : 2;
  if (n < first_body || n > first_body + 1 || (n == first_body + 1 && f != "map" && !transform) ||
      VariableName(*expr.args[first_body - 1]).empty()) {
    return Fail(diag::Code::kBadMacro, expr.span, f + " has the wrong number of arguments");
  }
  if (two && VariableName(*expr.args[1]) == VariableName(*expr.args[2])) {
    return Fail(diag::Code::kBadMacro, expr.args[2]->span, "the two variables have the same name");
  }
  --comprehensions_;  // the range is evaluated once, outside
  Checked range = AsValue(Check(*expr.args[0], env));
  ++comprehensions_;
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
    binding.type = type == types_.Nothing() ? dyn : type;
    binding.node = b_.Make(Op::kLocal, RepOf(type), local, {});
    inner.Bind(VariableName(name), binding);
  };
  bind(*expr.args[1], first, fold.element);
  if (two) bind(*expr.args[2], second, fold.second);
  bool filtered = n == first_body + 1;
  Checked filter;
  if (filtered) filter = CheckCondition(*expr.args[first_body], inner);
  const ast::Expr& body_expr = *expr.args[n];
  bool wants_bool = !transform && f != "map";
  if (f == "transformMapEntry") {
    TypeRef map = types_.Map(types_.Nothing(), types_.Nothing());
    Checked step = MapEntries(body_expr, inner, b_.Make(Op::kLocal, Kind::kMap, fold.accu, {}), map);
    b_.CloseLocal(fold.accu);
    if (!step.ok() || (filtered && !filter.ok())) return Error();
    ir::NodeId accu = b_.Make(Op::kLocal, Kind::kMap, fold.accu, {});
    if (filtered) step.node = b_.Make(Op::kCond, Kind::kMap, kNone, {filter.node, step.node, accu});
    return {b_.MakeFold(fold, range.node, b_.Const(Value::Map(nullptr, 0)), b_.Bool(true), step.node, accu, Kind::kMap), map};
  }
  Checked body = wants_bool ? CheckCondition(body_expr, inner) : AsValue(Check(body_expr, inner));
  b_.CloseLocal(fold.accu);
  if (!body.ok() || (filtered && !filter.ok())) return Error();

  TypeRef list = types_.List(f == "filter" ? first : body.type);
  auto accu = [&](TypeRef type) { return b_.Make(Op::kLocal, RepOf(type), fold.accu, {}); };
  ir::NodeId yes = b_.Bool(true);
  auto make = [&](ir::NodeId init, ir::NodeId condition, ir::NodeId step, ir::NodeId result, TypeRef type) {
    return Checked{b_.MakeFold(fold, range.node, init, condition, step, result, RepOf(type)), type};
  };
  if (f == "all")
    return make(yes, accu(boolean), b_.Make(Op::kAnd, Kind::kBool, kNone, {accu(boolean), body.node}), accu(boolean), boolean);
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
  if (f == "transformMap") {
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
  std::string name = VariableName(*expr.args[1]);
  if (name.empty()) return Fail(diag::Code::kBadMacro, expr.args[1]->span, "cel.bind wants a name first");
  Checked value = AsValue(Check(*expr.args[2], env));
  if (!value.ok()) return value;
  uint32_t local = b_.OpenLocal();
  Env inner(&env);
  inner.container = env.container;
  Binding binding;
  binding.type = value.type;
  binding.node = b_.Make(Op::kLocal, RepOf(value.type), local, {});
  inner.Bind(name, binding);
  Checked body = AsValue(Check(*expr.args[3], inner));
  b_.CloseLocal(local);
  if (!body.ok()) return body;
  return {b_.Make(Op::kLet, RepOf(body.type), local, {value.node, body.node}), body.type};
}

// x.optMap(v, f): f of the value within, none where there is none.
Checked Checker::OptMap(const ast::Expr& expr, const Env& env, bool flat) {
  Checked target = Check(*expr.args[0], env);
  if (!target.ok()) return target;
  std::string name = VariableName(*expr.args[1]);
  if (name.empty()) return Fail(diag::Code::kBadMacro, expr.args[1]->span, expr.text + " wants a name first");
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  if (target.type->kind != TypeKind::kOptional && target.type->kind != TypeKind::kDyn && !c_.unchecked) {
    return Fail(diag::Code::kTypeMismatch, expr.args[0]->span, "expected an optional value, this is " + ToText(target.type));
  }
  TypeRef inner_type = target.type->kind == TypeKind::kOptional ? target.type->args[0] : dyn;
  if (inner_type == types_.Nothing()) inner_type = dyn;
  uint32_t local = b_.OpenLocal();
  Env inner(&env);
  inner.container = env.container;
  Binding binding;
  binding.type = inner_type;
  binding.node = b_.Make(Op::kLocal, RepOf(inner_type), local, {});
  inner.Bind(name, binding);
  Checked body = AsValue(Check(*expr.args[2], inner));
  b_.CloseLocal(local);
  if (!body.ok()) return body;
  if (flat && !c_.unchecked && body.type->kind != TypeKind::kOptional && body.type->kind != TypeKind::kDyn) {
    return Fail(diag::Code::kTypeMismatch, expr.args[2]->span, "expected an optional value, this is " + ToText(body.type));
  }
  TypeRef type = flat ? body.type : types_.Optional(body.type);
  ir::NodeId mapped = flat ? body.node : CallNode(BuiltinId::kOptionalOf, type, {body.node});
  ir::NodeId value = CallNode(BuiltinId::kOptionalValue, inner_type, {target.node});
  ir::NodeId let = b_.Make(Op::kLet, RepOf(type), local, {value, mapped});
  ir::NodeId has = CallNode(BuiltinId::kOptionalHasValue, types_.Basic(TypeKind::kBool), {target.node});
  return {b_.Make(Op::kCond, RepOf(type), kNone, {has, let, b_.Const(Value::Optional(nullptr))}), type};
}

Checked Checker::Bound(const std::string& name, const ast::Expr& expr, const Env& env) {
  const Binding* binding = env.Find(name);
  if (binding != nullptr) return {binding->node, binding->type};
  return Fail(diag::Code::kUnknownName, expr.span, "nothing binds this here");
}

// cel.block([a, b ...], result): a is cel.index(0) in all that follows, and so on.
Checked Checker::Block(const ast::Expr& expr, const Env& env) {
  const ast::Expr& list = *expr.args[1];
  if (list.kind != ast::ExprKind::kList) return Fail(diag::Code::kBadMacro, list.span, "cel.block wants a list first");
  Env inner(&env);
  inner.container = env.container;
  std::vector<std::pair<uint32_t, ir::NodeId>> lets;
  bool failed = false;
  for (size_t i = 0; i < list.args.size() && !failed; ++i) {
    Checked value = AsValue(Check(*list.args[i], inner));
    failed = !value.ok();
    lets.emplace_back(b_.OpenLocal(), value.node);
    Binding binding;
    binding.type = value.type;
    binding.node = b_.Make(Op::kLocal, RepOf(value.type), lets.back().first, {});
    inner.Bind("@index" + std::to_string(i), binding);
  }
  Checked body = failed ? Error() : AsValue(Check(*expr.args[2], inner));
  if (!lets.empty()) b_.CloseLocal(lets.front().first);
  if (!body.ok()) return body;
  for (auto let = lets.rbegin(); let != lets.rend(); ++let) {
    body.node = b_.Make(Op::kLet, RepOf(body.type), let->first, {let->second, body.node});
  }
  return body;
}

// The accumulator with each entry of the map `body`; `map` becomes its type.
Checked Checker::MapEntries(const ast::Expr& body, const Env& env, ir::NodeId accu, TypeRef& map) {
  bool optional = std::find(body.optional.begin(), body.optional.end(), true) != body.optional.end();
  if (body.kind != ast::ExprKind::kMap || optional) {
    Checked entries = Check(body, env);
    if (!entries.ok()) return entries;
    if (entries.type->kind != TypeKind::kMap && entries.type->kind != TypeKind::kDyn) {
      return Fail(diag::Code::kTypeMismatch, body.span,
                  "transformMapEntry wants a map of entries, this is " + ToText(entries.type));
    }
    if (entries.type->kind == TypeKind::kMap) map = entries.type;
    if (entries.type->kind == TypeKind::kDyn) map = types_.Map(entries.type, entries.type);
    return {CallNode(BuiltinId::kMapMerge, map, {accu, entries.node}), map};
  }
  ir::NodeId step = accu;
  for (size_t i = 0; i + 1 < body.args.size(); i += 2) {
    Checked key = AsValue(Check(*body.args[i], env));
    Checked value = AsValue(Check(*body.args[i + 1], env));
    if (!key.ok() || !value.ok()) return Error();
    map = types_.Map(Join(map->args[0], key.type), Join(map->args[1], value.type));
    step = CallNode(BuiltinId::kMapInsert, map, {step, key.node, value.node});
  }
  return {step, map};
}

Checked Checker::Extreme(const ast::Expr& expr, const Env& env, const char* function) {
  std::vector<ir::NodeId> nodes;
  TypeRef element = nullptr;
  for (size_t i = 1; i < expr.args.size(); ++i) {
    Checked item = Check(*expr.args[i], env);
    if (!item.ok()) return item;
    if (expr.args.size() == 2 && item.type->kind == TypeKind::kList) return Builtin(expr, function, false, {item}, env);
    nodes.push_back(item.node);
    element = element == nullptr ? item.type : Join(element, item.type);
  }
  if (nodes.empty()) return Fail(diag::Code::kBadMacro, expr.span, expr.text + " wants at least one number");
  if (!c_.unchecked && !IsNumber(element) && element->kind != TypeKind::kDyn) {
    return Fail(diag::Code::kNoOverload, expr.span,
                "math." + expr.text + " wants numbers, this is " + ToText(element) +
                    "; there is any number of int, uint or double; list(int) -> int; list(uint) -> uint; list(double) -> double");
  }
  Checked list{b_.Make(Op::kList, Kind::kList, kNone, nodes), types_.List(element)};
  Checked of_list = Builtin(expr, function, false, {list}, env);
  if (nodes.size() != 1 || element->kind != TypeKind::kDyn || !of_list.ok()) return of_list;
  // Whether the one argument is a number or a list of them shows at run time.
  TypeRef boolean = types_.Basic(TypeKind::kBool);
  ir::NodeId type = CallNode(BuiltinId::kTypeOf, types_.Make(TypeKind::kType, {element}), nodes);
  ir::NodeId is_list = CallNode(BuiltinId::kEquals, boolean, {type, b_.Const(Value::Type("list"))});
  Checked itself = Builtin(expr, function, false, {{nodes[0], types_.List(element)}}, env);
  return {b_.Make(Op::kCond, RepOf(element), kNone, {is_list, itself.node, of_list.node}), element};
}

}  // namespace edict::sema
