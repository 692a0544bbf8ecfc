#include "compiler/parse/build.h"

namespace edict::parse {

// Where each clause that may stand once was seen.
struct Builder::SeenClauses {
  source::Span severity, on, message, fix, see;
};

ast::RuleDecl Builder::RuleDecl(Grammar::RuleDeclContext* context) {
  ast::RuleDecl rule;
  rule.code = Name(context->name());
  rule.title = String(context->STRING());
  rule.doc = Doc(context->start);
  rule.span = SpanOf(context);
  SeenClauses seen;
  for (auto* clause : context->ruleBody()->ruleClause()) {
    if (Whole(clause)) AddClause(clause, rule, seen);
  }
  return rule;
}

void Builder::AddClause(Grammar::RuleClauseContext* context, ast::RuleDecl& rule, SeenClauses& seen) {
  if (AddHeadClause(context, rule, seen) || AddTextClause(context, rule, seen)) return;
  if (auto* let = dynamic_cast<Grammar::LetClauseContext*>(context)) {
    rule.items.push_back({ast::LetClause{Name(let->name()), Expr(let->expr())}});
  } else if (auto* loop = dynamic_cast<Grammar::ForClauseContext*>(context)) {
    rule.items.push_back({For(loop->forHead())});
  } else if (auto* require = dynamic_cast<Grammar::RequireClauseContext*>(context)) {
    rule.items.push_back({Require(require->expr(), false, require->atPath(), require->STRING(), SpanOf(require))});
  } else if (auto* deny = dynamic_cast<Grammar::DenyClauseContext*>(context)) {
    rule.items.push_back({Require(deny->expr(), true, deny->atPath(), deny->STRING(), SpanOf(deny))});
  }
}

// Clauses that say what the rule is and when it applies. Returns whether it was one.
bool Builder::AddHeadClause(Grammar::RuleClauseContext* context, ast::RuleDecl& rule, SeenClauses& seen) {
  const source::Span span = SpanOf(context);
  if (auto* severity = dynamic_cast<Grammar::SeverityClauseContext*>(context)) {
    if (Once(&seen.severity, span, "severity")) rule.severity = Name(severity->name());
  } else if (auto* tags = dynamic_cast<Grammar::TagsClauseContext*>(context)) {
    for (ast::Name& tag : Labels(tags->label())) rule.tags.push_back(std::move(tag));
  } else if (auto* on = dynamic_cast<Grammar::RuleOnClauseContext*>(context)) {
    if (Once(&seen.on, span, "on")) rule.on = On(on->onClause());
  } else if (auto* after = dynamic_cast<Grammar::AfterClauseContext*>(context)) {
    for (ast::Name& code : Names(after->name())) rule.after.push_back(std::move(code));
  } else if (auto* when = dynamic_cast<Grammar::WhenClauseContext*>(context)) {
    rule.when.push_back(Expr(when->expr()));
  } else {
    return false;
  }
  return true;
}

// Clauses for people: texts, what to hide, examples. Returns whether it was one.
bool Builder::AddTextClause(Grammar::RuleClauseContext* context, ast::RuleDecl& rule, SeenClauses& seen) {
  const source::Span span = SpanOf(context);
  if (auto* message = dynamic_cast<Grammar::MessageClauseContext*>(context)) {
    if (Once(&seen.message, span, "message")) rule.message = Template(message->STRING());
  } else if (auto* fix = dynamic_cast<Grammar::FixClauseContext*>(context)) {
    if (Once(&seen.fix, span, "fix")) rule.fix = String(fix->STRING());
  } else if (auto* see = dynamic_cast<Grammar::SeeClauseContext*>(context)) {
    if (Once(&seen.see, span, "see")) rule.see = String(see->STRING());
  } else if (auto* redact = dynamic_cast<Grammar::RedactClauseContext*>(context)) {
    for (auto* expr : redact->expr()) rule.redact.push_back(Expr(expr));
  } else if (auto* example = dynamic_cast<Grammar::ExampleClauseContext*>(context)) {
    ast::Example out;
    out.pass = example->PASS() != nullptr;
    bool first = true;
    for (auto* json : example->json()) {
      ast::JsonText text = Json(json);
      if (first) {
        out.json = std::move(text.text);
        out.span = text.span;
      } else {
        out.after.push_back(std::move(text));
      }
      first = false;
    }
    rule.examples.push_back(std::move(out));
  } else {
    return false;
  }
  return true;
}

ast::RequireClause Builder::Require(Grammar::ExprContext* condition, bool deny, Grammar::AtPathContext* at,
                                    antlr4::tree::TerminalNode* message, source::Span span) {
  ast::RequireClause require;
  require.condition = Expr(condition);
  require.deny = deny;
  if (at != nullptr) require.at = Path(at);
  if (message != nullptr) require.else_message = Template(message);
  require.span = span;
  return require;
}

ast::ExprPtr Builder::Path(Grammar::AtPathContext* context) {
  too_deep_ = false;
  return Member(context->member_(), nullptr);
}

ast::OnClause Builder::On(Grammar::OnClauseContext* context) {
  ast::OnClause on;
  Events(context->eventList(), &on.types, &on.any);
  if (context->name() != nullptr) on.alias = Name(context->name());
  on.span = SpanOf(context);
  return on;
}

void Builder::Events(Grammar::EventListContext* context, std::vector<ast::Name>* types, bool* any) {
  if (auto* some = dynamic_cast<Grammar::SomeEventsContext*>(context))
    *types = Labels(some->label());
  else
    *any = true;
}

ast::ForClause Builder::For(Grammar::ForHeadContext* context) {
  ast::ForClause loop;
  loop.element = Name(context->element);
  if (context->index != nullptr) loop.index = Name(context->index);
  loop.range = Expr(context->expr());
  loop.span = SpanOf(context);
  return loop;
}

}  // namespace edict::parse
