#include "compiler/rule_sets.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "compiler/load.h"

namespace edict::compiler {
namespace {

namespace fs = std::filesystem;

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
  const std::string root = fs::weakly_canonical(folder, error).string() + "/";
  for (const ast::File& file : files) {
    const std::string& name = sources.file(file.file_id).name();
    if (fs::weakly_canonical(name, error).string().rfind(root, 0) != 0) continue;  // imported
    packages[file.package ? file.package->text : ""].push_back(name);
  }
  return packages;
}

std::vector<std::string> TestFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (IsTestFile(it->path().string()) && it->is_regular_file(error)) files.push_back(it->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// NAME.test.rules, and NAME.PART.test.rules where one file would be too long.
std::vector<std::string> TestsBeside(const std::string& rules) {
  const std::string start = fs::path(rules).stem().string() + ".";
  const fs::path folder = fs::path(rules).parent_path();
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.rfind(start, 0) == 0 && IsTestFile(name) && it->is_regular_file(error)) files.push_back((folder / name).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The folder or file that a root stands for: itself, or where the package of that name is.
std::string PlaceOf(const std::string& root, const CompileOptions& options) {
  std::error_code error;
  if (fs::exists(root, error)) return root;
  std::string relative = root;
  std::replace(relative.begin(), relative.end(), '.', '/');
  for (const std::string& folder : options.search_paths) {
    const fs::path base = fs::path(folder) / relative;
    if (fs::is_regular_file(base.string() + ".rules", error)) return base.string() + ".rules";
    if (fs::is_directory(base, error)) return base.string();
  }
  return root;
}

class Finder {
 public:
  explicit Finder(const CompileOptions& options) : options_(options) {}

  std::vector<RuleSet> Run() {
    for (const std::string& root : options_.roots) Add(PlaceOf(root, options_));
    std::vector<RuleSet> all;
    if (!together_.files.empty()) all.push_back(std::move(together_));
    for (RuleSet& set : packages_) all.push_back(std::move(set));
    for (RuleSet& set : tests_) all.push_back(std::move(set));
    return all;
  }

 private:
  void Add(const std::string& place) {
    std::error_code error;
    if (fs::is_directory(place, error)) return AddFolder(place);
    const std::string folder = fs::path(place).parent_path().string();
    if (IsTestFile(place)) return AddTests(place, folder, false);
    together_.files.push_back(place);
    together_.folder = folder;
    if (fs::path(place).extension() != ".rules") return;
    for (const std::string& test : TestsBeside(place)) AddTests(test, folder, false);
  }

  void AddFolder(const std::string& folder) {
    auto packages = Packages(options_, folder);
    const std::vector<std::string> tests = TestFiles(folder);
    for (auto& [name, files] : packages) packages_.push_back({std::move(files), name, false, folder, true});
    for (const std::string& file : tests) AddTests(file, folder, true);
    // Nothing in it: the compilation says so.
    if (packages.empty() && tests.empty()) together_.files.push_back(folder);
  }

  void AddTests(const std::string& file, const std::string& folder, bool whole_folder) {
    std::error_code error;
    if (!seen_.insert(fs::weakly_canonical(file, error).string()).second) return;
    tests_.push_back({{file}, "", true, folder, whole_folder});
  }

  const CompileOptions& options_;
  RuleSet together_;
  std::vector<RuleSet> packages_;
  std::vector<RuleSet> tests_;
  std::set<std::string> seen_;
};

}  // namespace

bool IsTestFile(const std::string& path) {
  const fs::path file(path);
  return file.extension() == ".rules" && file.stem().extension() == ".test";
}

std::vector<RuleSet> RuleSets(const CompileOptions& options) { return Finder(options).Run(); }

}  // namespace edict::compiler
