#include "compiler/parse/build.h"

namespace edict::parse {
namespace {

// The index after the string literal of an embedded expression that begins at `i` (a quote).
size_t SkipString(std::string_view text, size_t i) {
  const char quote = text[i];
  const bool raw = i > 0 && (text[i - 1] == 'r' || text[i - 1] == 'R');
  const bool is_long = text.substr(i, 3) == std::string(3, quote);
  const std::string close(is_long ? 3 : 1, quote);
  for (i += close.size(); i < text.size(); ++i) {
    if (text[i] == '\\' && !raw)
      ++i;
    else if (text.substr(i, close.size()) == close)
      return i + close.size();
  }
  return text.size();
}

// The index of the '}' that ends the expression beginning at `i`, or npos.
size_t FindExprEnd(std::string_view text, size_t i) {
  size_t depth = 0;
  while (i < text.size()) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = SkipString(text, i);
      continue;
    }
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return i;
    ++i;
  }
  return std::string_view::npos;
}

}  // namespace

// Splits the unescaped text at `{EXPR}`; `{{` and `}}` are braces.
ast::Template Builder::Template(antlr4::tree::TerminalNode* node) {
  ast::Template out;
  const Token* token = node->getSymbol();
  out.span = SpanOf(token);
  out.parts.emplace_back();
  const DecodedText text = Decode(token);
  const uint32_t base = scan_.ByteOf(*token);
  const auto place = [&](size_t begin, size_t end) {
    return source::Span{scan_.file_id(), scan_.FileOffset(base + text.origins[begin]), scan_.FileOffset(base + text.origins[end])};
  };
  const std::string_view value = text.value;
  for (size_t i = 0; i < value.size();) {
    const char c = value[i];
    if (c != '{' && c != '}') {
      out.parts.back() += c;
      ++i;
    } else if (i + 1 < value.size() && value[i + 1] == c) {
      out.parts.back() += c;
      i += 2;
    } else if (c == '}') {
      Report(diag::Code::kBadTemplate, place(i, i + 1), "this '}' closes nothing; a brace in a message is written twice: '}}'");
      ++i;
    } else {
      const size_t end = FindExprEnd(value, i + 1);
      if (end == std::string_view::npos) {
        Report(diag::Code::kBadTemplate, place(i, i + 1), "this '{' is never closed; a brace in a message is written twice: '{{'");
        break;
      }
      out.exprs.push_back(TemplateExpr(text, token, i + 1, end));
      out.parts.emplace_back();
      i = end + 1;
    }
  }
  return out;
}

ast::ExprPtr Builder::TemplateExpr(const DecodedText& text, const Token* token, size_t begin, size_t end) {
  std::vector<uint32_t> offsets;
  const uint32_t base = scan_.ByteOf(*token);
  for (size_t i = begin; i <= end; ++i) offsets.push_back(scan_.FileOffset(base + text.origins[i]));
  const std::string_view source = std::string_view(text.value).substr(begin, end - begin);
  const source::Span span{scan_.file_id(), offsets.front(), offsets.back()};
  if (source.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    Report(diag::Code::kBadTemplate, source::Span{span.file, span.begin - 1, span.end + 1},
           "expected an expression between the braces");
    return New(ast::ExprKind::kNull, span);
  }
  ast::ExprPtr expr = ParseFragment(Fragment{scan_.file_id(), source, offsets.data()}, limits_, diagnostics_);
  return expr != nullptr ? std::move(expr) : New(ast::ExprKind::kNull, span);
}

}  // namespace edict::parse
