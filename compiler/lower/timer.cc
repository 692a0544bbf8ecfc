// Sequences and deadlines. Both keep what has begun, by key: the events that end it come first among an event's effects, so
// that an event can end one and begin the next. A sequence's finding is a check on the event that completes it; a
// deadline's is run by the clock.
#include <algorithm>

#include "compiler/lower/lowerer.h"

namespace edict::lower {

using sema::TypeKind;

void Lowerer::DeclareTimer(const ast::TimerDecl& decl, const Placed& placed) {
  const char* word = decl.deadline ? "deadline" : "sequence";
  Site site{placed.file, placed.scope, std::string(word) + " " + decl.name.text};
  Timer timer;
  timer.name = decl.name.text;
  timer.deadline = decl.deadline;
  timer.key_count = static_cast<uint32_t>(decl.keys.size());
  timer.scope = placed.scope;
  timer.span = AddSpan(decl.name.span);
  NeedsClock(decl.name, word);
  timer.within = SpanOf(decl.within, false, site).value_or(1);
  uint64_t bytes = 0;
  const bool bounded = ReadBounds(decl.bounds, site, timer.bound, bytes, timer.bound_code);
  if (!bounded && !decl.keys.empty()) {
    Report(diag::Code::kMissingBound, decl.name.span,
           "\"" + decl.name.text + "\" has no bound: add \"bound 1_000 keys\" before the ':'");
  }
  if (bytes != 0) Report(diag::Code::kBadTimer, decl.name.span, "its bound counts keys, not bytes");
  if (decl.keys.empty() || timer.bound == 0) timer.bound = 1;
  std::vector<uint32_t> events = EventsOnce(decl.from.events, false);
  for (uint32_t event : EventsOnce(decl.to.events, false)) events.push_back(event);
  if (decl.unless) {
    for (uint32_t event : EventsOnce(decl.unless->events, false)) events.push_back(event);
  }
  sema::Binding binding;
  binding.kind = sema::BindingKind::kTimer;
  binding.id = static_cast<uint32_t>(p_.timers.size());
  binding.type = types_.Basic(TypeKind::kBool);
  binding.key_types = KeyTypesOn(decl.keys, events, diag::Code::kBadTimer, site);
  binding.dependency = site.from;
  binding.declared = decl.name.span;
  p_.timers.push_back(std::move(timer));
  root_.Bind(decl.name.text, binding);
}

void Lowerer::LowerSequenceCheck(const ast::TimerDecl& decl, const sema::CheckContext& context, const sema::Env& outer,
                                 uint32_t event, uint32_t guard, const std::vector<uint32_t>& keys) {
  const sema::Binding* binding = root_.Find(decl.name.text);
  sema::Env env(&outer);
  BindKeyNames(*binding, keys, env);
  const ast::ElseClause& otherwise = *decl.else_clause;
  Check check;
  check.code = codes_.at(otherwise.code.text);
  check.order = order_++;
  check.span = AddSpan(otherwise.span);
  check.guard = guard;
  Clause clause;
  clause.condition = b_.Not(b_.Make(Op::kArmed, Kind::kBool, binding->id, keys));
  if (otherwise.at != nullptr && !PathOf(*otherwise.at, env, context, clause.blame)) {
    context.diagnostics->Report(diag::Code::kBadRule, otherwise.at->span, "\"at\" wants a place in the event, such as e.id");
  }
  if (otherwise.at == nullptr && !decl.keys.empty()) {
    Blame blame;
    if (PathOf(*decl.keys[0], env, context, blame)) clause.blame = blame;
  }
  clause.message = LowerMessage(otherwise.message, otherwise.code.text, env, context);
  check.clauses.push_back(std::move(clause));
  p_.events[event].checks.push_back(std::move(check));
}

void Lowerer::LowerTimerEdge(const ast::TimerDecl& decl, const Placed& placed, const ast::ScopeEdge& edge, EffectKind kind) {
  const sema::Binding* binding = root_.Find(decl.name.text);
  Site site{placed.file, placed.scope, binding->dependency};
  for (uint32_t event : EventsOnce(edge.events, false)) {
    diag::Diagnostics local;
    sema::CheckContext context = Context(local, site);
    sema::Env env(&root_);
    BindEvent(env, "e", event, {event});
    Effect effect;
    effect.kind = kind;
    effect.target = binding->id;
    effect.span = AddSpan(decl.name.span);
    if (edge.when != nullptr) {
      effect.guard = sema::CheckExpr(context, *edge.when, env, types_.Basic(TypeKind::kBool)).node;
      sema::Assume(env, sema::FactsWhen(*edge.when, true, env));
    }
    if (LowerKeys(decl.keys, *binding, env, context, effect.keys)) {
      if (&edge == &decl.to && !decl.deadline && decl.else_clause) {
        LowerSequenceCheck(decl, context, env, event, effect.guard, effect.keys);
      }
      const size_t first = p_.events[event].effects.size();
      p_.events[event].effects.push_back(std::move(effect));
      DependOnEventTree(site, event, p_.events[event].effects, first);
      context.on_dependency(DepKind::kWritesState, site.from);
    }
    Merge(local);
  }
}

// What is reported when the time of a deadline has passed. Its message reads the keys and three times, all locals.
void Lowerer::LowerExpiry(const ast::TimerDecl& decl, const Placed& placed) {
  const sema::Binding* binding = root_.Find(decl.name.text);
  Site site{placed.file, placed.scope, binding->dependency};
  diag::Diagnostics local;
  sema::CheckContext context = Context(local, site);
  sema::Env env(&root_);
  const uint32_t first_local = b_.OpenLocal();
  uint32_t next = first_local;
  std::vector<uint32_t> keys;
  for (sema::TypeRef type : binding->key_types) {
    keys.push_back(b_.Make(Op::kLocal, sema::RepOf(type), next, {}));
    next = b_.OpenLocal();
  }
  BindKeyNames(*binding, keys, env);
  for (const char* name : {"opened", "due", "now"}) {
    sema::Binding time;
    time.type = types_.Basic(TypeKind::kTimestamp);
    time.node = b_.Make(Op::kLocal, Kind::kTimestamp, next, {});
    env.Bind(name, time);
    next = b_.OpenLocal();
  }
  const ast::ElseClause& otherwise = *decl.else_clause;
  Check check;
  check.code = codes_.at(otherwise.code.text);
  check.span = AddSpan(otherwise.span);  // the order stays 0: what is due comes before what the event is judged by
  Clause clause;
  clause.condition = b_.Bool(false);
  if (otherwise.at != nullptr) {
    local.Report(diag::Code::kBadTimer, otherwise.at->span, "a deadline passes without an event that \"at\" could point into");
  }
  clause.message = LowerMessage(otherwise.message, otherwise.code.text, env, context);
  check.clauses.push_back(std::move(clause));
  b_.CloseLocal(first_local);
  p_.timers[binding->id].first_local = first_local;
  p_.timers[binding->id].expiry.push_back(std::move(check));
  Merge(local);
}

void Lowerer::LowerTimer(const ast::TimerDecl& decl, const Placed& placed) {
  const sema::Binding* binding = root_.Find(decl.name.text);
  if (binding == nullptr || binding->kind != sema::BindingKind::kTimer) return;
  Site site{placed.file, placed.scope, binding->dependency};
  if (decl.else_clause) ElseCode(*decl.else_clause, site, decl.name.text);
  if (decl.unless) LowerTimerEdge(decl, placed, *decl.unless, EffectKind::kDisarm);
  LowerTimerEdge(decl, placed, decl.to, EffectKind::kDisarm);
  LowerTimerEdge(decl, placed, decl.from, EffectKind::kArm);
  if (decl.deadline && decl.else_clause) LowerExpiry(decl, placed);
}

}  // namespace edict::lower
