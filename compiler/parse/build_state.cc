#include "compiler/parse/build.h"

namespace edict::parse {

ast::StateDecl Builder::StateDecl(Grammar::StateDeclContext* context) {
  ast::StateDecl state;
  state.name = Name(context->name());
  state.type = Type(context->typeExpr());
  state.optional = context->optionalMark != nullptr;
  if (context->expr() != nullptr) state.initial = Expr(context->expr());
  for (auto* bound : context->boundClause()) state.bounds.push_back(Bound(bound));
  state.reload = Reload(context->reloadClause());
  state.doc = Doc(context->start);
  state.span = SpanOf(context);
  return state;
}

ast::BoundClause Builder::Bound(Grammar::BoundClauseContext* context) {
  ast::BoundClause bound;
  bound.limit = Constant(context->constant());
  if (context->boundUnit() != nullptr) bound.unit = ast::Name{Text(context->boundUnit()->start), SpanOf(context->boundUnit())};
  if (context->elseClause() != nullptr) bound.else_clause = Else(context->elseClause());
  bound.span = SpanOf(context);
  return bound;
}

std::optional<ast::ReloadClause> Builder::Reload(Grammar::ReloadClauseContext* context) {
  using Policy = ast::ReloadClause::Policy;
  if (!Whole(context)) return std::nullopt;
  ast::ReloadClause reload;
  reload.policy = context->RESET() != nullptr ? Policy::kReset : context->MIGRATE() != nullptr ? Policy::kMigrate : Policy::kKeep;
  if (context->expr() != nullptr) reload.migrate = Expr(context->expr());
  reload.span = SpanOf(context);
  return reload;
}

ast::ElseClause Builder::Else(Grammar::ElseClauseContext* context) {
  ast::ElseClause out;
  if (context->second != nullptr) out.severity = Name(context->first);
  out.code = Name(context->second != nullptr ? context->second : context->first);
  out.message = Template(context->STRING());
  source::Span at, fix, see;
  for (auto* tail : context->elseTail()) {
    const source::Span span = SpanOf(tail);
    if (auto* path = dynamic_cast<Grammar::ElseAtContext*>(tail)) {
      if (Once(&at, span, "at")) out.at = Path(path->atPath());
    } else if (auto* text = dynamic_cast<Grammar::ElseFixContext*>(tail)) {
      if (Once(&fix, span, "fix")) out.fix = String(text->STRING());
    } else if (auto* link = dynamic_cast<Grammar::ElseSeeContext*>(tail)) {
      if (Once(&see, span, "see")) out.see = String(link->STRING());
    }
  }
  out.span = SpanOf(context);
  return out;
}

ast::HandlerDecl Builder::Handler(Grammar::HandlerDeclContext* context) {
  ast::HandlerDecl handler;
  handler.on = On(context->onClause());
  for (auto* guard : context->guard()) handler.when.push_back(Expr(guard->expr()));
  handler.body = Block(context->block());
  handler.doc = Doc(context->start);
  handler.span = SpanOf(context);
  return handler;
}

std::vector<ast::Statement> Builder::Block(Grammar::BlockContext* context) {
  std::vector<ast::Statement> body;
  bool may_guard = false;  // whether a `when` without a block would guard the last statement
  bool body_is_broken = false;
  for (auto* child : context->children) {
    auto* statement = dynamic_cast<Grammar::StatementContext*>(child);
    if (statement == nullptr) {
      may_guard = false;
      continue;
    }
    if (!Whole(statement)) {
      // What a `when` after a broken statement guards is unknown: no second complaint.
      body_is_broken = true;
      continue;
    }
    auto* when = dynamic_cast<Grammar::WhenStatementContext*>(statement);
    if (body_is_broken && when != nullptr && when->block() == nullptr) continue;
    AddStatement(statement, body, may_guard);
    body_is_broken = false;
    may_guard = when == nullptr && dynamic_cast<Grammar::ForStatementContext*>(statement) == nullptr;
  }
  return body;
}

void Builder::AddStatement(Grammar::StatementContext* context, std::vector<ast::Statement>& body, bool may_guard) {
  const source::Span span = SpanOf(context);
  if (auto* assign = dynamic_cast<Grammar::AssignStatementContext*>(context)) {
    using Op = ast::AssignStatement::Op;
    const size_t op = assign->op->getType();
    ast::AssignStatement out;
    out.op = op == Grammar::ASSIGN ? Op::kSet : op == Grammar::PLUS_ASSIGN ? Op::kAdd : Op::kSubtract;
    out.target = Target(assign->target());
    out.value = Expr(assign->expr());
    out.span = span;
    body.push_back({std::move(out)});
  } else if (auto* clear = dynamic_cast<Grammar::ClearStatementContext*>(context)) {
    body.push_back({ast::ClearStatement{Name(clear->name()), nullptr, span}});
  } else if (auto* erase = dynamic_cast<Grammar::EraseStatementContext*>(context)) {
    body.push_back({ast::EraseStatement{Target(erase->target()), nullptr, span}});
  } else if (auto* when = dynamic_cast<Grammar::WhenStatementContext*>(context)) {
    ast::ExprPtr condition = Expr(when->expr());
    if (when->block() == nullptr) return GuardLast(std::move(condition), span, body, may_guard);
    body.push_back({ast::WhenStatement{std::move(condition), Block(when->block()), span}});
  } else if (auto* loop = dynamic_cast<Grammar::ForStatementContext*>(context)) {
    body.push_back({ast::ForStatement{For(loop->forHead()), Block(loop->block())}});
  }
}

void Builder::GuardLast(ast::ExprPtr condition, source::Span span, std::vector<ast::Statement>& body, bool may_guard) {
  if (!may_guard) {
    Report(diag::Code::kMisplacedClause, span, "a 'when' without a block must stand right after the assignment that it guards");
    return;
  }
  const auto guard = [&](auto& statement) {
    statement.when = std::move(condition);
    statement.span = source::Join(statement.span, span);
  };
  auto& item = body.back().item;
  if (auto* assign = std::get_if<ast::AssignStatement>(&item))
    guard(*assign);
  else if (auto* clear = std::get_if<ast::ClearStatement>(&item))
    guard(*clear);
  else if (auto* erase = std::get_if<ast::EraseStatement>(&item))
    guard(*erase);
}

ast::ExprPtr Builder::Target(Grammar::TargetContext* context) {
  ast::ExprPtr name = New(ast::ExprKind::kIdent, SpanOf(context->name()));
  name->text = Text(context->name()->start);
  if (context->expr() == nullptr) return name;
  ast::ExprPtr index = New(ast::ExprKind::kIndex, SpanOf(context));
  index->name_span = SpanOf(context->LBRACKET()->getSymbol());
  index->args.push_back(std::move(name));
  index->args.push_back(Expr(context->expr()));
  return Finish(std::move(index));
}

ast::ScopeEdge Builder::Edge(Grammar::ScopeEdgeContext* context) {
  ast::ScopeEdge edge;
  bool any = false;
  Events(context->eventList(), &edge.events, &any);
  if (any)
    Report(diag::Code::kMisplacedClause, SpanOf(context->eventList()), "name the events here: 'any' cannot stand in this place");
  if (context->guard() != nullptr) edge.when = Expr(context->guard()->expr());
  return edge;
}

ast::ScopeDecl Builder::Scope(Grammar::ScopeDeclContext* context) {
  ast::ScopeDecl scope;
  scope.name = Name(context->name());
  scope.from = Edge(context->from);
  scope.to = Edge(context->to);
  for (auto* item : context->scopeBody()->scopeItem()) {
    if (!Whole(item)) continue;
    if (auto declaration = ScopeItem(item)) scope.body.push_back(std::move(declaration));
  }
  scope.doc = Doc(context->start);
  scope.span = SpanOf(context);
  return scope;
}

std::unique_ptr<ast::Declaration> Builder::ScopeItem(Grammar::ScopeItemContext* context) {
  auto out = std::make_unique<ast::Declaration>();
  return AlsoInScope(context, *out) ? std::move(out) : nullptr;
}

ast::AtEndDecl Builder::AtEnd(Grammar::AtEndDeclContext* context) {
  ast::AtEndDecl out;
  ast::Name scope = Name(context->name());
  if (scope.text != "stream") out.scope = std::move(scope);
  bool any = false;
  if (context->eventList() != nullptr) Events(context->eventList(), &out.on, &any);
  if (any) Report(diag::Code::kMisplacedClause, SpanOf(context->eventList()), "leave 'on any' out: without 'on' every end counts");
  out.deny = context->DENY() != nullptr;
  out.condition = Expr(context->expr());
  out.else_clause = Else(context->elseClause());
  out.span = SpanOf(context);
  return out;
}

ast::LifecycleDecl Builder::Lifecycle(Grammar::LifecycleDeclContext* context) {
  ast::LifecycleDecl out;
  out.name = Name(context->name(0));
  for (auto* key : context->addition()) {
    too_deep_ = false;
    out.keys.push_back(Addition(key));
  }
  if (context->scope != nullptr) out.scope = Name(context->scope);
  source::Span reload;
  for (auto* item : context->lifecycleBody()->lifecycleItem()) {
    if (!Whole(item)) continue;
    if (auto* clause = dynamic_cast<Grammar::LifecycleReloadContext*>(item)) {
      if (Once(&reload, SpanOf(clause), "on reload")) out.reload = Reload(clause->reloadClause());
      continue;
    }
    if (auto* bound = dynamic_cast<Grammar::LifecycleBoundContext*>(item))
      out.bounds.push_back(Bound(bound->boundClause()));
    else if (auto* step = dynamic_cast<Grammar::LifecycleTransitionContext*>(item))
      out.transitions.push_back(Transition(step->transition()));
    else if (auto* keep = dynamic_cast<Grammar::LifecycleKeepContext*>(item))
      out.keeps.push_back(KeepDecl(keep->keepClause()));
    else if (auto* at_end = dynamic_cast<Grammar::LifecycleAtEndContext*>(item))
      out.at_ends.push_back(AtEnd(at_end->atEndDecl()));
  }
  out.doc = Doc(context->start);
  out.span = SpanOf(context);
  return out;
}

ast::TransitionDecl Builder::Transition(Grammar::TransitionContext* context) {
  ast::TransitionDecl out;
  out.events = Labels(context->label());
  if (auto* states = dynamic_cast<Grammar::SomeStatesContext*>(context->stateSet()))
    out.from = Names(states->name());
  else
    out.from.push_back(ast::Name{"*", SpanOf(context->stateSet())});
  out.to = Name(context->to);
  out.span = SpanOf(context);
  source::Span when, otherwise, recover;
  for (auto* tail : context->transitionTail()) {
    const source::Span span = SpanOf(tail);
    if (auto* guard = dynamic_cast<Grammar::TransitionWhenContext*>(tail)) {
      if (Once(&when, span, "when")) out.when = Expr(guard->expr());
    } else if (auto* clause = dynamic_cast<Grammar::TransitionElseContext*>(tail)) {
      if (Once(&otherwise, span, "else")) out.else_clause = Else(clause->elseClause());
    } else if (auto* to = dynamic_cast<Grammar::TransitionRecoverContext*>(tail)) {
      if (Once(&recover, span, "recover")) out.recover = Name(to->name());
    }
  }
  return out;
}

}  // namespace edict::parse
