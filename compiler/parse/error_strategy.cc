#include "compiler/parse/error_strategy.h"

#include <string_view>

#include "compiler/parse/expectation.h"

namespace edict::parse {
namespace {

using antlr4::Parser;
using antlr4::ParserRuleContext;
using antlr4::Token;
using antlr4::misc::IntervalSet;

// Items of a body: an error inside one ends at it.
bool IsItem(size_t rule) {
  switch (rule) {
    case Grammar::RulePackageDecl:
    case Grammar::RuleImportDecl:
    case Grammar::RuleDeclaration:
    case Grammar::RuleMember:
    case Grammar::RuleTaggedItem:
    case Grammar::RuleProfileItem:
    case Grammar::RuleRuleClause:
    case Grammar::RuleStatement:
    case Grammar::RuleScopeItem:
    case Grammar::RuleLifecycleItem:
    case Grammar::RuleTestItem:
      return true;
    default:
      return false;
  }
}

bool BeginsDeclaration(size_t type) {
  switch (type) {
    case Lexer::TYPE:
    case Lexer::EVENT:
    case Lexer::FN:
    case Lexer::HOST:
    case Lexer::PARAM:
    case Lexer::PROFILE:
    case Lexer::RULE:
    case Lexer::STATE:
    case Lexer::SCOPE:
    case Lexer::LIFECYCLE:
    case Lexer::TEST:
    case Lexer::WINDOW:
    case Lexer::SEQUENCE:
    case Lexer::DEADLINE:
    case Lexer::ON:
    case Lexer::AT:
    case Lexer::PACKAGE:
    case Lexer::IMPORT:
      return true;
    default:
      return false;
  }
}

bool NeedsOperandAfter(size_t type) {
  switch (type) {
    case Lexer::OR:
    case Lexer::AND:
    case Lexer::EQUAL:
    case Lexer::NOT_EQUAL:
    case Lexer::LESS:
    case Lexer::LESS_EQUAL:
    case Lexer::GREATER:
    case Lexer::GREATER_EQUAL:
    case Lexer::PLUS:
    case Lexer::MINUS:
    case Lexer::STAR:
    case Lexer::SLASH:
    case Lexer::PERCENT:
    case Lexer::NOT:
    case Lexer::IN:
    case Lexer::ASSIGN:
    case Lexer::PLUS_ASSIGN:
    case Lexer::MINUS_ASSIGN:
    case Lexer::REQUIRE:
    case Lexer::WHEN:
      return true;
    default:
      return false;
  }
}

bool NeedsNameAfter(size_t type) {
  switch (type) {
    case Lexer::SEVERITY:
    case Lexer::TAGS:
    case Lexer::AFTER:
    case Lexer::ON:
    case Lexer::AS:
    case Lexer::LET:
    case Lexer::FOR:
      return true;
    default:
      return false;
  }
}

ParserRuleContext* ParentOf(const ParserRuleContext* context) { return static_cast<ParserRuleContext*>(context->parent); }

// The declaration around a context: the rule, type, scope ... whose body it is in.
const ParserRuleContext* DeclarationAround(const ParserRuleContext* context) {
  for (; context != nullptr; context = ParentOf(context)) {
    const size_t rule = context->getRuleIndex();
    if (rule == Grammar::RuleDeclaration || rule == Grammar::RuleScopeItem) return context;
  }
  return nullptr;
}

std::string JoinExpected(const std::string& expected, const std::string& found) {
  return expected.empty() ? "unexpected " + found : "expected " + expected + ", found " + found;
}

}  // namespace

void ErrorStrategy::reportError(Parser* parser, const antlr4::RecognitionException& error) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  Token* token = error.getOffendingToken();
  const size_t rule = parser->getContext()->getRuleIndex();
  const IntervalSet set = error.getExpectedTokens();
  if (const auto* no_alternative = dynamic_cast<const antlr4::NoViableAltException*>(&error)) {
    // The fault lies ahead of where the choice began, so the set of what may begin an alternative says
    // nothing about it.
    if (no_alternative->getStartToken() != token) {
      const std::string_view what = DescribeRule(rule);
      const std::string found = DescribeToken(*token, scan_.TextOf(*token));
      return Report(token, what.empty() ? "unexpected " + found : "unexpected " + found + " in " + std::string(what), IntervalSet(),
                    rule);
    }
  }
  Report(token, JoinExpected(DescribeExpected(rule, set, parser->getVocabulary()), DescribeToken(*token, scan_.TextOf(*token))),
         set, rule);
}

