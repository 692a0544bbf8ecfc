// Cells, handlers, scopes, and what must hold at an end.
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/sema/signatures.h"

namespace edict::lower {

using sema::BindingKind;
using sema::TypeKind;
using sema::TypeRef;

// `bound 10_000 keys`, `bound 256 bytes`; false if no number of entries is given.
bool Lowerer::ReadBounds(const std::vector<ast::BoundClause>& bounds, const Site& site, uint64_t& entries, uint64_t& bytes,
                         uint32_t& code) {
  bool any = false;
  for (const ast::BoundClause& bound : bounds) {
    bool in_bytes = bound.unit && bound.unit->text == "bytes";
    any = any || !in_bytes;
    std::optional<Value> limit = Constant(*bound.limit, root_, types_.Basic(TypeKind::kInt), site);
    if (!limit) continue;
    if (limit->i <= 0) {
      Report(diag::Code::kMissingBound, bound.limit->span, "a bound is at least 1");
      continue;
    }
    (in_bytes ? bytes : entries) = static_cast<uint64_t>(limit->i);
    if (bound.else_clause) {
      code = ElseCode(*bound.else_clause, site, bound.else_clause->code.text);
    }
  }
  return any;
}

uint64_t Lowerer::ByteBound(const ast::Name& name, const std::vector<ast::BoundClause>& bounds, const Site& site,
                            const char* missing, const char* what, uint32_t& code) {
  uint64_t entries = 0, bytes = 0;
  ReadBounds(bounds, site, entries, bytes, code);
  if (bytes == 0) {
    Report(diag::Code::kMissingBound, name.span, missing);
  } else if (bytes > kMaxTextBound) {
    Report(diag::Code::kTooLarge, bounds.back().limit->span,
           std::string(what) + " has at most " + std::to_string(kMaxTextBound) + " bytes");
  }
  return bytes;
}

// A name that stands for a state of an enum, as in `idle | active`.
static bool IsStateName(const ast::TypeExpr& type, const std::map<std::string, const ast::TypeDecl*>& declared) {
  static const std::set<std::string> kTypes = {"bool",     "int",  "uint", "number", "double", "string",
                                               "bytes",    "null", "any",  "object", "array",  "timestamp",
                                               "duration", "dyn",  "list", "map",    "set",    "optional"};
  return type.kind == ast::TypeKind::kName && type.args.empty() && kTypes.count(type.name.text) == 0 &&
         declared.count(type.name.text) == 0;
}

void Lowerer::DeclareScalar(const ast::StateDecl& decl, Cell& cell, sema::Binding& binding) {
  const ast::TypeExpr& type = *decl.type;
  Site site{nullptr, cell.scope, "state " + decl.name.text};
  binding.kind = BindingKind::kScalar;
  bool states = type.kind == ast::TypeKind::kUnion && std::all_of(type.args.begin(), type.args.end(), [&](const ast::TypePtr& arg) {
                  return IsStateName(*arg, type_decls_);
                });
  if (states) {
    sema::EnumInfo info;
    info.name = decl.name.text;
    for (const ast::TypePtr& arg : type.args) {
      if (std::count(info.names.begin(), info.names.end(), arg->name.text) != 0) {
        Report(diag::Code::kDuplicateName, arg->span, "the state \"" + arg->name.text + "\" is named twice");
      }
      info.names.push_back(arg->name.text);
    }
    info.id = static_cast<uint32_t>(p_.enums.size());
    p_.enums.push_back({info.name, info.names});
    cell.enum_id = info.id;
    binding.type = types_.Enum(std::move(info));
  } else {
    binding.type = ValueType(type);
  }
  cell.rep = sema::RepOf(binding.type);
  cell.optional = binding.maybe_unset = decl.optional;
  cell.bound = 0;
  if (decl.initial != nullptr) {
    std::optional<Value> initial = Constant(*decl.initial, root_, binding.type, site);
    if (initial) cell.initial = b_.Constant(*initial);
  } else if (!decl.optional) {
    Report(diag::Code::kBadAssignment, decl.name.span, "\"" + decl.name.text + "\" needs an initial value, or a type with ?");
  }
}

void Lowerer::DeclareState(const ast::StateDecl& decl, const Placed& placed) {
  Site site{placed.file, placed.scope, "state " + decl.name.text};
  Cell cell;
  cell.name = decl.name.text;
  cell.scope = placed.scope;
  cell.span = AddSpan(decl.name.span);
  sema::Binding binding;
  binding.id = static_cast<uint32_t>(p_.cells.size());
  binding.declared = decl.name.span;
  const ast::TypeExpr& type = *decl.type;
  bool table = type.kind == ast::TypeKind::kName && (type.name.text == "set" || type.name.text == "map");
  bool bounded = ReadBounds(decl.bounds, site, cell.bound, cell.bound_bytes, cell.bound_code);
  if (table) {
    cell.kind = type.name.text == "set" ? CellKind::kSet : CellKind::kMap;
    binding.kind = cell.kind == CellKind::kSet ? BindingKind::kSet : BindingKind::kMap;
    if (type.args.size() != (cell.kind == CellKind::kSet ? 1u : 2u)) {
      Report(diag::Code::kBadType, type.span, "write set<K> or map<K, V>");
      return;
    }
    TypeRef key = ValueType(*type.args[0]);
    TypeRef value = cell.kind == CellKind::kMap ? ValueType(*type.args[1]) : nullptr;
    // map<K, V?>: an entry may be stored without a value.
    if (value != nullptr && value->kind == TypeKind::kOptional) {
      cell.optional = binding.optional_values = true;
      value = value->args[0];
    }
    cell.key_rep = sema::RepOf(key);
    if (value != nullptr) cell.rep = sema::RepOf(value);
    binding.type = value == nullptr ? types_.List(key) : types_.Map(key, value);
    if (!bounded)
      Report(diag::Code::kMissingBound, decl.name.span, "\"" + decl.name.text + "\" has no bound: add \"bound 10_000\"");
    if (decl.initial != nullptr)
      Report(diag::Code::kBadAssignment, decl.initial->span, "a set or map starts empty: it has no initial value");
  } else {
    DeclareScalar(decl, cell, binding);
  }
  p_.cells.push_back(std::move(cell));
  root_.Bind(decl.name.text, binding);
}

void Lowerer::DeclareScope(const ast::ScopeDecl& scope, const Placed& placed) {
  sema::Binding binding;
  binding.kind = BindingKind::kScope;
  binding.id = ids_[placed.declaration];
  binding.declared = scope.name.span;
  root_.Bind(scope.name.text, binding);
}

void Lowerer::LowerScope(const ast::ScopeDecl& scope, const Placed& placed) {
  Site site{placed.file, placed.scope, "scope " + scope.name.text};
  for (const auto& [edge, kind] : {std::pair(&scope.from, EffectKind::kScopeOpen), std::pair(&scope.to, EffectKind::kScopeClose)}) {
    std::vector<uint32_t> events = EventsOf(edge->events, false);
    for (uint32_t event : events) {
      diag::Diagnostics local;
      sema::Env env(&root_);
      BindEvent(env, "e", event, events);
      Effect effect;
      effect.kind = kind;
      effect.target = ids_[placed.declaration];
      effect.span = AddSpan(scope.name.span);
      if (edge->when != nullptr) {
        effect.guard = sema::CheckExpr(Context(local, site), *edge->when, env, types_.Basic(TypeKind::kBool)).node;
      }
      Merge(local);
      p_.events[event].effects.push_back(std::move(effect));
    }
  }
}

// `at end of run require ...` is a check on the events that close the scope; of a lifecycle, for each of its keys.
void Lowerer::LowerAtEnd(const ast::AtEndDecl& decl, const Placed& placed, const ast::LifecycleDecl* lifecycle,
                         uint32_t lifecycle_id) {
  Site site{placed.file, placed.scope, lifecycle == nullptr ? "at end" : "lifecycle " + lifecycle->name.text};
  uint32_t code = ElseCode(decl.else_clause, site, lifecycle == nullptr ? decl.else_clause.code.text : lifecycle->name.text);
  uint32_t order = order_++;
  cover_.checks.push_back({CoverCheck::Kind::kAtEnd, order, decl.else_clause.code.text, decl.else_clause.code.span, {decl.span}});
  std::vector<uint32_t> events = {kNone};
  const ast::ScopeDecl* scope = nullptr;
  if (decl.scope) {
    auto found = scope_decls_.find(decl.scope->text);
    if (found == scope_decls_.end()) {
      Report(diag::Code::kUnknownName, decl.scope->span, "there is no scope \"" + decl.scope->text + "\"");
      return;
    }
    scope = found->second;
    events = EventsOf(decl.on.empty() ? scope->to.events : decl.on, false);
  }
  for (uint32_t event : events) {
    diag::Diagnostics local;
    sema::CheckContext context = Context(local, site);
    sema::Env env(&root_);
    if (event != kNone) BindEvent(env, "e", event, {event});
    Check check;
    check.code = code;
    check.order = order;
    check.span = AddSpan(decl.span);
    Clause clause;
    uint32_t first_local = kNone;
    if (scope != nullptr) {
      check.guard = b_.Make(Op::kScopeOpen, Kind::kBool, scope_ids_[scope->name.text], {});
      if (scope->to.when != nullptr) {
        sema::Checked when = sema::CheckExpr(context, *scope->to.when, env, types_.Basic(TypeKind::kBool));
        if (when.ok()) check.guard = b_.And(check.guard, when.node);
        sema::Assume(env, sema::FactsWhen(*scope->to.when, true, env));
      }
    }
    if (lifecycle != nullptr) {
      Loop loop;
      loop.range = b_.Make(Op::kLifeKeys, Kind::kList, lifecycle_id, {}, kNone);
      loop.element = first_local = b_.OpenLocal();
      ir::NodeId element = b_.Make(Op::kLocal, Node::kAny, loop.element, {});
      std::vector<uint32_t> keys = {element};
      if (lifecycle->keys.size() > 1) {
        keys.clear();
        for (size_t i = 0; i < lifecycle->keys.size(); ++i) {
          keys.push_back(b_.Make(Op::kIndex, Node::kAny, kNone, {element, b_.Const(Value::Int(static_cast<int64_t>(i)))}));
        }
      }
      BindKeys(*lifecycle, lifecycle_id, keys, env);
      clause.loops.push_back(std::move(loop));
    }
    sema::Checked condition = sema::CheckExpr(context, *decl.condition, env, types_.Basic(TypeKind::kBool));
    clause.condition = !condition.ok() ? b_.Bool(true) : decl.deny ? b_.Not(condition.node) : condition.node;
    clause.message = LowerMessage(decl.else_clause.message, decl.else_clause.code.text, env, context);
    if (first_local != kNone) b_.CloseLocal(first_local);
    check.clauses.push_back(std::move(clause));
    Merge(local);
    (event == kNone ? p_.end_checks : p_.events[event].checks).push_back(std::move(check));
  }
}

void Lowerer::Guard(const ast::ExprPtr& when, sema::Env& env, EffectSite& site) {
  if (when == nullptr) return;
  sema::Checked checked = sema::CheckExpr(*site.context, *when, env, types_.Basic(TypeKind::kBool));
  sema::Assume(env, sema::FactsWhen(*when, true, env));
  if (checked.ok()) site.guard = site.guard == kNone ? checked.node : b_.And(site.guard, checked.node);
}

// The cell and key of `cell[key]`.
void Lowerer::PutEntry(const ast::Expr& target, const sema::Env& env, const EffectSite& site, Effect& effect, TypeRef* value_type) {
  const sema::Binding* cell = target.args[0]->kind == ast::ExprKind::kIdent ? env.Find(target.args[0]->text) : nullptr;
  if (cell == nullptr || cell->kind != BindingKind::kMap) {
    site.context->diagnostics->Report(diag::Code::kBadAssignment, target.span, "only entries of a map cell can be assigned");
    return;
  }
  TypeRef key_type = cell->type->args[0];
  sema::Checked key =
      sema::CheckExpr(*site.context, *target.args[1], env, key_type->kind == TypeKind::kOptional ? nullptr : key_type);
  if (!key.ok()) return;
  if (key_type->kind == TypeKind::kOptional && key.type->kind != TypeKind::kOptional) {
    key.node = b_.Make(Op::kCall, Kind::kOptional, static_cast<uint32_t>(sema::BuiltinId::kOptionalOf), {key.node});
  }
  effect.target = cell->id;
  effect.keys = {key.node};
  *value_type = cell->type->args[1];
  effect.optional_value = cell->optional_values;
}

sema::Checked Lowerer::CheckOptionalValue(const ast::Expr& expr, const sema::Env& env, const sema::CheckContext& context,
                                          TypeRef type) {
  diag::Diagnostics unsaid;
  sema::CheckContext trial = context;
  trial.diagnostics = &unsaid;
  sema::Checked value = sema::CheckExpr(trial, expr, env);
  if (value.ok() && value.type->kind == TypeKind::kOptional) {
    TypeKind kind = value.type->args[0]->kind;
    if (kind == type->kind || kind == TypeKind::kDyn || type->kind == TypeKind::kDyn) return value;
  }
  return sema::CheckExpr(context, expr, env, type);
}

void Lowerer::LowerAssign(const ast::AssignStatement& statement, sema::Env& outer, EffectSite site) {
  sema::Env env(&outer);
  Guard(statement.when, env, site);
  diag::Diagnostics& diagnostics = *site.context->diagnostics;
  Effect effect;
  effect.guard = site.guard;
  effect.loops = site.loops;
  effect.span = AddSpan(statement.span);
  const ast::Expr& target = *statement.target;
  if (target.kind == ast::ExprKind::kIndex) {
    effect.kind = EffectKind::kPut;
    TypeRef type = nullptr;
    PutEntry(target, env, site, effect, &type);
    if (effect.target == kNone) return;
    site.context->on_dependency(DepKind::kWritesState, "state " + target.args[0]->text);
    if (statement.op != ast::AssignStatement::Op::kSet) {
      diagnostics.Report(diag::Code::kBadAssignment, target.span, "an entry is set by =, not by += or -=");
      return;
    }
    sema::Checked value = effect.optional_value ? CheckOptionalValue(*statement.value, env, *site.context, type)
                                                : sema::CheckExpr(*site.context, *statement.value, env, type);
    if (!value.ok()) return;
    effect.optional_value = effect.optional_value && value.type->kind == TypeKind::kOptional;
    effect.value = value.node;
    site.effects->push_back(std::move(effect));
    return;
  }
  const sema::Binding* cell = target.kind == ast::ExprKind::kIdent ? env.Find(target.text) : nullptr;
  if (cell == nullptr || (cell->kind != BindingKind::kScalar && cell->kind != BindingKind::kSet)) {
    diagnostics.Report(diag::Code::kBadAssignment, target.span, "only state cells can be written");
    return;
  }
  site.context->on_dependency(DepKind::kWritesState, "state " + target.text);
  effect.target = cell->id;
  if (cell->kind == BindingKind::kSet) {
    if (statement.op == ast::AssignStatement::Op::kSet) {
      diagnostics.Report(diag::Code::kBadAssignment, target.span, "a set is changed by += and -=, or \"clear\"");
      return;
    }
    effect.kind = statement.op == ast::AssignStatement::Op::kAdd ? EffectKind::kInsert : EffectKind::kErase;
    sema::Checked element = sema::CheckExpr(*site.context, *statement.value, env, cell->type->args[0]);
    if (!element.ok()) return;
    effect.keys = {element.node};
    site.effects->push_back(std::move(effect));
    return;
  }
  effect.kind = EffectKind::kSet;
  bool number = cell->type->kind == TypeKind::kInt || cell->type->kind == TypeKind::kDouble;
  if (statement.op != ast::AssignStatement::Op::kSet && !number) {
    diagnostics.Report(diag::Code::kBadAssignment, target.span, "only numbers and sets can be added to");
    return;
  }
  bool may_be_empty = cell->maybe_unset && statement.op == ast::AssignStatement::Op::kSet;
  sema::Checked value = may_be_empty ? CheckOptionalValue(*statement.value, env, *site.context, cell->type)
                                     : sema::CheckExpr(*site.context, *statement.value, env, cell->type);
  if (!value.ok()) return;
  effect.value = value.node;
  effect.optional_value = cell->maybe_unset && value.type->kind == TypeKind::kOptional;
  if (statement.op != ast::AssignStatement::Op::kSet) {
    bool add = statement.op == ast::AssignStatement::Op::kAdd;
    bool integer = cell->type->kind == TypeKind::kInt;
    auto id = integer ? (add ? sema::BuiltinId::kAddInt : sema::BuiltinId::kSubtractInt)
                      : (add ? sema::BuiltinId::kAddDouble : sema::BuiltinId::kSubtractDouble);
    ir::NodeId current = b_.Make(Op::kCell, sema::RepOf(cell->type), cell->id, {});
    effect.value = b_.Make(Op::kCall, sema::RepOf(cell->type), static_cast<uint32_t>(id), {current, value.node});
  }
  site.effects->push_back(std::move(effect));
}

void Lowerer::LowerClear(const ast::ClearStatement& statement, sema::Env& outer, EffectSite site) {
  sema::Env env(&outer);
  Guard(statement.when, env, site);
  const sema::Binding* cell = env.Find(statement.target.text);
  if (cell == nullptr || cell->kind < BindingKind::kScalar || cell->kind > BindingKind::kMap) {
    site.context->diagnostics->Report(diag::Code::kBadAssignment, statement.target.span, "only state cells can be cleared");
    return;
  }
  site.context->on_dependency(DepKind::kWritesState, "state " + statement.target.text);
  Effect effect;
  effect.kind = EffectKind::kClear;
  effect.target = cell->id;
  effect.guard = site.guard;
  effect.loops = site.loops;
  effect.span = AddSpan(statement.target.span);
  site.effects->push_back(std::move(effect));
}

void Lowerer::LowerErase(const ast::EraseStatement& statement, sema::Env& outer, EffectSite site) {
  sema::Env env(&outer);
  Guard(statement.when, env, site);
  if (statement.target->kind != ast::ExprKind::kIndex) {
    site.context->diagnostics->Report(diag::Code::kBadAssignment, statement.target->span,
                                      "\"erase\" wants an entry such as owner[key]; \"clear\" empties the whole cell");
    return;
  }
  Effect effect;
  effect.kind = EffectKind::kErase;
  effect.guard = site.guard;
  effect.loops = site.loops;
  effect.span = AddSpan(statement.span);
  TypeRef ignored = nullptr;
  PutEntry(*statement.target, env, site, effect, &ignored);
  effect.optional_value = false;
  if (effect.target == kNone) return;
  site.context->on_dependency(DepKind::kWritesState, "state " + statement.target->args[0]->text);
  site.effects->push_back(std::move(effect));
}

void Lowerer::LowerStatements(const std::vector<ast::Statement>& body, sema::Env& env, const EffectSite& site) {
  for (const ast::Statement& statement : body) {
    if (const auto* assign = std::get_if<ast::AssignStatement>(&statement.item)) {
      LowerAssign(*assign, env, site);
    } else if (const auto* when = std::get_if<ast::WhenStatement>(&statement.item)) {
      sema::Env inner(&env);
      EffectSite guarded = site;
      Guard(when->condition, inner, guarded);
      LowerStatements(when->body, inner, guarded);
    } else if (const auto* loop = std::get_if<ast::ForStatement>(&statement.item)) {
      sema::Env inner(&env);
      EffectSite looped = site;
      uint32_t local = LowerFor(loop->head, inner, *site.context, looped.loops);
      // A range is only evaluated where the statement applies; elsewhere there is no round, so that rounds need not ask again.
      if (site.guard != kNone) {
        uint32_t& range = looped.loops.back().range;
        range = b_.Make(Op::kCond, Kind::kList, kNone, {site.guard, range, b_.Const(Value::List(nullptr, 0))});
        looped.guard = kNone;
      }
      LowerStatements(loop->body, inner, looped);
      b_.CloseLocal(local);
    } else if (const auto* clear = std::get_if<ast::ClearStatement>(&statement.item)) {
      LowerClear(*clear, env, site);
    } else {
      LowerErase(std::get<ast::EraseStatement>(statement.item), env, site);
    }
  }
}

void Lowerer::LowerHandler(const ast::HandlerDecl& handler, const Placed& placed) {
  std::string name = "handler on";
  for (const ast::Name& type : handler.on.types) name += (&type == &handler.on.types.front() ? " " : ", ") + type.text;
  if (handler.on.any) name += " any";
  const source::SourceFile& file = input_.sources->file(handler.span.file);
  std::string place = file.name().substr(file.name().rfind('/') + 1) + ":" + std::to_string(file.At(handler.span.begin).line);
  Site site{placed.file, placed.scope, name + " (" + place + ")"};
  std::vector<uint32_t> events = EventsOf(handler.on.types, handler.on.any);
  for (uint32_t event : events) {
    diag::Diagnostics local;
    sema::CheckContext context = Context(local, site);
    sema::Env env(&root_);
    BindOn(env, handler.on, event, events);
    EffectSite effects;
    effects.context = &context;
    effects.effects = &p_.events[event].effects;
    size_t first = effects.effects->size();
    for (const ast::ExprPtr& when : handler.when) Guard(when, env, effects);
    LowerStatements(handler.body, env, effects);
    DependOnEventTree(site, event, *effects.effects, first);
    Merge(local);
  }
}

}  // namespace edict::lower
