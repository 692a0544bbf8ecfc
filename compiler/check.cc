#include "compiler/check.h"

#include <map>
#include <set>
#include <tuple>

#include "compiler/rule_sets.h"

namespace edict::compiler {
namespace {

// Brings the diagnostics of several compilations together. A file that several import keeps one number.
class Merger {
 public:
  explicit Merger(CheckResult& result) : result_(result) {}

  void Add(const CompileResult& compiled) {
    // All files, not just the blamed ones: diagnostics are sorted by file number, in the order of loading.
    for (uint32_t file = 0; file < compiled.sources->size(); ++file) Moved({file, 0, 0}, *compiled.sources);
    for (const diag::Diagnostic& item : compiled.diagnostics.items()) {
      source::Span span = Moved(item.span, *compiled.sources);
      if (!seen_.insert({span.file, span.begin, span.end, item.message}).second) continue;
      diag::Diagnostic& added = result_.diagnostics.Report(item.code, span, item.message);
      for (const diag::Label& label : item.labels) added.labels.push_back({Moved(label.span, *compiled.sources), label.text});
      for (const diag::FixIt& fix : item.fixes) added.fixes.push_back({Moved(fix.span, *compiled.sources), fix.text, fix.title});
    }
  }

 private:
  source::Span Moved(source::Span span, const source::SourceSet& from) {
    if (!span.valid()) return span;
    const source::SourceFile& file = from.file(span.file);
    auto [it, added] = ids_.try_emplace(file.name(), result_.sources->size());
    if (added) result_.sources->Add(file.name(), std::string(file.text()));
    span.file = it->second;
    return span;
  }

  CheckResult& result_;
  std::map<std::string, uint32_t> ids_;
  std::set<std::tuple<uint32_t, uint32_t, uint32_t, std::string>> seen_;
};

}  // namespace

Result<CheckResult> Check(const CompileOptions& options) {
  CheckResult result;
  result.sources = std::make_unique<source::SourceSet>();
  Merger merger(result);
  for (const RuleSet& set : RuleSets(options)) {
    CompileOptions one = options;
    one.roots = set.files;
    Result<CompileResult> compiled = Compile(one);
    if (!compiled.ok()) return compiled.error();
    merger.Add(compiled.value());
  }
  return result;
}

}  // namespace edict::compiler