void ErrorStrategy::Report(Token* token, const std::string& message, const IntervalSet& set, size_t rule) {
  const size_t index = token->getTokenIndex();
  if (index == last_reported_) return;
  last_reported_ = index;
  if (const Token* policy = ReloadPolicy(*token)) {
    diagnostics_.Report(
        diag::Code::kSyntax, scan_.SpanOf(*policy),
        "expected 'keep', 'reset' or 'migrate' after 'on reload', found " + DescribeToken(*policy, scan_.TextOf(*policy)));
    return;
  }
  if (const Token* keyword = MisreadKeyword(*token)) {
    const bool operand = NeedsOperandAfter(scan_.Previous(keyword->getTokenIndex())->getType());
    diagnostics_.Report(diag::Code::kSyntax, scan_.SpanOf(*keyword),
                        std::string(operand ? "expected an expression" : "expected a name") + ", found '" +
                            std::string(scan_.TextOf(*keyword)) + "'");
    return;
  }
  const Token* previous = scan_.Previous(index);
  const bool lacks_code = previous != nullptr && previous->getType() == Lexer::ELSE && token->getType() == Lexer::STRING;
  diag::Diagnostic& diagnostic = diagnostics_.Report(diag::Code::kSyntax, scan_.SpanOf(*token),
                                                     lacks_code ? "expected a code after 'else', found a string" : message);
  if (!IsBody(rule)) AddOpener(diagnostic, *token, set);
}

void ErrorStrategy::AddOpener(diag::Diagnostic& diagnostic, const Token& token, const IntervalSet& set) const {
  static constexpr struct {
    size_t open, close;
    const char* text;
  } kPairs[] = {
      {Lexer::LPAREN, Lexer::RPAREN, "this '(' is open"},
      {Lexer::LBRACKET, Lexer::RBRACKET, "this '[' is open"},
      {Lexer::LBRACE, Lexer::RBRACE, "this '{' is open"},
  };
  if (diagnostics_.dropped() != 0) return;
  for (const auto& pair : kPairs) {
    if (!set.contains(pair.close)) continue;
    const Token* opener = scan_.OpenerBefore(token.getTokenIndex(), pair.open, pair.close);
    if (opener != nullptr) diagnostic.labels.push_back({scan_.SpanOf(*opener), pair.text});
    return;
  }
}

const Token* ErrorStrategy::MisreadKeyword(const Token& token) const {
  const Token* previous = scan_.Previous(token.getTokenIndex());
  if (previous == nullptr || !IsKeyword(previous->getType())) return nullptr;
  const Token* before = scan_.Previous(previous->getTokenIndex());
  if (before == nullptr) return nullptr;
  return NeedsOperandAfter(before->getType()) || NeedsNameAfter(before->getType()) ? previous : nullptr;
}

const Token* ErrorStrategy::ReloadPolicy(const Token& token) const {
  const auto is = [](const Token* at, size_t type) { return at != nullptr && at->getType() == type; };
  // Behind it, or behind what was taken for the target of an assignment: `on reload` could also be of an event of this name.
  const Token* policy = &token;
  for (int i = 0; i < 2 && policy != nullptr; ++i) {
    const Token* reload = scan_.Previous(policy->getTokenIndex());
    if (is(reload, Lexer::RELOAD) && is(scan_.Previous(reload->getTokenIndex()), Lexer::ON)) return policy;
    policy = reload;
  }
  return nullptr;
}

void ErrorStrategy::ReportUnclosed(ParserRuleContext* body, Token* token) {
  const size_t index = token->getTokenIndex();
  if (index == last_reported_) return;
  last_reported_ = index;
  std::string what = "this '{'";
  const ParserRuleContext* owner = ParentOf(body);
  const Token* first = owner == nullptr ? nullptr : owner->start;
  if (first != nullptr && BeginsDeclaration(first->getType()) && first->getType() != Lexer::ON &&
      first->getTokenIndex() + 1 < scan_.tokens().size()) {
    what = std::string(scan_.TextOf(*first));
    const Token* name = scan_.tokens()[first->getTokenIndex() + 1];
    if (IsName(name->getType())) what += " " + std::string(scan_.TextOf(*name));
  }
  diag::Diagnostic& diagnostic =
      diagnostics_.Report(diag::Code::kUnclosed, scan_.SpanOf(*token),
                          "expected '}' to close " + what + ", found " + DescribeToken(*token, scan_.TextOf(*token)));
  diagnostic.labels.push_back({scan_.SpanOf(*body->start), "opened here"});
}

