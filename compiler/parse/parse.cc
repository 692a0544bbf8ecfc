#include "compiler/parse/parse.h"

#include <utility>

#include "compiler/parse/antlr.h"
#include "compiler/parse/build.h"
#include "compiler/parse/error_strategy.h"
#include "compiler/parse/scan.h"

namespace edict::parse {
namespace {

using antlr4::atn::ParserATNSimulator;
using antlr4::atn::PredictionMode;

// Thrown through the generated parser, which catches only ANTLR's own exceptions.
struct TypeTooDeep {
  antlr4::Token* token;
};

// list<list<list<...: the one recursion that no bracket shows, since `<` is also an operator.
class BoundedParser : public Grammar {
 public:
  BoundedParser(antlr4::TokenStream* stream, uint32_t nesting) : Grammar(stream), nesting_(nesting) { removeErrorListeners(); }

  void enterRule(antlr4::ParserRuleContext* context, size_t state, size_t rule) override {
    if (rule == RuleTypeArgument) {
      uint32_t depth = 0;
      for (antlr4::tree::ParseTree* outer = context; outer != nullptr; outer = outer->parent) {
        if (static_cast<antlr4::ParserRuleContext*>(outer)->getRuleIndex() == RuleTypeArgument) ++depth;
      }
      if (depth > nesting_) throw TypeTooDeep{getCurrentToken()};
    }
    Grammar::enterRule(context, state, rule);
  }

 private:
  const uint32_t nesting_;
};

// Runs the entry rule: fast and giving up at the first fault, then, if there is one, with full lookahead and
// our messages.
template <typename Tree>
Tree* RunParser(BoundedParser& parser, Tree* (Grammar::*entry)(), const Scan& scan, const ParseLimits& limits,
                diag::Diagnostics& diagnostics) {
  auto* interpreter = parser.getInterpreter<ParserATNSimulator>();
  try {
    try {
      interpreter->setPredictionMode(PredictionMode::SLL);
      parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
      return (parser.*entry)();
    } catch (const antlr4::ParseCancellationException&) {
      parser.reset();
      interpreter->setPredictionMode(PredictionMode::LL);
      parser.setErrorHandler(std::make_shared<ErrorStrategy>(scan, diagnostics));
      return (parser.*entry)();
    }
  } catch (const TypeTooDeep& deep) {
    diagnostics.Report(diag::Code::kNestingTooDeep, scan.SpanOf(*deep.token),
                       "types are nested more than " + std::to_string(limits.nesting) + " deep");
    return nullptr;
  }
}

Fragment FileFragment(uint32_t file_id, const source::SourceSet& sources) {
  return Fragment{file_id, sources.file(file_id).text(), nullptr};
}

}  // namespace

ast::ExprPtr ParseFragment(const Fragment& fragment, const ParseLimits& limits, diag::Diagnostics& diagnostics) {
  const std::unique_ptr<Scan> scan = Scan::Run(fragment, ScanMode::kExpression, limits, diagnostics);
  if (scan == nullptr) return nullptr;
  BoundedParser parser(&scan->stream(), limits.nesting);
  auto* tree = RunParser(parser, &Grammar::expressionFile, *scan, limits, diagnostics);
  if (tree == nullptr || tree->exception != nullptr) return nullptr;
  return Builder(*scan, limits, diagnostics).Expr(tree->expr());
}

ast::ExprPtr ParseExpression(uint32_t file_id, const source::SourceSet& sources, const ParseLimits& limits,
                             diag::Diagnostics& diagnostics) {
  diag::Diagnostics own;
  ast::ExprPtr expr = ParseFragment(FileFragment(file_id, sources), limits, own);
  for (const diag::Diagnostic& item : own.items()) {
    diag::Diagnostic& copy = diagnostics.Report(item.code, item.span, item.message);
    copy.labels = item.labels;
    copy.fixes = item.fixes;
  }
  return own.has_errors() ? nullptr : std::move(expr);
}

ast::File ParseFile(uint32_t file_id, const source::SourceSet& sources, const ParseLimits& limits, diag::Diagnostics& diagnostics) {
  ast::File file;
  file.file_id = file_id;
  const std::unique_ptr<Scan> scan = Scan::Run(FileFragment(file_id, sources), ScanMode::kFile, limits, diagnostics);
  if (scan == nullptr) return file;
  BoundedParser parser(&scan->stream(), limits.nesting);
  auto* tree = RunParser(parser, &Grammar::file, *scan, limits, diagnostics);
  if (tree == nullptr) return file;
  return Builder(*scan, limits, diagnostics).File(tree);
}

std::string DumpTokens(uint32_t file_id, const source::SourceSet& sources, const ParseLimits& limits,
                       diag::Diagnostics& diagnostics) {
  const std::unique_ptr<Scan> scan = Scan::Run(FileFragment(file_id, sources), ScanMode::kFile, limits, diagnostics);
  if (scan == nullptr) return {};
  const Lexer names(nullptr);
  std::string out;
  for (const antlr4::Token* token : scan->tokens()) {
    const source::LineColumn at = sources.file(file_id).At(scan->SpanOf(*token).begin);
    out +=
        std::to_string(at.line) + ":" + std::to_string(at.column) + " " + names.getVocabulary().getSymbolicName(token->getType());
    if (token->getType() != antlr4::Token::EOF) out += " " + std::string(scan->TextOf(*token));
    out += '\n';
  }
  return out;
}

}  // namespace edict::parse
