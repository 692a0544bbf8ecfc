// Selection and indexing: fields of events and records, entries of maps, lists and state.
#include "compiler/sema/checker.h"
#include "compiler/sema/suggest.h"

namespace edict::sema {

const RecordField* Checker::FieldOf(TypeRef record, const ast::Expr& expr) {
  const RecordField* field = record->record->Find(expr.text);
  if (field != nullptr) {
    Depends(DepKind::kReadsField, ToText(record) + "." + expr.text);
    return field;
  }
  std::vector<std::string> names;
  for (const RecordField& candidate : record->record->fields) names.push_back(candidate.name);
  std::string nearest = Nearest(expr.text, names);
  diag::Diagnostic& d =
      c_.diagnostics->Report(diag::Code::kUnknownField, expr.name_span,
                             ToText(record) + " has no field \"" + expr.text + "\"" + DidYouMean(expr.text, names));
  if (const RecordField* meant = nearest.empty() ? nullptr : record->record->Find(nearest)) {
    if (meant->declared.valid()) d.labels.push_back({meant->declared, "\"" + nearest + "\" is declared here"});
    d.fixes.push_back({expr.name_span, nearest, "use the declared field"});
  }
  return nullptr;
}

// A nullable value that is known not to be null here has its plain type.
Checked Checker::Narrow(Checked value, const ast::Expr& expr, const Env& env) {
  if (!value.ok() || value.type->kind != TypeKind::kNullable) return value;
  std::string path = PathText(expr);
  if (!path.empty() && env.IsNotNull(path)) value.type = value.type->args[0];
  return value;
}

Checked Checker::Select(const ast::Expr& expr, const Env& env) {
  const ast::Expr& base_expr = *expr.args[0];
  Checked complete;
  if (KeepComplete(expr, env, complete)) return complete;
  std::string name;
  if (const Binding* whole = Qualified(expr, env, &name)) return FromBinding(expr, *whole, name, env);
  const ast::Expr& root = base_expr.kind == ast::ExprKind::kIndex ? *base_expr.args[0] : base_expr;
  if (const Binding* state = root.kind == ast::ExprKind::kIdent ? env.Find(root.text) : nullptr) {
    if (state->kind == BindingKind::kLifecycle || state->kind == BindingKind::kScope) return StateMember(expr, *state, env);
  }
  std::string path = PathText(expr);
  bool bound = !path.empty() && env.Distance(std::string_view(path).substr(0, path.find('.'))) >= 0;
  Checked known;
  if (!bound && WellKnown(expr, env, known)) return known;
  Checked base = Check(base_expr, env);
  if (!base.ok()) return base;
  uint32_t key = b_.StringConstant(expr.text);
  if (base.type->kind == TypeKind::kRecord) {
    const RecordField* field = FieldOf(base.type, expr);
    if (field == nullptr) return Error();
    if (field->optional && (path.empty() || !env.IsPresent(path))) {
      diag::Diagnostic& d = c_.diagnostics->Report(
          diag::Code::kMayBeAbsent, expr.name_span,
          "the field \"" + expr.text + "\" may be absent: test it with has(), or read it with .?" + expr.text);
      if (field->declared.valid()) d.labels.push_back({field->declared, "declared optional here"});
      if (expr.name_span.valid()) {
        source::Span before = expr.name_span;
        before.end = before.begin;
        d.fixes.push_back({before, "?", "read it as an optional value"});
      }
      return Error();
    }
    Kind rep = RepOf(field->type);
    bool slot = field->slot != kNone && base_expr.kind == ast::ExprKind::kIdent && b_.node(base.node).op == Op::kEvent;
    ir::NodeId node = slot ? b_.Make(Op::kSlot, rep, field->slot, {}) : b_.Make(Op::kField, rep, key, {base.node});
    return Narrow({node, field->type}, expr, env);
  }
  if (base.type->kind == TypeKind::kMap || base.type->kind == TypeKind::kDyn) {
    TypeRef type = base.type->kind == TypeKind::kMap ? base.type->args[1] : base.type;
    return {b_.Make(Op::kField, RepOf(type), key, {base.node}), type};
  }
  if (base.type->kind == TypeKind::kOptional) return OptSelect(expr, env);
  if (base.type->kind == TypeKind::kNullable) {
    return Fail(diag::Code::kMayBeNull, base_expr.span, "this may be null: test it with != null before reading its fields");
  }
  return Fail(diag::Code::kTypeMismatch, expr.name_span, ToText(base.type) + " has no fields");
}

Checked Checker::OptSelect(const ast::Expr& expr, const Env& env) {
  Checked base;
  if (!OptionalDocument(*expr.args[0], env, base)) base = Check(*expr.args[0], env);
  if (!base.ok()) return base;
  TypeRef inner = base.type->kind == TypeKind::kOptional ? base.type->args[0] : base.type;
  if (inner->kind == TypeKind::kNullable) inner = inner->args[0];
  if (inner == types_.Nothing()) inner = types_.Basic(TypeKind::kDyn);
  uint32_t key = b_.StringConstant(expr.text);
  TypeRef type = types_.Basic(TypeKind::kDyn);
  if (inner->kind == TypeKind::kRecord) {
    const RecordField* field = FieldOf(inner, expr);
    if (field == nullptr) return Error();
    type = field->type;
    if (field->missing) {
      TypeRef none = types_.Optional(type);
      return {b_.Const(Value::Optional(nullptr)), none};
    }
    if (field->slot != kNone && b_.node(base.node).op == Op::kEvent) {
      return {b_.Make(Op::kOptSlot, Kind::kOptional, field->slot, {}), types_.Optional(type)};
    }
  } else if (inner->kind == TypeKind::kMap) {
    type = inner->args[1];
  } else if (inner->kind != TypeKind::kDyn) {
    return Fail(diag::Code::kTypeMismatch, expr.name_span, ToText(inner) + " has no fields");
  }
  return {b_.Make(Op::kOptField, Kind::kOptional, key, {base.node}), types_.Optional(type)};
}

// has(e.x), and has(cell) of a cell that may be unset.
Checked Checker::Has(const ast::Expr& expr, const Env& env) {
  const ast::Expr& arg = *expr.args[0];
  TypeRef boolean = types_.Basic(TypeKind::kBool);
  if (arg.kind == ast::ExprKind::kIdent) {
    const Binding* binding = env.Find(arg.text);
    if (binding != nullptr && binding->kind == BindingKind::kScalar) {
      Depends(DepKind::kReadsState, "state " + arg.text);
      if (!binding->maybe_unset) return {b_.Bool(true), boolean};
      return {b_.Make(Op::kCellHas, Kind::kBool, binding->id, {}), boolean};
    }
    if (binding != nullptr && binding->kind == BindingKind::kDocument) {
      Depends(DepKind::kReadsState, "document " + arg.text);
      return {b_.Make(Op::kDocumentHas, Kind::kBool, binding->id, {}), boolean};
    }
  }
  if (arg.kind != ast::ExprKind::kSelect) return Fail(diag::Code::kBadMacro, arg.span, "has() wants a field such as has(e.name)");
  Checked base = Check(*arg.args[0], env);
  if (!base.ok()) return base;
  if (base.type->kind == TypeKind::kNullable) {
    return Fail(diag::Code::kMayBeNull, arg.args[0]->span, "this may be null: test it with != null before reading its fields");
  }
  if (base.type->kind == TypeKind::kRecord) {
    const RecordField* field = FieldOf(base.type, arg);
    if (field == nullptr) return Error();
    if (field->missing) return {b_.Bool(false), boolean};
    if (field->slot != kNone && b_.node(base.node).op == Op::kEvent) {
      return {field->optional ? b_.Make(Op::kPresent, Kind::kBool, field->slot, {}) : b_.Bool(true), boolean};
    }
  } else if (base.type->kind != TypeKind::kMap && base.type->kind != TypeKind::kDyn && base.type->kind != TypeKind::kOptional) {
    return Fail(diag::Code::kTypeMismatch, arg.name_span, ToText(base.type) + " has no fields");
  }
  return {b_.Make(Op::kHasField, Kind::kBool, b_.StringConstant(arg.text), {base.node}), boolean};
}

// One key of a state table. Where keys may be absent, a plain value is wrapped.
bool Checker::Key(const ast::Expr& expr, TypeRef type, const Env& env, ir::NodeId& node) {
  Checked key = AsValue(Check(expr, env));
  if (!key.ok()) return false;
  node = key.node;
  Bindings bindings;
  bool dynamic = false;
  if (type == nullptr || Fits(type, key.type, bindings, dynamic)) return true;
  if (type->kind == TypeKind::kOptional && Fits(type->args[0], key.type, bindings, dynamic)) {
    node = CallNode(BuiltinId::kOptionalOf, type, {key.node});
    return true;
  }
  Fail(diag::Code::kTypeMismatch, expr.span, "the key is " + ToText(type) + ", this is " + ToText(key.type));
  return false;
}

// Whether the index is one that the list, map or record can have; reported if not.
bool Checker::Indexes(TypeRef container, const Checked& index, source::Span span) {
  if (c_.unchecked || index.type->kind == TypeKind::kDyn) return true;
  TypeRef wanted = nullptr;
  if (container->kind == TypeKind::kList) wanted = types_.Basic(TypeKind::kInt);
  if (container->kind == TypeKind::kMap) wanted = container->args[0];
  if (container->kind == TypeKind::kRecord) wanted = types_.Basic(TypeKind::kString);
  if (wanted == nullptr || Assignable(wanted, index.type)) return true;
  Fail(diag::Code::kTypeMismatch, span,
       ToText(container) + " is indexed by " + ToText(wanted) + ", this is " + ToText(index.type) +
           (IsNumber(wanted) && IsNumber(index.type) ? "; dyn() around it allows any number" : ""));
  return false;
}

Checked Checker::NotIndexed(const ast::Expr& base, TypeRef type) {
  return Fail(diag::Code::kTypeMismatch, base.span,
              ToText(type) + " cannot be indexed; there is list(A)[int] -> A; map(A, B)[A] -> B");
}

namespace {

bool MayBeIndexed(TypeRef type) {
  if (type->kind == TypeKind::kNullable || type->kind == TypeKind::kWrapper) type = type->args[0];
  return type->kind == TypeKind::kDyn || type->kind == TypeKind::kRecord || type->kind == TypeKind::kList ||
         type->kind == TypeKind::kMap || type->kind == TypeKind::kParam || type->kind == TypeKind::kError;
}

}  // namespace

Checked Checker::Index(const ast::Expr& expr, const Env& env) {
  const ast::Expr& base_expr = *expr.args[0];
  const Binding* state = base_expr.kind == ast::ExprKind::kIdent ? env.Find(base_expr.text) : nullptr;
  if (state != nullptr && state->kind == BindingKind::kMap) {
    Depends(DepKind::kReadsState, "state " + base_expr.text);
    ir::NodeId key = kNone;
    if (!Key(*expr.args[1], state->type->args[0], env, key)) return Error();
    TypeRef value = state->type->args[1];
    if (state->optional_values) return {b_.Make(Op::kEntryOpt, Kind::kOptional, state->id, {key}), types_.Optional(value)};
    return {b_.Make(Op::kEntry, RepOf(value), state->id, {key}), value};
  }
  if (state != nullptr && (state->kind == BindingKind::kWindow || state->kind == BindingKind::kTimer)) {
    return ReadTimed(*state, {expr.args[1].get()}, env, expr.span);
  }
  Checked base = Check(base_expr, env);
  Checked index = AsValue(Check(*expr.args[1], env));
  if (!base.ok() || !index.ok()) return Error();
  TypeRef type = types_.Basic(TypeKind::kDyn);
  if (base.type->kind == TypeKind::kOptional) return OptIndex(expr, env);
  if (base.type->kind == TypeKind::kList) {
    type = base.type->args[0];
  } else if (base.type->kind == TypeKind::kMap) {
    type = base.type->args[1];
  } else if (base.type->kind == TypeKind::kNullable) {
    return Fail(diag::Code::kMayBeNull, base_expr.span, "this may be null: test it with != null first");
  } else if (!MayBeIndexed(base.type)) {
    return NotIndexed(base_expr, base.type);
  }
  if (!Indexes(base.type, index, expr.args[1]->span)) return Error();
  return {b_.Make(Op::kIndex, RepOf(type), kNone, {base.node, index.node}), type};
}

Checked Checker::OptIndex(const ast::Expr& expr, const Env& env) {
  const ast::Expr& base_expr = *expr.args[0];
  const Binding* state = base_expr.kind == ast::ExprKind::kIdent ? env.Find(base_expr.text) : nullptr;
  if (state != nullptr && state->kind == BindingKind::kMap) {
    Depends(DepKind::kReadsState, "state " + base_expr.text);
    ir::NodeId key = kNone;
    if (!Key(*expr.args[1], state->type->args[0], env, key)) return Error();
    return {b_.Make(Op::kEntryOpt, Kind::kOptional, state->id, {key}), types_.Optional(state->type->args[1])};
  }
  Checked base;
  if (!OptionalDocument(base_expr, env, base)) base = Check(base_expr, env);
  Checked index = AsValue(Check(*expr.args[1], env));
  if (!base.ok() || !index.ok()) return Error();
  TypeRef inner = base.type->kind == TypeKind::kOptional ? base.type->args[0] : base.type;
  if (!c_.unchecked && !MayBeIndexed(inner)) return NotIndexed(base_expr, inner);
  if (!Indexes(inner, index, expr.args[1]->span)) return Error();
  TypeRef type = inner->kind == TypeKind::kList  ? inner->args[0]
                 : inner->kind == TypeKind::kMap ? inner->args[1]
                                                 : types_.Basic(TypeKind::kDyn);
  return {b_.Make(Op::kOptIndex, Kind::kOptional, kNone, {base.node, index.node}), types_.Optional(type)};
}

bool Checker::LifecycleKeys(const Binding& lifecycle, const std::vector<const ast::Expr*>& keys, const Env& env, source::Span span,
                            std::vector<ir::NodeId>& nodes) {
  if (keys.size() != lifecycle.key_types.size()) {
    Fail(diag::Code::kNoOverload, span,
         "this lifecycle has " + std::to_string(lifecycle.key_types.size()) + " keys, not " + std::to_string(keys.size()));
    return false;
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    ir::NodeId node = kNone;
    if (!Key(*keys[i], lifecycle.key_types[i], env, node)) return false;
    nodes.push_back(node);
  }
  return true;
}

Checked Checker::StateMember(const ast::Expr& expr, const Binding& binding, const Env& env) {
  const ast::Expr& base = *expr.args[0];
  bool indexed = base.kind == ast::ExprKind::kIndex;
  const std::string& name = indexed ? base.args[0]->text : base.text;
  if (binding.kind == BindingKind::kScope && !indexed && expr.text == "open") {
    Depends(DepKind::kReadsState, "scope " + name);
    return {b_.Make(Op::kScopeOpen, Kind::kBool, binding.id, {}), types_.Basic(TypeKind::kBool)};
  }
  if (binding.kind == BindingKind::kLifecycle && indexed && expr.text == "state") {
    Depends(DepKind::kReadsState, "lifecycle " + name);
    std::vector<ir::NodeId> keys;
    if (!LifecycleKeys(binding, {base.args[1].get()}, env, base.span, keys)) return Error();
    return {b_.Make(Op::kLifeState, Kind::kInt, binding.id, keys), binding.type};
  }
  Checked keep;
  if (binding.kind == BindingKind::kLifecycle && indexed &&
      KeepMember(binding, name, expr.text, {base.args[1].get()}, env, base.span, false, keep)) {
    return keep;
  }
  return Fail(diag::Code::kUnknownField, expr.name_span,
              binding.kind == BindingKind::kScope ? "a scope is read as " + name + ".open"
                                                  : "a lifecycle is read as " + name + "[key].state");
}

}  // namespace edict::sema
