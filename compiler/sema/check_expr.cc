#include "compiler/sema/check_expr.h"

#include "compiler/sema/checker.h"
#include "compiler/sema/suggest.h"

namespace edict::sema {
namespace {

// The names of types as signatures write them; null: no such name.
const char* SignatureOfTypeName(std::string_view name) {
  static const std::map<std::string_view, const char*> kNames = {{"bool", "bool"},
                                                                 {"int", "int"},
                                                                 {"uint", "uint"},
                                                                 {"double", "double"},
                                                                 {"string", "string"},
                                                                 {"bytes", "bytes"},
                                                                 {"list", "list(dyn)"},
                                                                 {"map", "map(dyn,dyn)"},
                                                                 {"null_type", "null"},
                                                                 {"type", "type(dyn)"},
                                                                 {"optional_type", "optional(dyn)"},
                                                                 {"google.protobuf.Timestamp", "timestamp"},
                                                                 {"google.protobuf.Duration", "duration"},
                                                                 {"net.IP", "net.IP"},
                                                                 {"net.CIDR", "net.CIDR"}};
  auto found = kNames.find(name);
  return found == kNames.end() ? nullptr : found->second;
}

}  // namespace

std::vector<std::string> NameCandidates(const std::string& path, std::string container) {
  if (path[0] == '.') return {path.substr(1)};
  std::vector<std::string> names;
  while (!container.empty()) {
    names.push_back(container + "." + path);
    size_t dot = container.rfind('.');
    container.resize(dot == std::string::npos ? 0 : dot);
  }
  names.push_back(path);
  return names;
}

std::string PathText(const ast::Expr& expr) {
  if (expr.kind == ast::ExprKind::kIdent) return expr.leading_dot ? "." + expr.text : expr.text;
  if (expr.kind != ast::ExprKind::kSelect) return "";
  std::string base = PathText(*expr.args[0]);
  return base.empty() ? "" : base + "." + expr.text;
}

Checked Checker::Fail(diag::Code code, source::Span span, std::string message) {
  c_.diagnostics->Report(code, span, std::move(message));
  return Error();
}

Checked Checker::Literal(Value value, TypeKind kind) { return {b_.Const(value), types_.Basic(kind)}; }

Checked Checker::Check(const ast::Expr& expr, const Env& env, TypeRef expected) {
  if (too_large_) return Error();  // said once
  if (++size_ > c_.limits.expression_size) {
    too_large_ = true;
    return Fail(
        diag::Code::kExpressionTooLarge, expr.span,
        "with all that it calls, the expression has more than " + std::to_string(c_.limits.expression_size) + " operations");
  }
  if (depth_ >= c_.limits.expression_depth) {
    return Fail(diag::Code::kExpressionTooDeep, expr.span,
                "with all that it calls, the expression is more than " + std::to_string(c_.limits.expression_depth) +
                    " operations deep here");
  }
  ++depth_;
  Checked result = Dispatch(expr, env, expected);
  --depth_;
  if (result.type == types_.Nothing() || (c_.unchecked && result.ok())) result.type = types_.Basic(TypeKind::kDyn);
  return result;
}

Checked Checker::Failing(const std::string& what, std::vector<ir::NodeId> args, bool member) {
  return {b_.Make(Op::kCallDyn, Node::kAny, b_.StringConstant(what), args, member ? 1 : 0), types_.Basic(TypeKind::kDyn)};
}

Checked Checker::CheckCondition(const ast::Expr& expr, const Env& env) {
  Checked result = Check(expr, env);
  if (!result.ok() || c_.unchecked) return result;
  TypeRef type = result.type->kind == TypeKind::kWrapper ? result.type->args[0] : result.type;
  if (type->kind == TypeKind::kBool || type->kind == TypeKind::kDyn) return result;
  return Fail(diag::Code::kTypeMismatch, expr.span, "expected a bool, this is " + ToText(result.type));
}

Checked Checker::Dispatch(const ast::Expr& expr, const Env& env, TypeRef expected) {
  switch (expr.kind) {
    case ast::ExprKind::kNull:
      return Literal(Value::Null(), TypeKind::kNull);
    case ast::ExprKind::kBool:
      return Literal(Value::Bool(expr.bool_value), TypeKind::kBool);
    case ast::ExprKind::kInt:
      return Literal(Value::Int(expr.int_value), TypeKind::kInt);
    case ast::ExprKind::kUint:
      return Literal(Value::Uint(expr.uint_value), TypeKind::kUint);
    case ast::ExprKind::kDouble:
      return Literal(Value::Double(expr.double_value), TypeKind::kDouble);
    case ast::ExprKind::kString:
      return Literal(Value::String(expr.text), TypeKind::kString);
    case ast::ExprKind::kBytes:
      return Literal(Value::Bytes(expr.text), TypeKind::kBytes);
    case ast::ExprKind::kIdent:
      return Ident(expr, env, expected);
    case ast::ExprKind::kSelect:
      return Select(expr, env);
    case ast::ExprKind::kOptSelect:
      return OptSelect(expr, env);
    case ast::ExprKind::kIndex:
      return Index(expr, env);
    case ast::ExprKind::kOptIndex:
      return OptIndex(expr, env);
    case ast::ExprKind::kCall:
      return Call(expr, env, expected);
    case ast::ExprKind::kList:
      return List(expr, env);
    case ast::ExprKind::kMap:
      return Map(expr, env);
    case ast::ExprKind::kStruct:
      return Message(expr, env);
  }
  return Error();
}

// The binding of an identifier or of a dotted name that was bound whole. A local (of a macro, a rule) hides what is
// declared further out, also under a dotted or qualified name that begins like it; a leading dot sees no local.
const Binding* Checker::Qualified(const ast::Expr& expr, const Env& env, std::string* name) const {
  std::string path = PathText(expr);
  if (path.empty()) return nullptr;
  if (path[0] == '.') {
    *name = path.substr(1);
    return env.Root()->Find(*name);
  }
  int local = env.Distance(std::string_view(path).substr(0, path.find('.')));
  for (const std::string& candidate : NameCandidates(path, env.container)) {
    *name = candidate;
    int distance = env.Distance(candidate);
    if (distance >= 0 && (local < 0 || distance <= local)) return env.Find(candidate);
  }
  return nullptr;
}

bool Checker::WellKnown(const ast::Expr& expr, const Env& env, Checked& result) {
  std::string path = PathText(expr);
  if (path.empty()) return false;
  for (const std::string& candidate : NameCandidates(path, env.container)) {
    if (const char* type = SignatureOfTypeName(candidate)) {
      result = {b_.Const(Value::Type(candidate)), types_.Make(TypeKind::kType, {ReadType(types_, type)})};
      return true;
    }
    if (candidate == "google.protobuf.NullValue.NULL_VALUE") {
      result = Literal(Value::Null(), TypeKind::kNull);
      return true;
    }
  }
  return false;
}

Checked Checker::Ident(const ast::Expr& expr, const Env& env, TypeRef expected) {
  if (expected != nullptr && expected->kind == TypeKind::kEnum) {
    const std::vector<std::string>& names = expected->enum_info->names;
    for (size_t i = 0; i < names.size(); ++i) {
      if (names[i] == expr.text) return {b_.Const(Value::Int(static_cast<int64_t>(i))), expected};
    }
  }
  std::string name;
  if (const Binding* binding = Qualified(expr, env, &name)) return FromBinding(expr, *binding, name, env);
  Checked known;
  if (WellKnown(expr, env, known)) return known;
  if (c_.unchecked) return Failing(expr.text, {}, false);
  std::vector<std::string> names;
  env.AppendNames(names);
  if (expected != nullptr && expected->kind == TypeKind::kEnum) {
    const std::vector<std::string>& states = expected->enum_info->names;
    names.insert(names.begin(), states.begin(), states.end());
  }
  return Fail(diag::Code::kUnknownName, expr.span, "there is no \"" + expr.text + "\" here" + DidYouMean(expr.text, names));
}

Checked Checker::FromBinding(const ast::Expr& expr, const Binding& binding, const std::string& name, const Env& env) {
  switch (binding.kind) {
    case BindingKind::kNode:
      return Narrow({b_.Inside(binding.node), binding.type}, expr, env);
    case BindingKind::kEvent:
      return {b_.Make(Op::kEvent, Kind::kMap, kNone, {}), binding.type};
    case BindingKind::kScalar: {
      Depends(DepKind::kReadsState, "state " + name);
      if (binding.maybe_unset && !env.IsPresent(name)) {
        return Fail(diag::Code::kMayBeAbsent, expr.span, "the cell \"" + name + "\" may be unset: test has(" + name + ") first");
      }
      return {b_.Make(Op::kCell, RepOf(binding.type), binding.id, {}), binding.type};
    }
    case BindingKind::kDocument:
      return ReadDocument(expr, binding, name, env);
    case BindingKind::kSet:
    case BindingKind::kMap:
    case BindingKind::kLifecycle:
    case BindingKind::kScope:
      break;
    case BindingKind::kWindow:
    case BindingKind::kTimer:
      return ReadTimed(binding, {}, env, expr.span);
  }
  return Fail(diag::Code::kTypeMismatch, expr.span,
              "\"" + name + "\" is state with keys and no value by itself; read one of its entries");
}

Checked Checker::AsValue(Checked value) {
  if (!value.ok() || value.type->kind != TypeKind::kEnum) return value;
  return {b_.Make(Op::kEnumName, Kind::kString, value.type->enum_info->id, {value.node}), types_.Basic(TypeKind::kString)};
}

namespace {

// Whether CEL lets null stand for a value of the type: its messages, and what is one in protobuf.
bool TakesNull(TypeRef type) {
  switch (type->kind) {
    case TypeKind::kDyn:
    case TypeKind::kNull:
    case TypeKind::kError:
    case TypeKind::kNullable:
    case TypeKind::kWrapper:
    case TypeKind::kRecord:
    case TypeKind::kOptional:
    case TypeKind::kOpaque:
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
    case TypeKind::kParam:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Checker::Comparable(TypeRef a, TypeRef b) {
  if (a->kind == TypeKind::kNull) return TakesNull(b);
  if (b->kind == TypeKind::kNull) return TakesNull(a);
  auto plain = [](TypeRef t) { return t->kind == TypeKind::kNullable || t->kind == TypeKind::kWrapper ? t->args[0] : t; };
  return Assignable(plain(a), plain(b)) || Assignable(plain(b), plain(a));
}

// The type of a value that is either: the same, the more general of two that fit, dyn where they differ.
TypeRef Checker::Join(TypeRef a, TypeRef b) {
  if (a == b || b == nullptr || b->kind == TypeKind::kError) return a;
  if (a == nullptr || a->kind == TypeKind::kError) return b;
  if (a == types_.Nothing()) return b;
  if (b == types_.Nothing()) return a;
  if (a->kind == b->kind && a->kind == TypeKind::kString) return types_.Basic(TypeKind::kString);
  if (a->kind == TypeKind::kNull) {
    if (!TakesNull(b)) return types_.Basic(TypeKind::kDyn);
    // CEL lets null stand for an optional value as it is; its methods then fail at run time.
    if (b->kind == TypeKind::kOptional) return b;
    bool plain = b->kind == TypeKind::kTimestamp || b->kind == TypeKind::kDuration || b->kind == TypeKind::kOpaque;
    return plain ? types_.Wrapper(b) : types_.Nullable(b);
  }
  if (b->kind == TypeKind::kNull) return Join(b, a);
  for (TypeKind kind : {TypeKind::kNullable, TypeKind::kWrapper}) {
    if (a->kind != kind && b->kind != kind) continue;
    TypeRef inner = Join(a->kind == kind ? a->args[0] : a, b->kind == kind ? b->args[0] : b);
    if (inner->kind == TypeKind::kDyn) return inner;
    return kind == TypeKind::kNullable ? types_.Nullable(inner) : types_.Wrapper(inner);
  }
  bool same_form = a->kind == b->kind && a->name == b->name && !a->args.empty() && a->args.size() == b->args.size();
  if (!same_form || (!Assignable(a, b) && !Assignable(b, a))) return types_.Basic(TypeKind::kDyn);
  std::vector<TypeRef> args;
  for (size_t i = 0; i < a->args.size(); ++i) args.push_back(Join(a->args[i], b->args[i]));
  return types_.WithArgs(a, std::move(args));
}

Checked Checker::List(const ast::Expr& expr, const Env& env) {
  std::vector<ir::NodeId> nodes;
  std::string mask;
  TypeRef element = nullptr;
  bool failed = false;
  bool any_optional = false;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    bool optional = i < expr.optional.size() && expr.optional[i];
    Checked item = AsValue(Check(*expr.args[i], env));
    failed = failed || !item.ok();
    nodes.push_back(item.node);
    TypeRef type = optional && item.type->kind == TypeKind::kOptional ? item.type->args[0] : item.type;
    element = element == nullptr ? type : Join(element, type);
    mask += optional ? '\1' : '\0';
    any_optional = any_optional || optional;
  }
  if (failed) return Error();
  uint32_t imm = any_optional ? b_.Constant(Value::Bytes(mask)) : kNone;
  return {b_.Make(Op::kList, Kind::kList, imm, nodes), types_.List(element == nullptr ? types_.Nothing() : element)};
}

Checked Checker::Map(const ast::Expr& expr, const Env& env) {
  // Whoever makes the map compares each key with all before it: thousands take milliseconds, more take seconds.
  constexpr size_t kMaxEntries = 2'000;
  if (expr.args.size() / 2 > kMaxEntries) {
    return Fail(diag::Code::kExpressionTooLarge, expr.args[2 * kMaxEntries]->span,
                "a map in an expression has at most " + std::to_string(kMaxEntries) + " entries");
  }
  std::vector<ir::NodeId> nodes;
  std::string mask;
  TypeRef sides[2] = {nullptr, nullptr};
  bool failed = false;
  bool any_optional = false;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    bool optional = i / 2 < expr.optional.size() && expr.optional[i / 2];
    Checked item = AsValue(Check(*expr.args[i], env));
    failed = failed || !item.ok();
    nodes.push_back(item.node);
    TypeRef type = i % 2 == 1 && optional && item.type->kind == TypeKind::kOptional ? item.type->args[0] : item.type;
    TypeRef& side = sides[i % 2];
    side = side == nullptr ? type : Join(side, type);
    if (i % 2 == 0) mask += optional ? '\1' : '\0';
    any_optional = any_optional || optional;
  }
  if (failed) return Error();
  uint32_t imm = any_optional ? b_.Constant(Value::Bytes(mask)) : kNone;
  for (TypeRef& side : sides) side = side == nullptr ? types_.Nothing() : side;
  return {b_.Make(Op::kMap, Kind::kMap, imm, nodes), types_.Map(sides[0], sides[1])};
}

Checked CheckExpr(const CheckContext& context, const ast::Expr& expr, const Env& env, TypeRef expected) {
  Checker checker(context);
  Checked result = checker.Check(expr, env, expected);
  result.type = checker.Settle(result.type);
  if (!result.ok() || expected == nullptr || checker.Assignable(expected, result.type)) return result;
  context.diagnostics->Report(diag::Code::kTypeMismatch, expr.span,
                              "expected " + ToText(expected) + ", this is " + ToText(result.type));
  return {kNone, context.types->Basic(TypeKind::kError)};
}

void Assume(Env& env, const Facts& facts) {
  for (const std::string& path : facts.present) env.AssumePresent(path);
  for (const std::string& path : facts.not_null) env.AssumeNotNull(path);
}

namespace {

void Append(Facts& facts, Facts more) {
  facts.present.insert(facts.present.end(), more.present.begin(), more.present.end());
  facts.not_null.insert(facts.not_null.end(), more.not_null.begin(), more.not_null.end());
}

}  // namespace

Facts FactsWhen(const ast::Expr& expr, bool truth, const Env& env) {
  Facts facts;
  if (expr.kind != ast::ExprKind::kCall) return facts;
  if (expr.text == "_&&_" || expr.text == "_||_") {
    if (truth == (expr.text == "_&&_")) {
      Append(facts, FactsWhen(*expr.args[0], truth, env));
      Append(facts, FactsWhen(*expr.args[1], truth, env));
    }
  } else if (expr.text == "!_") {
    return FactsWhen(*expr.args[0], !truth, env);
  } else if (expr.text == "has" && expr.args.size() == 1 && truth) {
    std::string path = PathText(*expr.args[0]);
    if (!path.empty()) facts.present.push_back(path);
  } else if ((expr.text == "_!=_" && truth) || (expr.text == "_==_" && !truth)) {
    for (int side = 0; side < 2; ++side) {
      std::string path = PathText(*expr.args[side]);
      if (expr.args[1 - side]->kind == ast::ExprKind::kNull && !path.empty()) facts.not_null.push_back(path);
    }
  }
  return facts;
}

}  // namespace edict::sema
