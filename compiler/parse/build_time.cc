// Event time: the clock of an event family, windows, sequences, deadlines.
#include "compiler/parse/build.h"

namespace edict::parse {

ast::ClockDecl Builder::Clock(Grammar::TimeClauseContext* context) {
  ast::ClockDecl clock;
  clock.field = Selector(context->field);
  if (context->unit != nullptr) clock.unit = Name(context->unit);
  if (context->timeSpan() != nullptr) clock.late = TimeSpan(context->timeSpan());
  clock.span = SpanOf(context);
  return clock;
}

ast::TimeSpan Builder::TimeSpan(Grammar::TimeSpanContext* context) {
  ast::TimeSpan out;
  out.span = SpanOf(context);
  if (auto* counted = dynamic_cast<Grammar::UnitSpanContext*>(context)) {
    out.value = IntLiteral(counted->start, nullptr);
    out.unit = Name(counted->unit);
  } else if (auto* value = dynamic_cast<Grammar::ValueSpanContext*>(context)) {
    out.value = Expr(value->expr());
  }
  return out;
}

std::vector<ast::ExprPtr> Builder::Keys(Grammar::KeyListContext* context) {
  std::vector<ast::ExprPtr> keys;
  if (context == nullptr) return keys;
  for (auto* key : context->addition()) {
    too_deep_ = false;
    keys.push_back(Addition(key));
  }
  return keys;
}

ast::WindowDecl Builder::Window(Grammar::WindowDeclContext* context) {
  ast::WindowDecl out;
  out.name = Name(context->name(0));
  out.function = Name(context->function);
  Grammar::EventListContext* events = nullptr;
  if (auto* counted = dynamic_cast<Grammar::CountedEventsContext*>(context->windowSource())) {
    events = counted->eventList();
  } else if (auto* values = dynamic_cast<Grammar::ValuesOnEventsContext*>(context->windowSource())) {
    out.value = Expr(values->expr());
    events = values->eventList();
  }
  if (events != nullptr) Events(events, &out.events, &out.any);
  if (context->guard() != nullptr) out.when = Expr(context->guard()->expr());
  out.keys = Keys(context->keyList());
  out.length = TimeSpan(context->timeSpan());
  out.tumbling = context->TUMBLING() != nullptr;
  for (auto* bound : context->boundClause()) out.bounds.push_back(Bound(bound));
  out.reload = Reload(context->reloadClause());
  out.doc = Doc(context->start);
  out.span = SpanOf(context);
  return out;
}

ast::TimerDecl Builder::Sequence(Grammar::SequenceDeclContext* context) {
  ast::TimerDecl out;
  out.name = Name(context->name());
  out.keys = Keys(context->keyList());
  for (auto* bound : context->boundClause()) out.bounds.push_back(Bound(bound));
  out.reload = Reload(context->reloadClause());
  out.from = Edge(context->from);
  out.to = Edge(context->to);
  out.within = TimeSpan(context->timeSpan());
  if (context->unless != nullptr) out.unless = Edge(context->unless);
  if (context->elseClause() != nullptr) out.else_clause = Else(context->elseClause());
  out.doc = Doc(context->start);
  out.span = SpanOf(context);
  return out;
}

ast::TimerDecl Builder::Deadline(Grammar::DeadlineDeclContext* context) {
  ast::TimerDecl out;
  out.deadline = true;
  out.name = Name(context->name());
  out.keys = Keys(context->keyList());
  for (auto* bound : context->boundClause()) out.bounds.push_back(Bound(bound));
  out.reload = Reload(context->reloadClause());
  out.from = Edge(context->from);
  out.to = Edge(context->to);
  out.within = TimeSpan(context->timeSpan());
  out.else_clause = Else(context->elseClause());
  out.doc = Doc(context->start);
  out.span = SpanOf(context);
  return out;
}

}  // namespace edict::parse