Token* ErrorStrategy::recoverInline(Parser* parser) {
  ParserRuleContext* context = parser->getContext();
  Token* token = parser->getCurrentToken();
  const IntervalSet& expected = parser->getATN().nextTokens(parser->getATN().states[parser->getState()]);
  const bool closes_body =
      IsBody(context->getRuleIndex()) && expected.size() == 1 && expected.contains(static_cast<size_t>(Lexer::RBRACE));
  if (closes_body && (token->getType() == Token::EOF || BeginsNewDeclaration(parser))) {
    ReportUnclosed(context, token);
    beginErrorCondition(parser);
    return getMissingSymbol(parser);
  }
  throw antlr4::InputMismatchException(parser);
}

// A declaration keyword at the start of a line, indented no more than the declaration we are in.
bool ErrorStrategy::BeginsNewDeclaration(Parser* parser) const {
  const Token* token = parser->getCurrentToken();
  if (!BeginsDeclaration(token->getType()) || !scan_.IsFirstOnLine(token->getTokenIndex())) return false;
  const ParserRuleContext* declaration = DeclarationAround(parser->getContext());
  if (declaration == nullptr || token->getCharPositionInLine() > declaration->start->getCharPositionInLine()) return false;
  const size_t body = parser->getContext()->getRuleIndex();
  const bool is_item_too = token->getType() == Lexer::ON || token->getType() == Lexer::AT || token->getType() == Lexer::STATE;
  if (is_item_too && (body == Grammar::RuleRuleBody || body == Grammar::RuleScopeBody || body == Grammar::RuleLifecycleBody))
    return false;
  // Any word may be a field or a variable: only a declaration goes on with a name or a text.
  const size_t next = parser->getTokenStream()->LA(2);
  return IsName(next) || next == Lexer::STRING;
}

void ErrorStrategy::sync(Parser* parser) {
  ParserRuleContext* context = parser->getContext();
  const size_t rule = context->getRuleIndex();
  if (!IsBody(rule)) return;
  const antlr4::atn::ATN& atn = parser->getATN();
  antlr4::atn::ATNState* state = atn.states[parser->getState()];
  const IntervalSet& starts = atn.nextTokens(state);
  while (true) {
    Token* token = parser->getCurrentToken();
    const size_t type = token->getType();
    if (type == Token::EOF) return;
    if (rule != Grammar::RuleFile && type == Lexer::RBRACE) return;
    if (rule != Grammar::RuleFile && BeginsNewDeclaration(parser)) {
      if (!starts.contains(type)) return;
      // The loop would take the word for a name: give the whole declaration up.
      ReportUnclosed(context, token);
      resume_at_ = token->getTokenIndex();
      beginErrorCondition(parser);
      throw antlr4::InputMismatchException(parser);
    }
    if (starts.contains(type)) return;
    Report(token,
           JoinExpected(DescribeExpected(rule, starts, parser->getVocabulary()), DescribeToken(*token, scan_.TextOf(*token))),
           starts, rule);
    SkipTo(parser, starts, *token, scan_.Depth(token->getTokenIndex()));
  }
}

void ErrorStrategy::recover(Parser* parser, std::exception_ptr error) {
  ParserRuleContext* context = parser->getContext();
  if (context->parent == nullptr) return SkipTo(parser, IntervalSet(), *context->start, 0);
  if (!IsItem(context->getRuleIndex())) std::rethrow_exception(error);
  const antlr4::atn::ATN& atn = parser->getATN();
  const auto* call = static_cast<const antlr4::atn::RuleTransition*>(atn.states[context->invokingState]->transitions[0]);
  const IntervalSet starts = atn.getExpectedTokens(call->followState->stateNumber, ParentOf(context));
  SkipTo(parser, starts, *context->start, scan_.Depth(context->start->getTokenIndex()));
}

// Consumes tokens up to a token after `first` that can start an item: first on its line or after a ';' at
// this depth. Stops before what closes the body.
void ErrorStrategy::SkipTo(Parser* parser, const IntervalSet& starts, const Token& first, uint32_t depth) {
  antlr4::TokenStream* stream = parser->getTokenStream();
  bool after_separator = false;
  while (true) {
    const Token* token = stream->LT(1);
    const size_t index = token->getTokenIndex();
    if (token->getType() == Token::EOF) return;
    // It has not been tried yet: what is skipped began before it.
    if (index == resume_at_ && index > first.getTokenIndex()) return;
    if (scan_.Depth(index) < depth && index > first.getTokenIndex()) return;
    if (index > first.getTokenIndex() && scan_.Depth(index) == depth && starts.contains(token->getType()) &&
        (after_separator || scan_.IsFirstOnLine(index))) {
      return;
    }
    after_separator = token->getType() == Lexer::SEMICOLON;
    stream->consume();
  }
}

}  // namespace edict::parse
