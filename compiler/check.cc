#include "compiler/check.h"

#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <tuple>

#include "compiler/load.h"

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

// The files of a folder by the package that they declare.
std::map<std::string, std::vector<std::string>> Packages(const CompileOptions& options, const std::string& folder) {
  source::SourceSet sources;
  diag::Diagnostics ignored;  // each file is compiled again, and complains then
  std::vector<ast::File> files;
  CompileOptions only = options;
  only.roots = {folder};
  std::map<std::string, std::vector<std::string>> packages;
  if (!LoadFiles(only, sources, ignored, files).ok()) return packages;
  std::error_code error;
  const std::string root = std::filesystem::weakly_canonical(folder, error).string() + "/";
  for (const ast::File& file : files) {
    const std::string& name = sources.file(file.file_id).name();
    if (std::filesystem::weakly_canonical(name, error).string().rfind(root, 0) != 0) continue;  // imported
    packages[file.package ? file.package->text : ""].push_back(name);
  }
  return packages;
}

}  // namespace

Result<CheckResult> Check(const CompileOptions& options) {
  std::vector<std::vector<std::string>> sets(1);
  for (const std::string& root : options.roots) {
    std::error_code error;
    std::map<std::string, std::vector<std::string>> packages;
    if (std::filesystem::is_directory(root, error)) packages = Packages(options, root);
    if (packages.empty()) sets[0].push_back(root);
    for (auto& [name, files] : packages) sets.push_back(std::move(files));
  }
  CheckResult result;
  result.sources = std::make_unique<source::SourceSet>();
  Merger merger(result);
  for (const std::vector<std::string>& set : sets) {
    if (set.empty()) continue;
    CompileOptions one = options;
    one.roots = set;
    Result<CompileResult> compiled = Compile(one);
    if (!compiled.ok()) return compiled.error();
    merger.Add(compiled.value());
  }
  return result;
}

}  // namespace edict::compiler
