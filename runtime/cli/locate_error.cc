#include "runtime/cli/locate_error.h"

#include <algorithm>

#include "compiler/parse/parse.h"
#include "runtime/cli/evaluation.h"

namespace edict::cli {
namespace {

constexpr size_t kMaxParts = 500;  // of an expression that are tried

class Search {
 public:
  Search(const compiler::ExpressionOptions& options, const std::vector<Value>& variables, const Value& error, int64_t fuel)
      : options_(options), variables_(variables), error_(error), fuel_(fuel) {}

  source::Span Run() {
    source::SourceSet sources;
    diag::Diagnostics ignored;
    uint32_t file = sources.Add("expression", options_.text);
    ast::ExprPtr root = parse::ParseExpression(file, sources, options_.limits, ignored);
    source::Span place{file, 0, static_cast<uint32_t>(options_.text.size())};
    // Spent fuel is all of the expression's, and trying its parts would take as much again.
    if (root != nullptr && error_.error->code != ErrorCode::kFuel) Narrow(*root, place);
    return place;
  }

 private:
  // Sets `place` to the smallest failing part of `expr`, if there is one smaller than it.
  void Narrow(const ast::Expr& expr, source::Span& place) {
    for (const ast::ExprPtr& arg : expr.args) {
      if (++tried_ > kMaxParts) return;
      if (!FailsAlike(arg->span)) continue;
      place = arg->span;
      return Narrow(*arg, place);
    }
  }

  bool FailsAlike(source::Span span) {
    compiler::ExpressionOptions part = options_;
    part.text = options_.text.substr(span.begin, span.end - span.begin);
    Result<compiler::Expression> compiled = compiler::CompileExpression(part);
    if (!compiled.ok() || compiled.value().program == nullptr) return false;
    Evaluation evaluation(compiled.value(), variables_);
    Value value = evaluation.Run(fuel_);
    return value.is_error() && value.error->code == error_.error->code && value.error->detail == error_.error->detail;
  }

  const compiler::ExpressionOptions& options_;
  const std::vector<Value>& variables_;
  const Value& error_;
  const int64_t fuel_;
  size_t tried_ = 0;
};

// Columns that the bytes take on a terminal, near enough: one for each character.
size_t Columns(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string ErrorWithPlace(const compiler::ExpressionOptions& options, const std::vector<Value>& variables, const Value& error,
                           int64_t fuel) {
  source::Span place = Search(options, variables, error, fuel).Run();
  std::string_view text = options.text;
  size_t line = place.begin == 0 ? 0 : text.rfind('\n', place.begin - 1) + 1;  // npos + 1 is 0
  size_t end = std::min(text.find('\n', place.begin), text.size());
  std::string shown(text.substr(line, end - line));
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  size_t marked = std::min<size_t>(place.end, end) - place.begin;
  return std::string(error.error->detail) + "\n  | " + shown + "\n  | " +
         std::string(Columns(text.substr(line, place.begin - line)), ' ') +
         std::string(std::max<size_t>(1, Columns(text.substr(place.begin, marked))), '^');
}

}  // namespace edict::cli
