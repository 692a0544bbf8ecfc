// What lifecycles keep, and documents.
#include "compiler/parse/build.h"

namespace edict::parse {

ast::KeepStep Builder::KeepStep(Grammar::KeepStepContext* context) {
  using Op = ast::AssignStatement::Op;
  ast::KeepStep step;
  const size_t op = context->op->getType();
  step.op = op == Grammar::ASSIGN ? Op::kSet : op == Grammar::PLUS_ASSIGN ? Op::kAdd : Op::kSubtract;
  step.value = Expr(context->expr());
  bool any = false;
  Events(context->eventList(), &step.events, &any);
  if (any) Report(diag::Code::kMisplacedClause, SpanOf(context->eventList()), "a keep changes on named events, not on any");
  if (context->guard() != nullptr) step.when = Expr(context->guard()->expr());
  step.span = SpanOf(context);
  return step;
}

ast::KeepDecl Builder::KeepDecl(Grammar::KeepClauseContext* context) {
  ast::KeepDecl keep;
  if (auto* text = dynamic_cast<Grammar::KeepTextContext*>(context)) {
    keep.name = Name(text->name());
    for (auto* step : text->keepStep()) keep.steps.push_back(KeepStep(step));
    for (auto* bound : text->boundClause()) keep.bounds.push_back(Bound(bound));
    keep.reload = Reload(text->reloadClause());
  } else if (auto* scalar = dynamic_cast<Grammar::KeepScalarContext*>(context)) {
    keep.name = Name(scalar->name());
    keep.type = Type(scalar->typeExpr());
    keep.initial = Expr(scalar->initial);
    for (auto* step : scalar->keepStep()) keep.steps.push_back(KeepStep(step));
    keep.reload = Reload(scalar->reloadClause());
  }
  keep.span = SpanOf(context);
  return keep;
}

ast::DocumentStep Builder::DocumentStep(Grammar::DocumentItemContext* context) {
  using Kind = ast::DocumentStep::Kind;
  ast::DocumentStep step;
  std::vector<Grammar::GuardContext*> guards;
  if (auto* set = dynamic_cast<Grammar::DocumentSetContext*>(context)) {
    step.on = On(set->onClause());
    step.value = Expr(set->expr());
    guards = set->guard();
  } else if (auto* patch = dynamic_cast<Grammar::DocumentPatchContext*>(context)) {
    step.kind = Kind::kPatch;
    step.on = On(patch->onClause());
    step.value = Expr(patch->expr());
    guards = patch->guard();
    if (patch->elseClause() != nullptr) step.else_clause = Else(patch->elseClause());
  } else if (auto* clear = dynamic_cast<Grammar::DocumentClearContext*>(context)) {
    step.kind = Kind::kClear;
    step.on = On(clear->onClause());
    guards = clear->guard();
  }
  if (!step.on.alias) step.on.alias = ast::Name{"e", step.on.span};
  for (auto* guard : guards) step.when.push_back(Expr(guard->expr()));
  step.span = SpanOf(context);
  return step;
}

ast::DocumentDecl Builder::Document(Grammar::DocumentDeclContext* context) {
  ast::DocumentDecl out;
  out.name = Name(context->name(0));
  if (context->scope != nullptr) out.scope = Name(context->scope);
  source::Span reload;
  for (auto* item : context->documentBody()->documentItem()) {
    if (!Whole(item)) continue;
    if (auto* clause = dynamic_cast<Grammar::DocumentReloadContext*>(item)) {
      if (Once(&reload, SpanOf(clause), "on reload")) out.reload = Reload(clause->reloadClause());
      continue;
    }
    if (auto* bound = dynamic_cast<Grammar::DocumentBoundContext*>(item))
      out.bounds.push_back(Bound(bound->boundClause()));
    else
      out.steps.push_back(DocumentStep(item));
  }
  out.doc = Doc(context->start);
  out.span = SpanOf(context);
  return out;
}

}  // namespace edict::parse
