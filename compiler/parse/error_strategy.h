// What happens at a syntax error. One message in our own words, then the parser resumes at the next item of
// the innermost body (a clause, a statement, a field, a declaration): the first token of a line that can
// begin one, at the body's bracket depth. Nothing is inserted or deleted by guess, but for a missing '}'
// before a new declaration.
#ifndef EDICT_COMPILER_PARSE_ERROR_STRATEGY_H_
#define EDICT_COMPILER_PARSE_ERROR_STRATEGY_H_

#include <string>

#include "compiler/diag/diagnostic.h"
#include "compiler/parse/antlr.h"
#include "compiler/parse/scan.h"

namespace edict::parse {

class ErrorStrategy : public antlr4::DefaultErrorStrategy {
 public:
  ErrorStrategy(const Scan& scan, diag::Diagnostics& diagnostics) : scan_(scan), diagnostics_(diagnostics) {}

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;
  antlr4::Token* recoverInline(antlr4::Parser* parser) override;
  void sync(antlr4::Parser* parser) override;

 private:
  void Report(antlr4::Token* token, const std::string& expected, const antlr4::misc::IntervalSet& set, size_t rule);
  void ReportUnclosed(antlr4::ParserRuleContext* body, antlr4::Token* token);
  void AddOpener(diag::Diagnostic& diagnostic, const antlr4::Token& token, const antlr4::misc::IntervalSet& set) const;
  // The keyword just before `token` was taken as a name because an operand was missing: `require x > at e.y`.
  const antlr4::Token* MisreadKeyword(const antlr4::Token& token) const;
  // What stands in place of a policy in `on reload POLICY`, where that is what is wrong at `token`; or null.
  const antlr4::Token* ReloadPolicy(const antlr4::Token& token) const;
  bool BeginsNewDeclaration(antlr4::Parser* parser) const;
  void SkipTo(antlr4::Parser* parser, const antlr4::misc::IntervalSet& starts, const antlr4::Token& first, uint32_t depth);

  const Scan& scan_;
  diag::Diagnostics& diagnostics_;
  size_t resume_at_ = static_cast<size_t>(-1);      // token index where a declaration begins that an open body swallowed
  size_t last_reported_ = static_cast<size_t>(-1);  // token index: one message a token
};

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_ERROR_STRATEGY_H_
