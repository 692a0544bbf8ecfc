#include "compiler/diag/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace edict::diag {
namespace {

struct Row {
  const char* code;
  Severity severity;
  const char* title;
};

constexpr Row kRows[] = {
#define EDICT_DIAGNOSTIC(symbol, code, severity, title) {code, Severity::severity, title},
#include "compiler/diag/diagnostics.def"
#undef EDICT_DIAGNOSTIC
};

const Row& RowOf(Code code) { return kRows[static_cast<size_t>(code)]; }

}  // namespace

const char* CodeText(Code code) { return RowOf(code).code; }
const char* CodeTitle(Code code) { return RowOf(code).title; }
Severity CodeSeverity(Code code) { return RowOf(code).severity; }

Diagnostic& Diagnostics::Report(Code code, source::Span span, std::string message) {
  if (CodeSeverity(code) == Severity::kError) ++errors_;
  if (items_.size() >= limit_) {
    ++dropped_;
    overflow_ = Diagnostic{};
    return overflow_;
  }
  items_.push_back(Diagnostic{code, span, std::move(message), {}, {}});
  return items_.back();
}

std::vector<Diagnostic> Diagnostics::Sorted() const {
  std::vector<Diagnostic> sorted = items_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.span.file, a.span.begin) < std::tie(b.span.file, b.span.begin);
  });
  return sorted;
}

}  // namespace edict::diag
