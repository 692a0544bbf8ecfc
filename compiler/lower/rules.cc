// Rules: one Check for each event type that a rule judges.
#include <algorithm>

#include "compiler/lower/lowerer.h"

namespace edict::lower {

uint32_t Lowerer::LowerWhen(const std::vector<ast::ExprPtr>& when, sema::Env& env, const sema::CheckContext& context) {
  ir::NodeId guard = kNone;
  for (const ast::ExprPtr& condition : when) {
    sema::Checked checked = sema::CheckExpr(context, *condition, env, types_.Basic(sema::TypeKind::kBool));
    sema::Assume(env, sema::FactsWhen(*condition, true, env));
    if (!checked.ok()) continue;
    guard = guard == kNone ? checked.node : b_.And(guard, checked.node);
  }
  return guard;
}

// A chain of selections and indices from the event or a loop's element, as a path. False if it is none.
bool Lowerer::PathOf(const ast::Expr& expr, const sema::Env& env, const sema::CheckContext& context, Blame& blame) {
  switch (expr.kind) {
    case ast::ExprKind::kIdent: {
      const sema::Binding* binding = env.Find(expr.text);
      if (binding == nullptr) return false;
      if (binding->kind == sema::BindingKind::kEvent) return true;
      if (binding->loop == kNone) return false;
      blame.base_loop = binding->loop;
      return true;
    }
    case ast::ExprKind::kSelect:
    case ast::ExprKind::kOptSelect:
      if (!PathOf(*expr.args[0], env, context, blame)) return false;
      blame.steps.push_back({b_.StringConstant(expr.text), kNone});
      return true;
    case ast::ExprKind::kIndex:
    case ast::ExprKind::kOptIndex: {
      if (!PathOf(*expr.args[0], env, context, blame)) return false;
      sema::Checked index = sema::CheckExpr(context, *expr.args[1], env);
      if (!index.ok()) return false;
      blame.steps.push_back({kNone, index.node});
      return true;
    }
    case ast::ExprKind::kCall:
      // e.?items.orValue([]) stands where e.items stands; dyn(e) where e does.
      if (expr.text == "orValue" || (expr.text == "dyn" && !expr.has_target)) return PathOf(*expr.args[0], env, context, blame);
      return false;
    default:
      return false;
  }
}

// The nodes of a rule's `redact`. One expression has one node wherever it stands, so that they are found in messages.
std::vector<uint32_t> Lowerer::Redacted(const ast::RuleDecl& rule, const sema::Env& env, const sema::CheckContext& context) {
  std::vector<uint32_t> nodes;
  for (const ast::ExprPtr& expr : rule.redact) {
    const sema::Checked value = sema::CheckExpr(context, *expr, env);
    if (value.ok()) nodes.push_back(value.node);
  }
  return nodes;
}

// Whether a node's value is made of a redacted one.
bool Lowerer::Shows(uint32_t node, const std::vector<uint32_t>& redacted) const {
  if (redacted.empty()) return false;
  std::set<uint32_t> seen;
  std::vector<uint32_t> open = {node};
  while (!open.empty()) {
    const uint32_t id = open.back();
    open.pop_back();
    if (std::count(redacted.begin(), redacted.end(), id) != 0) return true;
    if (!seen.insert(id).second) continue;
    const Node& n = p_.nodes[id];
    for (uint32_t i = 0; i < n.arg_count; ++i) open.push_back(p_.args[n.args + i]);
  }
  return false;
}

Message Lowerer::LowerMessage(const ast::Template& text, const std::string& otherwise, const sema::Env& env,
                              const sema::CheckContext& context, const std::vector<uint32_t>& redacted) {
  Message message;
  if (text.empty()) {
    message.parts = {otherwise};
    return message;
  }
  message.parts = text.parts;
  for (const ast::ExprPtr& expr : text.exprs) {
    sema::Checked value = sema::CheckExpr(context, *expr, env);
    if (value.ok() && Shows(value.node, redacted)) {
      message.nodes.push_back(b_.Const(Value::String("***")));
      continue;
    }
    if (value.ok() && value.type->kind == sema::TypeKind::kEnum) {
      value.node = b_.Make(Op::kEnumName, Kind::kString, value.type->enum_info->id, {value.node});
    }
    message.nodes.push_back(value.ok() ? value.node : b_.Const(Value::Null()));
  }
  return message;
}

// Opens the loop's locals and binds its names; the first local, to be closed by the caller, or kNone.
uint32_t Lowerer::LowerFor(const ast::ForClause& clause, sema::Env& env, const sema::CheckContext& context,
                           std::vector<Loop>& loops) {
  sema::Checked range = sema::CheckExpr(context, *clause.range, env);
  sema::TypeRef dyn = types_.Basic(sema::TypeKind::kDyn);
  Loop loop;
  loop.range = range.node;
  loop.known = PathOf(*clause.range, env, context, loop.path);
  if (!loop.known) loop.path = {};
  loop.element = b_.OpenLocal();
  if (clause.index) loop.index = b_.OpenLocal();
  sema::Binding element;
  element.type = dyn;
  sema::TypeRef index_type = types_.Basic(sema::TypeKind::kInt);
  if (range.ok() && range.type->kind == sema::TypeKind::kList) {
    element.type = range.type->args[0];
  } else if (range.ok() && range.type->kind == sema::TypeKind::kMap) {
    // As in CEL's comprehensions one variable is the key. Of two the second is.
    element.type = range.type->args[clause.index ? 1 : 0];
    index_type = range.type->args[0];
  } else if (range.ok() && range.type->kind == sema::TypeKind::kDyn) {
    index_type = dyn;
  } else if (range.ok()) {
    context.diagnostics->Report(diag::Code::kTypeMismatch, clause.range->span,
                                "expected a list or map, this is " + sema::ToText(range.type));
  }
  element.node = b_.Make(Op::kLocal, sema::RepOf(element.type), loop.element, {});
  element.loop = loop.known ? static_cast<uint32_t>(loops.size()) : kNone;
  element.declared = clause.element.span;
  env.Bind(clause.element.text, element);
  if (clause.index) {
    sema::Binding index;
    index.type = index_type;
    index.node = b_.Make(Op::kLocal, sema::RepOf(index_type), loop.index, {});
    env.Bind(clause.index->text, index);
  }
  uint32_t first = loop.element;
  if (!range.ok()) loop.range = b_.Const(Value::List(nullptr, 0));
  loops.push_back(std::move(loop));
  return first;
}

bool Lowerer::LowerRuleOn(const ast::RuleDecl& rule, const sema::CheckContext& context, sema::Env& env, Check& check) {
  check.guard = LowerWhen(rule.when, env, context);
  std::vector<Loop> loops;
  uint32_t first_local = kNone;
  for (const ast::RuleItem& item : rule.items) {
    if (const auto* let = std::get_if<ast::LetClause>(&item.item)) {
      sema::Checked value = sema::CheckExpr(context, *let->value, env);
      sema::Binding binding;
      binding.type = value.type;
      binding.node = value.ok() ? value.node : b_.Const(Value::Null());
      binding.declared = let->name.span;
      env.Bind(let->name.text, binding);
      continue;
    }
    if (const auto* loop = std::get_if<ast::ForClause>(&item.item)) {
      uint32_t local = LowerFor(*loop, env, context, loops);
      if (first_local == kNone) first_local = local;
      continue;
    }
    const auto& require = std::get<ast::RequireClause>(item.item);
    Clause clause;
    sema::Checked condition = sema::CheckExpr(context, *require.condition, env, types_.Basic(sema::TypeKind::kBool));
    clause.condition = !condition.ok() ? b_.Bool(true) : require.deny ? b_.Not(condition.node) : condition.node;
    clause.loops = loops;
    clause.span = AddSpan(require.span);
    if (require.at != nullptr) {
      if (!PathOf(*require.at, env, context, clause.blame)) {
        context.diagnostics->Report(diag::Code::kBadRule, require.at->span,
                                    "\"at\" wants a place in the event, such as e.items[0].id");
      }
    } else if (!loops.empty() && loops.back().known) {
      clause.blame.base_loop = static_cast<uint32_t>(loops.size() - 1);
    }
    // What a `redact` reads may be bound by a later `let`: then no message before it shows it.
    diag::Diagnostics unsaid;
    sema::CheckContext unsaying = context;
    unsaying.diagnostics = &unsaid;
    clause.message = LowerMessage(require.else_message.empty() ? rule.message : require.else_message,
                                  rule.title.empty() ? rule.code.text : rule.title, env, context, Redacted(rule, env, unsaying));
    // Later clauses are only reached where this one passed.
    if (loops.empty()) sema::Assume(env, sema::FactsWhen(*require.condition, !require.deny, env));
    check.clauses.push_back(std::move(clause));
  }
  Redacted(rule, env, context);  // says what is wrong with it
  if (first_local != kNone) b_.CloseLocal(first_local);
  return !check.clauses.empty();
}

void Lowerer::LowerRule(const ast::RuleDecl& rule, const Placed& placed) {
  Site site{placed.file, placed.scope, "rule " + rule.code.text};
  uint32_t code = AddCode(rule.code.text, rule.title, SeverityOf(rule.severity, Severity::kError).value_or(Severity::kError), site,
                          rule.code.span);
  Code& entry = p_.codes[code];
  if (!rule.title.empty()) entry.title = rule.title;
  entry.fix = rule.fix;
  entry.see = rule.see;
  entry.doc = rule.doc;
  for (const ast::Name& tag : rule.tags) entry.tags.push_back(tag.text);
  if (!rule.after.empty()) after_[rule.code.text] = rule.after;
  uint32_t order = order_++;
  CoverCheck cover;
  cover.order = order;
  cover.code = rule.code.text;
  cover.span = rule.code.span;
  for (const ast::RuleItem& item : rule.items) {
    if (const auto* require = std::get_if<ast::RequireClause>(&item.item)) cover.clauses.push_back(require->span);
  }
  cover_.checks.push_back(std::move(cover));
  if (!rule.on) {
    Report(diag::Code::kBadRule, rule.code.span,
           "the rule does not say which events it judges: add \"on TYPE as e\" or \"on any as e\"");
    return;
  }
  std::vector<uint32_t> events = EventsOf(rule.on->types, rule.on->any);
  bool dead = !events.empty();
  bool toothless = !events.empty() && !MentionsParam(rule);
  for (uint32_t event : events) {
    diag::Diagnostics local;
    sema::CheckContext context = Context(local, site);
    sema::Env env(&root_);
    BindOn(env, *rule.on, event, events);
    Check check;
    check.code = code;
    check.order = order;
    check.span = AddSpan(rule.code.span);
    bool clauses = LowerRuleOn(rule, context, env, check);
    Merge(local);
    DependOnEventTree(site, event, check);
    if (!clauses) {
      Report(diag::Code::kBadRule, rule.code.span, "the rule demands nothing: add \"require\" or \"deny when\"");
      return;
    }
    bool never = check.guard != kNone && b_.IsConst(check.guard) && !b_.ConstValue(check.guard).is_true();
    if (check.guard != kNone && b_.IsConst(check.guard) && !never) check.guard = kNone;
    dead = dead && never;
    toothless = toothless && std::all_of(check.clauses.begin(), check.clauses.end(),
                                         [this](const Clause& clause) { return AlwaysTrue(clause.condition); });
    if (!never) p_.events[event].checks.push_back(std::move(check));
  }
  WarnUnusedLets(rule);
  if (dead) {
    Report(diag::Code::kDeadRule, rule.code.span, "its \"when\" is never true");
  } else if (toothless && !diagnostics_.has_errors()) {
    Report(diag::Code::kToothlessRule, rule.code.span, "what it demands always holds");
  }
}

uint32_t Lowerer::ElseCode(const ast::ElseClause& clause, const Site& site, const std::string& rule) {
  std::string title;
  for (size_t i = 0; i < clause.message.parts.size(); ++i) title += (i == 0 ? "" : "...") + clause.message.parts[i];
  uint32_t code = AddCode(clause.code.text, title, SeverityOf(clause.severity, Severity::kError).value_or(Severity::kError), site,
                          clause.code.span);
  Code& entry = p_.codes[code];
  entry.rule = rule;
  std::optional<Severity> severity = clause.severity ? SeverityOf(clause.severity, entry.severity) : std::nullopt;
  if (severity && *severity != entry.severity) {
    Report(diag::Code::kBadSeverity, clause.severity->span,
           "\"" + clause.code.text + "\" has another severity elsewhere: " + SeverityName(entry.severity));
  }
  if (entry.fix.empty()) entry.fix = clause.fix;
  if (entry.see.empty()) entry.see = clause.see;
  return code;
}

}  // namespace edict::lower
