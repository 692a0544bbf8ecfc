// Lifecycles: each group of transitions on one event becomes a check (is there a legal transition?) and an effect (take it).
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/sema/signatures.h"

namespace edict::lower {

using sema::TypeKind;

void Lowerer::DeclareLifecycle(const ast::LifecycleDecl& decl, const Placed& placed) {
  Site site{placed.file, placed.scope, "lifecycle " + decl.name.text};
  Enum states;
  states.name = decl.name.text;
  states.names = {"absent"};
  auto add = [&](const std::string& name) {
    if (name == "*" || name == "same" || std::count(states.names.begin(), states.names.end(), name) != 0) return;
    states.names.push_back(name);
  };
  const ast::TransitionDecl* first = nullptr;
  for (const ast::TransitionDecl& transition : decl.transitions) {
    for (const ast::Name& from : transition.from) add(from.text);
    add(transition.to.text);
    if (transition.recover) add(transition.recover->text);
    if (first == nullptr && !transition.events.empty()) first = &transition;
  }
  if (first == nullptr || decl.keys.empty()) {
    Report(diag::Code::kBadLifecycle, decl.name.span, "a lifecycle needs keys and transitions");
    return;
  }
  Lifecycle lifecycle;
  lifecycle.name = decl.name.text;
  lifecycle.key_count = static_cast<uint32_t>(decl.keys.size());
  lifecycle.states = static_cast<uint32_t>(p_.enums.size());
  lifecycle.scope = placed.scope;
  lifecycle.span = AddSpan(decl.name.span);
  if (decl.scope) {
    auto scope = scope_ids_.find(decl.scope->text);
    if (scope == scope_ids_.end()) {
      Report(diag::Code::kUnknownName, decl.scope->span, "there is no scope \"" + decl.scope->text + "\"");
    } else {
      lifecycle.scope = scope->second;
    }
  }
  uint64_t bytes = 0;
  if (!ReadBounds(decl.bounds, site, lifecycle.bound, bytes, lifecycle.bound_code)) {
    Report(diag::Code::kMissingBound, decl.name.span, "the lifecycle has no bound: add \"bound 10_000 keys\"");
  }
  sema::EnumInfo info;
  info.name = "state of " + decl.name.text;
  info.names = states.names;
  info.id = lifecycle.states;
  sema::Binding binding;
  binding.kind = sema::BindingKind::kLifecycle;
  binding.id = static_cast<uint32_t>(p_.lifecycles.size());
  binding.type = types_.Enum(std::move(info));
  binding.declared = decl.name.span;
  std::vector<const ast::TransitionDecl*> lines;
  for (const ast::TransitionDecl& transition : decl.transitions) lines.push_back(&transition);
  for (const ast::ExprPtr& key : decl.keys) binding.key_types.push_back(KeyType(*key, lines, site));
  DeclareKeeps(decl, site, lifecycle, binding);
  WarnDeadTransitions(decl);
  WarnEndless(decl, lifecycle.scope);
  p_.enums.push_back(std::move(states));
  p_.lifecycles.push_back(std::move(lifecycle));
  ids_[placed.declaration] = binding.id;
  root_.Bind(decl.name.text, binding);
}

// The type of a key on all events of the lifecycle: optional if it is so on any.
sema::TypeRef Lowerer::KeyType(const ast::Expr& key, const std::vector<const ast::TransitionDecl*>& lines, const Site& site) {
  sema::TypeRef type = types_.Basic(TypeKind::kError);
  std::string first;
  for (const ast::TransitionDecl* line : lines) {
    for (const ast::Name& name : line->events) {
      auto event = event_by_name_.find(name.text);
      if (event == event_by_name_.end()) continue;  // reported with the group
      // Only the type is wanted; faults are reported where each group is lowered.
      diag::Diagnostics ignored;
      sema::Env env(&root_);
      BindEvent(env, "e", event->second, {event->second});
      sema::TypeRef here = sema::CheckExpr(Context(ignored, site), key, env).type;
      if (here->kind == TypeKind::kError || here == type) continue;
      if (type->kind == TypeKind::kError) {
        type = here;
        first = name.text;
        continue;
      }
      auto plain = [](sema::TypeRef t) { return t->kind == TypeKind::kOptional ? t->args[0] : t; };
      bool optional = type->kind == TypeKind::kOptional || here->kind == TypeKind::kOptional;
      if (plain(type)->kind != plain(here)->kind) {
        Report(diag::Code::kBadLifecycle, key.span,
               "the key is " + ToText(type) + " on " + first + " but " + ToText(here) + " on " + name.text);
        return types_.Basic(TypeKind::kError);
      }
      type = optional ? types_.Optional(plain(type)) : plain(type);
    }
  }
  return type;
}

// `key`, `key1` ... and `state`, as messages and conditions of a lifecycle read them.
bool Lowerer::BindKeys(const ast::LifecycleDecl& decl, uint32_t id, const std::vector<uint32_t>& keys, sema::Env& env) {
  const sema::Binding* lifecycle = root_.Find(decl.name.text);
  for (size_t i = 0; i < keys.size(); ++i) {
    sema::Binding key;
    key.type = i < lifecycle->key_types.size() ? lifecycle->key_types[i] : types_.Basic(TypeKind::kDyn);
    key.node = keys[i];
    if (i == 0) env.Bind("key", key);
    env.Bind("key" + std::to_string(i + 1), key);
  }
  sema::Binding state;
  state.type = lifecycle->type;
  state.node = b_.Make(Op::kLifeState, Kind::kInt, id, keys);
  env.Bind("state", state);
  BindKeeps(id, *lifecycle, keys, env);
  return true;
}

void Lowerer::LowerGroup(const ast::LifecycleDecl& decl, const Placed& placed, uint32_t event,
                         const std::vector<const ast::TransitionDecl*>& lines) {
  Site site{placed.file, placed.scope, "lifecycle " + decl.name.text};
  diag::Diagnostics local;
  sema::CheckContext context = Context(local, site);
  sema::Env env(&root_);
  BindEvent(env, "e", event, {event});
  uint32_t id = ids_[placed.declaration];
  const sema::Binding* lifecycle = root_.Find(decl.name.text);
  const std::vector<std::string>& names = lifecycle->type->enum_info->names;
  auto ordinal = [&](const std::string& name) {
    return b_.Const(Value::Int(std::find(names.begin(), names.end(), name) - names.begin()));
  };
  std::vector<uint32_t> keys;
  for (const ast::ExprPtr& key : decl.keys) {
    sema::Checked checked = sema::CheckExpr(context, *key, env);
    if (!checked.ok()) return Merge(local);
    size_t i = keys.size();
    if (i < lifecycle->key_types.size() && lifecycle->key_types[i]->kind == TypeKind::kOptional &&
        checked.type->kind != TypeKind::kOptional) {
      checked.node = b_.Make(Op::kCall, Kind::kOptional, static_cast<uint32_t>(sema::BuiltinId::kOptionalOf), {checked.node});
    }
    keys.push_back(checked.node);
  }
  BindKeys(decl, id, keys, env);
  ir::NodeId state = b_.Make(Op::kLifeState, Kind::kInt, id, keys);
  ir::NodeId applies = b_.Bool(false);
  std::vector<std::pair<ir::NodeId, ir::NodeId>> moves;  // condition, ordinal
  const ast::ElseClause* otherwise = nullptr;
  ir::NodeId recover = kNone;
  bool moves_at_all = false;
  for (const ast::TransitionDecl* line : lines) {
    ir::NodeId matches = b_.Bool(false);
    ir::NodeId when = b_.Bool(true);
    if (line->when != nullptr) {
      sema::Checked checked = sema::CheckExpr(context, *line->when, env, types_.Basic(TypeKind::kBool));
      if (checked.ok()) when = checked.node;
    }
    for (const ast::Name& from : line->from) {
      ir::NodeId is = from.text == "*" ? b_.Bool(true)
                                       : b_.Make(Op::kCall, Kind::kBool, static_cast<uint32_t>(sema::BuiltinId::kEquals),
                                                 {state, ordinal(from.text)});
      matches = b_.Or(matches, is);
      cover_.transitions.push_back({id, event, line->when != nullptr ? b_.And(is, when) : is,
                                    decl.name.text + ": " + p_.events[event].name + ": " + from.text + " -> " + line->to.text,
                                    line->span});
    }
    if (line->when != nullptr) matches = b_.And(matches, when);
    applies = b_.Or(applies, matches);
    moves.emplace_back(matches, line->to.text == "same" ? state : ordinal(line->to.text));
    moves_at_all = moves_at_all || line->to.text != "same";
    if (line->else_clause) otherwise = &*line->else_clause;
    if (line->recover) recover = ordinal(line->recover->text);
  }
  if (otherwise != nullptr) {
    Check check;
    check.code = ElseCode(*otherwise, site, decl.name.text);
    check.order = order_++;
    check.span = AddSpan(otherwise->span);
    cover_.checks.push_back(
        {CoverCheck::Kind::kTransition, check.order, otherwise->code.text, otherwise->code.span, {otherwise->span}});
    Clause clause;
    clause.condition = applies;
    if (otherwise->at != nullptr && !PathOf(*otherwise->at, env, context, clause.blame)) {
      local.Report(diag::Code::kBadRule, otherwise->at->span, "\"at\" wants a place in the event, such as e.id");
    }
    if (otherwise->at == nullptr) {
      Blame blame;
      if (PathOf(*decl.keys[0], env, context, blame)) clause.blame = blame;
    }
    clause.message = LowerMessage(otherwise->message, otherwise->code.text, env, context);
    check.clauses.push_back(std::move(clause));
    p_.events[event].checks.push_back(std::move(check));
  }
  if (moves_at_all || recover != kNone) {
    ir::NodeId value = recover != kNone ? recover : state;
    for (auto move = moves.rbegin(); move != moves.rend(); ++move) {
      value = b_.IsConst(move->first) && b_.ConstValue(move->first).is_true()
                  ? move->second
                  : b_.Make(Op::kCond, Kind::kInt, kNone, {move->first, move->second, value});
    }
    Effect effect;
    effect.kind = EffectKind::kLifeSet;
    effect.target = id;
    effect.guard = recover != kNone || (b_.IsConst(applies) && b_.ConstValue(applies).is_true()) ? kNone : applies;
    effect.keys = keys;
    effect.value = value;
    effect.span = AddSpan(lines[0]->span);
    p_.events[event].effects.push_back(std::move(effect));
    context.on_dependency(DepKind::kWritesState, "lifecycle " + decl.name.text);
  }
  // What is not legal changes nothing; where the event has no transitions, whatever is there is kept.
  bool always = lines.empty() || recover != kNone || (b_.IsConst(applies) && b_.ConstValue(applies).is_true());
  LowerKeeps(decl, id, event, keys, always ? kNone : applies, env, context);
  Merge(local);
}

void Lowerer::LowerLifecycle(const ast::LifecycleDecl& decl, const Placed& placed) {
  if (ids_.count(placed.declaration) == 0) return;
  std::map<uint32_t, std::vector<const ast::TransitionDecl*>> groups;
  std::vector<uint32_t> order;
  for (const ast::TransitionDecl& transition : decl.transitions) {
    for (uint32_t event : EventsOf(transition.events, false)) {
      if (groups[event].empty()) order.push_back(event);
      groups[event].push_back(&transition);
    }
  }
  for (const ast::KeepDecl& keep : decl.keeps) {
    for (const ast::KeepStep& step : keep.steps) {
      for (uint32_t event : EventsOf(step.events, false)) {
        if (groups.emplace(event, std::vector<const ast::TransitionDecl*>()).second) order.push_back(event);
      }
    }
  }
  for (uint32_t event : order) LowerGroup(decl, placed, event, groups[event]);
  for (const ast::AtEndDecl& at_end : decl.at_ends) LowerAtEnd(at_end, placed, &decl, ids_[placed.declaration]);
}

}  // namespace edict::lower
