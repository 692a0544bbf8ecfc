// Parses a text and gives back what a test compares: the printed AST, or the diagnostics as short lines.
#ifndef EDICT_TESTS_UNIT_COMPILER_PARSE_TESTING_H_
#define EDICT_TESTS_UNIT_COMPILER_PARSE_TESTING_H_

#include <string>
#include <vector>

#include "compiler/ast/print.h"
#include "compiler/parse/parse.h"

namespace edict::parse {

// "line:column code message", one a line, in source order.
inline std::string Short(const diag::Diagnostics& diagnostics, const source::SourceSet& sources) {
  std::string out;
  for (const diag::Diagnostic& item : diagnostics.Sorted()) {
    const source::LineColumn at = sources.file(item.span.file).At(item.span.begin);
    out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + diag::CodeText(item.code) + " " + item.message + "\n";
  }
  return out;
}

struct Parsed {
  source::SourceSet sources;
  diag::Diagnostics diagnostics;
  ast::File file;
  ast::ExprPtr expr;

  std::string errors() const { return Short(diagnostics, sources); }
  // The source text of a span.
  std::string At(source::Span span) const {
    return span.valid() ? std::string(sources.file(span.file).text().substr(span.begin, span.end - span.begin)) : "";
  }
};

inline Parsed ParseExprText(std::string text, const ParseLimits& limits = {}) {
  Parsed parsed;
  const uint32_t id = parsed.sources.Add("expr", std::move(text));
  parsed.expr = ParseExpression(id, parsed.sources, limits, parsed.diagnostics);
  return parsed;
}

inline Parsed ParseFileText(std::string text, const ParseLimits& limits = {}) {
  Parsed parsed;
  const uint32_t id = parsed.sources.Add("a.rules", std::move(text));
  parsed.file = ParseFile(id, parsed.sources, limits, parsed.diagnostics);
  return parsed;
}

// The printed expression, or its diagnostics.
inline std::string ExprOf(std::string text) {
  const Parsed parsed = ParseExprText(std::move(text));
  return parsed.expr != nullptr ? ast::Print(*parsed.expr) : parsed.errors();
}

// The printed file, then its diagnostics.
inline std::string FileOf(std::string text) {
  const Parsed parsed = ParseFileText(std::move(text));
  return ast::Print(parsed.file) + parsed.errors();
}

// Only the diagnostics.
inline std::string ErrorsOf(std::string text) { return ParseFileText(std::move(text)).errors(); }

inline std::string Repeat(const std::string& text, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace edict::parse

#endif  // EDICT_TESTS_UNIT_COMPILER_PARSE_TESTING_H_
