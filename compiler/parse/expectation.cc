#include "compiler/parse/expectation.h"

#include <algorithm>
#include <vector>

namespace edict::parse {
namespace {

using antlr4::Token;
using antlr4::misc::IntervalSet;

constexpr size_t kMaxQuoted = 40;  // bytes of a token shown
constexpr size_t kMaxListed = 4;   // alternatives listed one by one

// One token of a list of what was expected; empty for what is not worth a word.
std::string TokenWord(size_t type, size_t rule, const antlr4::dfa::Vocabulary& vocabulary) {
  switch (type) {
    case Token::EOF:
      return "the end";
    case Lexer::STRING:
      return rule == Grammar::RuleRuleDecl ? "a title in quotes" : rule == Grammar::RuleTestDecl ? "a name in quotes" : "a string";
    case Lexer::VERSION:
      return "a version such as 1.0.0";
    case Lexer::INT:
    case Lexer::FLOAT:
      return "a number";
    case Grammar::MESSAGE_OPEN:
    case Lexer::SEMICOLON:
      return {};
    default:
      return vocabulary.getLiteralName(type);
  }
}

std::string Listed(const std::vector<std::string>& words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i != 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

// What the items of a body are, for the places where nearly any word could follow.
std::string_view BodyItems(size_t rule) {
  switch (rule) {
    case Grammar::RuleFile:
    case Grammar::RuleDeclaration:
      return "a declaration such as rule, type, event, fn or state";
    case Grammar::RuleRuleBody:
    case Grammar::RuleRuleClause:
      return "a clause such as on, when, require or message, or '}'";
    case Grammar::RuleScopeBody:
    case Grammar::RuleScopeItem:
      return "a state, on, rule, lifecycle, document, scope or 'at end of', or '}'";
    case Grammar::RuleLifecycleBody:
    case Grammar::RuleLifecycleItem:
      return "a transition such as A : absent -> open, 'bound', 'keep', 'at end of' or '}'";
    case Grammar::RuleDocumentBody:
    case Grammar::RuleDocumentItem:
      return "'bound', 'on' with '=', 'patch' or 'clear', or '}'";
    case Grammar::RuleBlock:
    case Grammar::RuleStatement:
      return "a statement or '}'";
    case Grammar::RuleRecordBody:
    case Grammar::RuleMember:
      return "a field, '...', 'where' or '}'";
    case Grammar::RuleTaggedBody:
    case Grammar::RuleTaggedItem:
      return "a field, an alternative, 'fault', 'time', 'otherwise' or '}'";
    case Grammar::RuleProfileBody:
    case Grammar::RuleProfileItem:
      return "'severity', 'off', 'set' or '}'";
    case Grammar::RuleTestBody:
    case Grammar::RuleTestItem:
      return "an event such as TYPE { field: value }, '=>', 'end of stream', 'set', 'profile' or '}'";
    case Grammar::RuleTestObject:
    case Grammar::RuleTestField:
      return "a field such as id: \"a\", or '}'";
    case Grammar::RuleTestValue:
      return "a JSON value, or CEL in parentheses";
    case Grammar::RulePrimaryType:
      return "a type";
    case Grammar::RuleJson:
      return "a JSON value";
    default:
      return {};
  }
}

}  // namespace

bool IsBody(size_t rule) {
  switch (rule) {
    case Grammar::RuleFile:
    case Grammar::RuleRecordBody:
    case Grammar::RuleTaggedBody:
    case Grammar::RuleProfileBody:
    case Grammar::RuleRuleBody:
    case Grammar::RuleBlock:
    case Grammar::RuleScopeBody:
    case Grammar::RuleLifecycleBody:
    case Grammar::RuleTestBody:
    case Grammar::RuleDocumentBody:
      return true;
    default:
      return false;
  }
}

std::string DescribeToken(const Token& token, std::string_view text) {
  switch (token.getType()) {
    case Token::EOF:
      return "the end";
    case Lexer::STRING:
      return "a string";
    case Lexer::BYTES:
      return "a bytes literal";
    default:
      break;
  }
  if (text.size() > kMaxQuoted) return "'" + std::string(text.substr(0, kMaxQuoted)) + "...'";
  return "'" + std::string(text) + "'";
}

std::string DescribeExpected(size_t rule, const IntervalSet& expected, const antlr4::dfa::Vocabulary& vocabulary) {
  const auto has = [&](size_t type) { return expected.contains(static_cast<ssize_t>(type)); };
  if (has(Lexer::IDENTIFIER) && has(Lexer::INT) && has(Lexer::LPAREN) && has(Lexer::NULL_) && has(Lexer::LBRACKET))
    return "an expression";

  std::vector<std::string> words;
  const bool any_name = has(Lexer::IDENTIFIER);
  if (any_name) words.push_back("a name");
  for (const antlr4::misc::Interval& interval : expected.getIntervals()) {
    for (ssize_t type = interval.a; type <= interval.b; ++type) {
      const auto token_type = static_cast<size_t>(type);
      if (token_type == Lexer::IDENTIFIER || (any_name && IsKeyword(token_type))) continue;
      std::string word = TokenWord(token_type, rule, vocabulary);
      if (!word.empty() && std::count(words.begin(), words.end(), word) == 0) words.push_back(std::move(word));
    }
  }
  const bool is_short = !words.empty() && words.size() <= kMaxListed;
  // Between the items of a body nearly any word may come: there the kind of item says more.
  if (is_short && !IsBody(rule)) return Listed(words);
  if (const std::string_view items = BodyItems(rule); !items.empty()) return std::string(items);
  return is_short ? Listed(words) : std::string();
}

std::string_view DescribeRule(size_t rule) {
  switch (rule) {
    case Grammar::RulePackageDecl:
      return "a package declaration";
    case Grammar::RuleImportDecl:
      return "an import";
    case Grammar::RuleTypeDecl:
      return "a type declaration";
    case Grammar::RuleEventDecl:
      return "an event declaration";
    case Grammar::RuleFnDecl:
      return "a function declaration";
    case Grammar::RuleHostFnDecl:
      return "a host function";
    case Grammar::RuleParamDecl:
      return "a parameter declaration";
    case Grammar::RuleProfileItem:
      return "a profile";
    case Grammar::RuleTaggedItem:
    case Grammar::RuleMember:
      return "a field or alternative";
    case Grammar::RuleFaultClause:
      return "a fault clause";
    case Grammar::RuleOtherwiseClause:
      return "an otherwise clause";
    case Grammar::RuleRuleDecl:
      return "a rule";
    case Grammar::RuleRuleClause:
      return "a clause of a rule";
    case Grammar::RuleStateDecl:
      return "a state declaration";
    case Grammar::RuleStatement:
      return "a statement";
    case Grammar::RuleScopeDecl:
      return "a scope";
    case Grammar::RuleLifecycleItem:
    case Grammar::RuleTransition:
      return "a transition";
    case Grammar::RuleLifecycleDecl:
      return "a lifecycle";
    case Grammar::RuleWindowDecl:
      return "a window";
    case Grammar::RuleSequenceDecl:
      return "a sequence";
    case Grammar::RuleDeadlineDecl:
      return "a deadline";
    case Grammar::RuleElseClause:
      return "an else clause";
    case Grammar::RuleTestDecl:
    case Grammar::RuleTestItem:
      return "a test";
    case Grammar::RuleExpectation:
      return "an expectation";
    case Grammar::RulePrimaryType:
      return "a type";
    default:
      return {};
  }
}

}  // namespace edict::parse
