// Calls: operators, builtins by overload, functions of the rules, reading state by method.
#include <algorithm>

#include "compiler/sema/check_format.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/suggest.h"
#include "runtime/builtins/regex.h"

namespace edict::sema {

ir::NodeId Checker::CallNode(BuiltinId id, TypeRef result, std::vector<ir::NodeId> args) {
  return b_.Make(Op::kCall, RepOf(result), static_cast<uint32_t>(id), args);
}

Checked Checker::Logic(const ast::Expr& expr, const Env& env) {
  bool conjunction = expr.text == "_&&_";
  Checked a = CheckCondition(*expr.args[0], env);
  // The second operand only matters where the first does not decide.
  Env inner(&env);
  inner.container = env.container;
  Assume(inner, FactsWhen(*expr.args[0], conjunction, env));
  Checked b = CheckCondition(*expr.args[1], inner);
  if (!a.ok() || !b.ok()) return Error();
  return {conjunction ? b_.And(a.node, b.node) : b_.Or(a.node, b.node), types_.Basic(TypeKind::kBool)};
}

Checked Checker::Conditional(const ast::Expr& expr, const Env& env, TypeRef expected) {
  Checked condition = CheckCondition(*expr.args[0], env);
  Env yes(&env);
  yes.container = env.container;
  Assume(yes, FactsWhen(*expr.args[0], true, env));
  Env no(&env);
  no.container = env.container;
  Assume(no, FactsWhen(*expr.args[0], false, env));
  Checked a = Check(*expr.args[1], yes, expected);
  Checked b = Check(*expr.args[2], no, expected != nullptr ? expected : a.type);
  if (!condition.ok() || !a.ok() || !b.ok()) return Error();
  if (a.type != b.type) {
    a = AsValue(a);
    b = AsValue(b);
  }
  TypeRef type = Join(a.type, b.type);
  bool null = a.type->kind == TypeKind::kNull || b.type->kind == TypeKind::kNull;
  if (null && type->kind == TypeKind::kDyn) type = types_.Nullable(a.type->kind == TypeKind::kNull ? b.type : a.type);
  bool record = a.type->kind == TypeKind::kRecord || b.type->kind == TypeKind::kRecord;
  if (!null && !record && !c_.unchecked && !Comparable(a.type, b.type)) {
    return Fail(diag::Code::kNoOverload, expr.span,
                "? : does not take (" + ToText(condition.type) + ", " + ToText(a.type) + ", " + ToText(b.type) +
                    "); there is bool, A, A -> A: both results of one type; dyn() around one of them allows both");
  }
  if (b_.IsConst(condition.node) && b_.ConstValue(condition.node).kind == Kind::kBool) {
    return {b_.ConstValue(condition.node).b ? a.node : b.node, type};
  }
  return {b_.Make(Op::kCond, RepOf(type), kNone, {condition.node, a.node, b.node}), type};
}

namespace {

// The values that a literal may be compared with; null: any.
const std::vector<std::string>* LiteralsOf(TypeRef type) {
  if (type->kind == TypeKind::kNullable) type = type->args[0];
  if (type->kind == TypeKind::kEnum) return &type->enum_info->names;
  return type->literals.empty() ? nullptr : &type->literals;
}

// Whether `name` is a state of the enum that the other side, a cell or lifecycle, has.
bool NamesState(const std::string& name, const ast::Expr& other, const Env& env) {
  const ast::Expr* root = &other;
  while (root->kind != ast::ExprKind::kIdent && !root->args.empty()) root = root->args[0].get();
  const Binding* binding = root->kind == ast::ExprKind::kIdent ? env.Find(root->text) : nullptr;
  if (binding == nullptr || binding->type == nullptr || binding->type->kind != TypeKind::kEnum) return false;
  const std::vector<std::string>& names = binding->type->enum_info->names;
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Checked Checker::Equality(const ast::Expr& expr, const Env& env) {
  // A bare state name means the enum of the other side.
  const ast::Expr& left = *expr.args[0];
  const ast::Expr& right = *expr.args[1];
  bool left_is_name = left.kind == ast::ExprKind::kIdent && (env.Find(left.text) == nullptr || NamesState(left.text, right, env));
  Checked a;
  Checked b;
  if (left_is_name) {
    b = Check(right, env);
    if (!b.ok() && right.kind != ast::ExprKind::kIdent) return Error();
    a = Check(left, env, b.type);
  } else {
    a = Check(left, env);
    // What a bare name means cannot be told where the other side failed.
    if (!a.ok() && right.kind == ast::ExprKind::kIdent && env.Find(right.text) == nullptr) return Error();
    b = Check(right, env, a.type);
  }
  if (!a.ok() || !b.ok()) return Error();
  TypeRef a_type = a.type;
  TypeRef b_type = b.type;
  if (a.type != b.type) {
    a = AsValue(a);
    b = AsValue(b);
  }
  for (const auto& [names, other] : {std::pair(LiteralsOf(a_type), &right), std::pair(LiteralsOf(b_type), &left)}) {
    if (names == nullptr || other->kind != ast::ExprKind::kString) continue;
    if (std::find(names->begin(), names->end(), other->text) != names->end()) continue;
    std::string hint = DidYouMean(other->text, *names);
    if (hint.empty() && names->size() <= 8) {
      for (const std::string& name : *names) hint += (hint.empty() ? "; it is " : " or ") + name;
    }
    return Fail(diag::Code::kTypeMismatch, other->span, "this value never occurs here" + hint);
  }
  // A second test for null, where the first has narrowed the type, is not at fault.
  bool tested_again = (a.type->kind == TypeKind::kNull && env.IsNotNull(PathText(right))) ||
                      (b.type->kind == TypeKind::kNull && env.IsNotNull(PathText(left)));
  if (!c_.unchecked && !tested_again && !Comparable(a.type, b.type)) {
    bool null = a.type->kind == TypeKind::kNull || b.type->kind == TypeKind::kNull;
    return Fail(diag::Code::kNoOverload, expr.span,
                expr.text.substr(1, 2) + " does not take (" + ToText(a.type) + ", " + ToText(b.type) +
                    "); there is A, A -> bool: " +
                    (null ? ToText(a.type->kind == TypeKind::kNull ? b.type : a.type) + " is never null"
                          : "both of one type; dyn() around one of them allows both"));
  }
  BuiltinId id = expr.text == "_==_" ? BuiltinId::kEquals : BuiltinId::kNotEquals;
  TypeRef boolean = types_.Basic(TypeKind::kBool);
  return {CallNode(id, boolean, {a.node, b.node}), boolean};
}

// `k in cell` and `k in lifecycle`; other containers are builtins.
Checked Checker::In(const ast::Expr& expr, const Env& env) {
  const ast::Expr& container = *expr.args[1];
  const Binding* state = container.kind == ast::ExprKind::kIdent ? env.Find(container.text) : nullptr;
  TypeRef boolean = types_.Basic(TypeKind::kBool);
  if (state != nullptr && (state->kind == BindingKind::kSet || state->kind == BindingKind::kMap)) {
    Depends(DepKind::kReadsState, "state " + container.text);
    ir::NodeId key = kNone;
    if (!Key(*expr.args[0], state->type->args[0], env, key)) return Error();
    return {b_.Make(Op::kEntryHas, Kind::kBool, state->id, {key}), boolean};
  }
  if (state != nullptr && state->kind == BindingKind::kLifecycle) {
    Depends(DepKind::kReadsState, "lifecycle " + container.text);
    std::vector<ir::NodeId> keys;
    if (!LifecycleKeys(*state, {expr.args[0].get()}, env, expr.span, keys)) return Error();
    ir::NodeId ordinal = b_.Make(Op::kLifeState, Kind::kInt, state->id, keys);
    return {CallNode(BuiltinId::kNotEquals, boolean, {ordinal, b_.Const(Value::Int(0))}), boolean};
  }
  Checked a = Check(*expr.args[0], env);
  Checked b = Check(container, env);
  if (!a.ok() || !b.ok()) return Error();
  return Builtin(expr, "@in", false, {a, b}, env);
}

// size(cell), cell.keys(), lifecycle.state(k...), .count(s), .keys(s).
Checked Checker::StateCall(const ast::Expr& expr, const Binding& binding, const Env& env) {
  const std::string& name = expr.args[0]->text;
  bool table = binding.kind == BindingKind::kSet || binding.kind == BindingKind::kMap;
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  TypeRef integer = types_.Basic(TypeKind::kInt);
  if (table) {
    Depends(DepKind::kReadsState, "state " + name);
    if (expr.text == "size") return {b_.Make(Op::kCellSize, Kind::kInt, binding.id, {}), integer};
    if (expr.text == "keys") return {b_.Make(Op::kCellKeys, Kind::kList, binding.id, {}), types_.List(binding.type->args[0])};
  }
  if (binding.kind == BindingKind::kLifecycle) {
    Depends(DepKind::kReadsState, "lifecycle " + name);
    if (expr.text == "state") {
      std::vector<const ast::Expr*> keys;
      for (size_t i = 1; i < expr.args.size(); ++i) keys.push_back(expr.args[i].get());
      std::vector<ir::NodeId> nodes;
      if (!LifecycleKeys(binding, keys, env, expr.span, nodes)) return Error();
      return {b_.Make(Op::kLifeState, Kind::kInt, binding.id, nodes), binding.type};
    }
    std::vector<const ast::Expr*> keys;
    for (size_t i = 1; i < expr.args.size(); ++i) keys.push_back(expr.args[i].get());
    Checked keep;
    if (expr.has_target && KeepMember(binding, name, expr.text, keys, env, expr.span, false, keep)) return keep;
    if (expr.text == "count" || expr.text == "keys") {
      uint32_t state = kNone;
      if (expr.args.size() > 1) {
        Checked ordinal = Check(*expr.args[1], env, binding.type);
        if (!ordinal.ok()) return ordinal;
        if (ordinal.type != binding.type || !b_.IsConst(ordinal.node)) {
          return Fail(diag::Code::kTypeMismatch, expr.args[1]->span, "expected the name of a state");
        }
        state = static_cast<uint32_t>(b_.ConstValue(ordinal.node).i);
      }
      if (expr.text == "count") return {b_.Make(Op::kLifeCount, Kind::kInt, binding.id, {}, state), integer};
      TypeRef key = binding.key_types.size() == 1 ? binding.key_types[0] : types_.List(dyn);
      return {b_.Make(Op::kLifeKeys, Kind::kList, binding.id, {}, state), types_.List(key)};
    }
  }
  return Fail(diag::Code::kUnknownFunction, expr.name_span, "\"" + name + "\" has no " + expr.text + "()");
}

namespace {

// "int, list(A) -> bool"
std::string SignatureText(const std::vector<TypeRef>& params, TypeRef result) {
  std::string text;
  for (TypeRef param : params) text += (text.empty() ? "" : ", ") + ToText(param);
  return text + (text.empty() ? "-> " : " -> ") + ToText(result);
}

// How often evaluating `body` may read the name: twice stands for more. Inside a macro it may be read for each element.
int Uses(const ast::Expr& body, const std::string& name) {
  if (body.kind == ast::ExprKind::kIdent) return body.text == name ? 1 : 0;
  int uses = 0;
  for (size_t i = 0; i < body.args.size() && uses < 2; ++i) {
    bool repeated = body.kind == ast::ExprKind::kCall && body.has_target && i >= 2;
    uses += Uses(*body.args[i], name) * (repeated ? 2 : 1);
  }
  return uses;
}

}  // namespace

Checked Checker::UserFunction(const ast::Expr& expr, const Function& fn, const Env& env) {
  Depends(DepKind::kCalls, "fn " + expr.text);
  if (expr.args.size() != fn.params.size()) {
    return Fail(diag::Code::kNoOverload, expr.span,
                expr.text + " takes " + std::to_string(fn.params.size()) + (fn.params.size() == 1 ? " argument" : " arguments") +
                    ", not " + std::to_string(expr.args.size()) + "; there is " + SignatureText(fn.params, fn.result));
  }
  Env inner(env.Root());
  bool failed = false;
  std::vector<std::pair<uint32_t, ir::NodeId>> lets;
  for (size_t i = 0; i < fn.params.size(); ++i) {
    Checked arg = AsValue(Check(*expr.args[i], env));
    failed = failed || !arg.ok();
    if (!arg.ok()) continue;
    Bindings bindings;
    bool dynamic = false;
    if (!Fits(fn.params[i], arg.type, bindings, dynamic)) {
      failed = true;
      Fail(diag::Code::kTypeMismatch, expr.args[i]->span,
           "\"" + fn.decl->params[i].name.text + "\" is " + ToText(fn.params[i]) + ", this is " + ToText(arg.type));
      continue;
    }
    // The declared type is only relied on where the argument has it for certain.
    Binding binding;
    binding.type = dynamic ? arg.type : fn.params[i];
    binding.node = arg.node;
    const std::string& name = fn.decl->params[i].name.text;
    Op op = b_.node(arg.node).op;
    bool cheap = op == Op::kConst || op == Op::kLocal || op == Op::kSlot || op == Op::kEvent || op == Op::kCell;
    if (!cheap && Uses(*fn.decl->body, name) > 1) {
      // Opened before the next argument is checked, so that what that binds does not take the same local.
      lets.emplace_back(b_.OpenLocal(), arg.node);
      binding.node = b_.Make(Op::kLocal, b_.node(arg.node).rep, lets.back().first, {});
    }
    inner.Bind(name, binding);
  }
  Checked body = failed ? Error() : Check(*fn.decl->body, inner, fn.result);
  if (!lets.empty()) b_.CloseLocal(lets.front().first);
  if (!body.ok()) return body;
  for (auto let = lets.rbegin(); let != lets.rend(); ++let) {
    body.node = b_.Make(Op::kLet, b_.node(body.node).rep, let->first, {let->second, body.node});
  }
  Bindings bindings;
  bool dynamic = false;
  if (Fits(fn.result, body.type, bindings, dynamic) && !dynamic) body.type = fn.result;
  return body;
}

// A function that is known by its types alone: the overloads that fit give the type, and a call fails at run time.
Checked Checker::DeclaredFunction(const ast::Expr& expr, const Function& fn, bool member, const Env& env) {
  std::vector<ir::NodeId> nodes;
  std::vector<TypeRef> given;
  std::string types;
  // Of `a.b.f(x)` the target is part of the name, unless f is a method.
  for (size_t i = expr.has_target && !member ? 1 : 0; i < expr.args.size(); ++i) {
    Checked checked = AsValue(Check(*expr.args[i], env));
    if (!checked.ok()) return Error();
    nodes.push_back(checked.node);
    given.push_back(checked.type);
    types += (types.empty() ? "" : ", ") + ToText(checked.type);
  }
  TypeRef result = nullptr;
  bool any_dynamic = false;
  std::string known;
  for (const FunctionOverload& overload : fn.overloads) {
    if (overload.member != member) continue;
    known += (known.empty() ? "" : "; ") + SignatureText(overload.params, overload.result);
    Bindings bindings;
    bool dynamic = false;
    bool fits = overload.params.size() == given.size() && (result == nullptr || any_dynamic);
    for (size_t i = 0; fits && i < given.size(); ++i) fits = Fits(overload.params[i], given[i], bindings, dynamic);
    if (!fits) continue;
    TypeRef type = Substitute(overload.result, bindings);
    result = result == nullptr || result == type ? type : types_.Basic(TypeKind::kDyn);
    any_dynamic = any_dynamic || dynamic;
  }
  if (result == nullptr) {
    return Fail(diag::Code::kNoOverload, expr.span, expr.text + " does not take (" + types + "); there is " + known);
  }
  Checked call = Failing(expr.text, nodes, member);
  call.type = result;
  return call;
}

// The declared function that a call names: by its own name in the container, by a dotted one, or as a method.
const Function* Checker::FindDeclared(const ast::Expr& expr, const Env& env, bool* member) const {
  *member = false;
  std::string prefix = expr.has_target ? PathText(*expr.args[0]) : "";
  if (!expr.has_target || !prefix.empty()) {
    std::string path = expr.has_target ? prefix + "." + expr.text : (expr.leading_dot ? "." : "") + expr.text;
    for (const std::string& candidate : NameCandidates(path, env.container)) {
      if (const Function* fn = env.FindFunction(candidate)) return fn;
    }
  }
  *member = expr.has_target;
  const Function* fn = expr.has_target ? env.FindFunction(expr.text) : nullptr;
  return fn != nullptr && fn->HasMethods() ? fn : nullptr;
}

// The type parameters within may now be anything.
void Checker::Open(TypeRef param, Bindings& bindings) {
  if (param->kind == TypeKind::kParam) bindings[param->name] = types_.Basic(TypeKind::kDyn);
  for (TypeRef arg : param->args) Open(arg, bindings);
}

// Whether a value of type `arg` may stand where `param` is wanted; type parameters are bound on the way. `dynamic`: only the
// value will tell.
bool Checker::Fits(TypeRef param, TypeRef arg, Bindings& bindings, bool& dynamic) {
  if (param == arg || arg->kind == TypeKind::kError || param->kind == TypeKind::kError || param->kind == TypeKind::kDyn)
    return true;
  if (param == types_.Nothing() || arg == types_.Nothing()) return true;
  if (param->kind == TypeKind::kParam) {
    TypeRef& bound = bindings[param->name];
    if (bound == nullptr) {
      bound = arg;
      return true;
    }
    // The more general of the two: what is read from [1] + [dyn(x)] is no int for certain.
    TypeRef current = bound;
    if (!Fits(current, arg, bindings, dynamic) && !Fits(arg, current, bindings, dynamic)) return false;
    bound = Join(current, arg);
    return true;
  }
  if (arg->kind == TypeKind::kDyn) {
    dynamic = true;
    Open(param, bindings);
    return true;
  }
  if (param->kind == TypeKind::kMap && arg->kind == TypeKind::kRecord) {
    return Fits(param->args[0], types_.Basic(TypeKind::kString), bindings, dynamic) &&
           Fits(param->args[1], types_.Basic(TypeKind::kDyn), bindings, dynamic);
  }
  if (param->kind == TypeKind::kNullable || param->kind == TypeKind::kWrapper) {
    bool same = arg->kind == param->kind;
    return arg->kind == TypeKind::kNull || Fits(param->args[0], same ? arg->args[0] : arg, bindings, dynamic);
  }
  if (arg->kind == TypeKind::kWrapper) {
    dynamic = true;
    return Fits(param, arg->args[0], bindings, dynamic);
  }
  if (param->kind != arg->kind) return false;
  if (param->kind == TypeKind::kRecord || param->kind == TypeKind::kEnum) return false;
  if (param->name != arg->name) return false;
  if (param->kind == TypeKind::kType) return true;  // type(1) == type('') is false, not a fault
  if (param->args.size() != arg->args.size()) return false;
  for (size_t i = 0; i < param->args.size(); ++i) {
    if (!Fits(param->args[i], arg->args[i], bindings, dynamic)) return false;
  }
  return true;
}

TypeRef Checker::Substitute(TypeRef type, const Bindings& bindings) {
  if (type->kind == TypeKind::kParam) {
    auto bound = bindings.find(type->name);
    return bound == bindings.end() ? types_.Nothing() : bound->second;
  }
  if (type->args.empty()) return type;
  std::vector<TypeRef> args;
  for (TypeRef arg : type->args) args.push_back(Substitute(arg, bindings));
  return types_.WithArgs(type, std::move(args));
}

namespace {

// An operator as it is written: + for _+_.
std::string Spelling(const std::string& function) {
  std::string text = function[0] == '@' ? function.substr(1) : function;
  if (function[0] == '_' || function[0] == '-') text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
  return text;
}

// How a function is called: "string.contains(string)"; "int(uint); int(double)".
std::string CallTexts(const std::string& function, bool member, const std::vector<Signature>& overloads) {
  std::string all;
  for (const Signature& signature : overloads) {
    std::string args;
    for (size_t i = member ? 1 : 0; i < signature.params.size(); ++i)
      args += (args.empty() ? "" : ", ") + ToText(signature.params[i]);
    all += (all.empty() ? "" : "; ") + (member ? ToText(signature.params[0]) + "." : "") + function + "(" + args + ")";
  }
  return all;
}

}  // namespace

bool Checker::Assignable(TypeRef to, TypeRef from) {
  Bindings bindings;
  bool dynamic = false;
  if (to->kind == TypeKind::kEnum && from->kind == TypeKind::kEnum) return to->enum_info == from->enum_info;
  return Fits(to, from, bindings, dynamic);
}

TypeRef Checker::Settle(TypeRef type) {
  if (type == types_.Nothing()) return types_.Basic(TypeKind::kDyn);
  if (type->args.empty()) return type;
  std::vector<TypeRef> args;
  for (TypeRef arg : type->args) args.push_back(Settle(arg));
  return types_.WithArgs(type, std::move(args));
}

Checked Checker::Builtin(const ast::Expr& expr, const std::string& function, bool member, std::vector<Checked> args,
                         const Env& env) {
  std::vector<ir::NodeId> nodes;
  std::string arg_types;
  for (Checked& arg : args) {
    arg = AsValue(arg);
    if (!arg.ok()) return Error();
    nodes.push_back(arg.node);
    arg_types += (arg_types.empty() ? "" : ", ") + ToText(arg.type);
  }
  const std::vector<Signature>& overloads = types_.signatures().Find(function, member);
  const Signature* chosen = nullptr;
  TypeRef result = nullptr;
  int candidates = 0;
  bool any_dynamic = false;
  std::string known;
  for (const Signature& signature : overloads) {
    known += (known.empty() ? "" : "; ") + signature.text;
    if (signature.params.size() != args.size()) continue;
    Bindings bindings;
    bool dynamic = false;
    bool fits = true;
    for (size_t i = 0; i < args.size() && fits; ++i) fits = Fits(signature.params[i], args[i].type, bindings, dynamic);
    if (!fits) continue;
    if (chosen != nullptr && !any_dynamic) break;
    TypeRef type = Substitute(signature.result, bindings);
    result = result == nullptr || result == type ? type : types_.Basic(TypeKind::kDyn);
    chosen = chosen == nullptr ? &signature : chosen;
    any_dynamic = any_dynamic || dynamic;
    ++candidates;
  }
  if (chosen == nullptr && c_.unchecked) return Failing(function, nodes, member);
  if (chosen == nullptr) {
    if (overloads.empty()) {
      const std::vector<Signature>& others = types_.signatures().Find(function, !member);
      if (!others.empty()) {
        return Fail(diag::Code::kUnknownFunction, expr.name_span,
                    "\"" + function + (member ? "\" is no method" : "\" is a method") + "; it is called as " +
                        CallTexts(function, !member, others));
      }
      std::vector<std::string> names;
      types_.signatures().AppendNames(names);
      std::vector<std::string> declared;
      if (!member) env.AppendNames(declared);
      for (const std::string& name : declared) {
        if (env.FindFunction(name) != nullptr) names.push_back(name);
      }
      return Fail(diag::Code::kUnknownFunction, expr.name_span,
                  "there is no function \"" + function + "\"" + DidYouMean(function, names));
    }
    for (const Checked& arg : args) {
      if (arg.type->kind == TypeKind::kNullable) {
        return Fail(diag::Code::kMayBeNull, expr.span, "an operand may be null (" + arg_types + "): test it with != null first");
      }
    }
    return Fail(diag::Code::kNoOverload, expr.span, Spelling(function) + " does not take (" + arg_types + "); there is " + known);
  }
  if (any_dynamic && (candidates > 1 || overloads.size() > 1)) {
    return {b_.Make(Op::kCallDyn, RepOf(result), b_.StringConstant(function), nodes, member ? 1 : 0), result};
  }
  bool matches =
      chosen->id == static_cast<uint32_t>(BuiltinId::kMatches) || chosen->id == static_cast<uint32_t>(BuiltinId::kStringMatches);
  if (matches && !c_.unchecked && !CheckRegex(*expr.args[1], nodes[1])) return Error();
  return {b_.Make(Op::kCall, RepOf(result), chosen->id, nodes), result};
}

// What is wrong with a constant pattern is said here, not at each event.
bool Checker::CheckRegex(const ast::Expr& expr, ir::NodeId pattern) {
  if (!b_.IsConst(pattern) || b_.ConstValue(pattern).kind != Kind::kString) return true;
  RegexFault fault = TryRegex(b_.ConstValue(pattern).text(), c_.limits.regex_bytes, c_.limits.regex_program);
  if (fault.kind == RegexFault::kNone) return true;
  Fail(fault.kind == RegexFault::kTooLarge ? diag::Code::kRegexTooLarge : diag::Code::kBadRegex, expr.span, fault.message);
  return false;
}

// or, orValue: the second operand is evaluated only when the first is none.
Checked Checker::OptionalOp(const ast::Expr& expr, const Env& env) {
  Checked a = Check(*expr.args[0], env);
  Checked b = AsValue(Check(*expr.args[1], env));
  if (!a.ok() || !b.ok()) return Error();
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  bool value = expr.text == "orValue";
  if (a.type->kind != TypeKind::kOptional && a.type->kind != TypeKind::kDyn) {
    return Fail(diag::Code::kTypeMismatch, expr.args[0]->span, "expected an optional value, this is " + ToText(a.type));
  }
  TypeRef inner = a.type->kind == TypeKind::kOptional ? a.type->args[0] : dyn;
  TypeRef other = value ? inner : a.type;
  bool null = b.type->kind == TypeKind::kNull || b.type->kind == TypeKind::kNullable;
  if (!c_.unchecked && !null && !Assignable(other, b.type) && !Assignable(b.type, other)) {
    return Fail(diag::Code::kTypeMismatch, expr.args[1]->span, "expected " + ToText(Settle(other)) + ", this is " + ToText(b.type));
  }
  TypeRef type = Join(other, b.type);
  return {b_.Make(value ? Op::kOptOrValue : Op::kOptOr, RepOf(type), kNone, {a.node, b.node}), type};
}

// text.format(list): reports what is certain to fail. `list` is the node of the argument.
bool Checker::CheckFormat(const ast::Expr& expr, ir::NodeId list) {
  const ast::Expr& text = *expr.args[0];
  const ast::Expr& arguments = *expr.args[1];
  bool optional = std::find(arguments.optional.begin(), arguments.optional.end(), true) != arguments.optional.end();
  if (c_.unchecked || text.kind != ast::ExprKind::kString || arguments.kind != ast::ExprKind::kList || optional) return true;
  std::vector<Kind> kinds;
  const Node& node = b_.node(list);
  for (uint32_t i = 0; i < node.arg_count; ++i) kinds.push_back(b_.node(b_.program().args[node.args + i]).rep);
  std::optional<FormatFault> fault = FindFormatFault(text.text, kinds);
  if (!fault) return true;
  bool in_text = fault->argument == FormatFault::kText;
  Fail(diag::Code::kTypeMismatch, in_text ? text.span : arguments.args[fault->argument]->span, fault->message);
  return false;
}

Checked Checker::Call(const ast::Expr& expr, const Env& env, TypeRef expected) {
  const std::string& f = expr.text;
  if (f == "_&&_" || f == "_||_") return Logic(expr, env);
  if (f == "_?_:_") return Conditional(expr, env, expected);
  if (f == "_==_" || f == "_!=_") return Equality(expr, env);
  if (f == "@in") return In(expr, env);
  if (f == "!_") {
    Checked value = CheckCondition(*expr.args[0], env);
    return value.ok() ? Checked{b_.Not(value.node), types_.Basic(TypeKind::kBool)} : value;
  }
  Checked macro;
  if (c_.macros && Macro(expr, env, macro)) return macro;
  Checked timed;
  if (TimedCall(expr, env, timed)) return timed;
  if ((expr.has_target || f == "size") && !expr.args.empty() && expr.args[0]->kind == ast::ExprKind::kIdent) {
    const Binding* binding = env.Find(expr.args[0]->text);
    const bool document = binding != nullptr && binding->kind == BindingKind::kDocument;
    if (document && expr.has_target && (f == "at" || f == "applies")) return DocumentCall(expr, *binding, env);
    if (binding != nullptr && binding->kind >= BindingKind::kSet && binding->kind <= BindingKind::kScope)
      return StateCall(expr, *binding, env);
  }
  if (expr.has_target && (f == "or" || f == "orValue") && expr.args.size() == 2) return OptionalOp(expr, env);
  bool method = false;
  if (const Function* fn = FindDeclared(expr, env, &method)) {
    if (fn->host != nullptr) return HostFunction(expr, *fn, env);
    return fn->decl != nullptr ? UserFunction(expr, *fn, env) : DeclaredFunction(expr, *fn, method, env);
  }
  if (!expr.has_target) {
    if (f == "dyn" && expr.args.size() == 1) {
      Checked value = AsValue(Check(*expr.args[0], env));
      if (value.ok()) value.type = types_.Basic(TypeKind::kDyn);
      return value;
    }
  }
  // math.ceil(x): a function whose name has a dot, not a method of `math`.
  std::string function = f;
  size_t first = 0;
  bool member = expr.has_target;
  if (expr.has_target) {
    std::string prefix = PathText(*expr.args[0]);
    if (!prefix.empty() && prefix[0] == '.') prefix.erase(0, 1);
    std::string name;
    if (!prefix.empty() && Qualified(*expr.args[0], env, &name) == nullptr && types_.signatures().Exists(prefix + "." + f)) {
      function = prefix + "." + f;
      first = 1;
      member = false;
    }
  }
  std::vector<Checked> args;
  for (size_t i = first; i < expr.args.size(); ++i) args.push_back(Check(*expr.args[i], env));
  if (function == "format" && args.size() == 2 && args[1].ok() && !CheckFormat(expr, args[1].node)) return Error();
  return Builtin(expr, function, member, std::move(args), env);
}

}  // namespace edict::sema
