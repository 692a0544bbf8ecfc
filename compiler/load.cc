#include "compiler/load.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <system_error>

#include "compiler/parse/parse.h"
#include "compiler/rule_sets.h"

namespace edict::compiler {
namespace {

namespace fs = std::filesystem;

enum class Mark { kLoading, kDone };

class Loader {
 public:
  Loader(const CompileOptions& options, source::SourceSet& sources, diag::Diagnostics& diagnostics, std::vector<ast::File>& files)
      : options_(options), sources_(sources), diagnostics_(diagnostics), files_(files) {}

  Status LoadRoot(const std::string& root) {
    std::vector<std::string> paths = Find(root, "");
    if (paths.empty()) {
      std::string where;
      for (const std::string& path : options_.search_paths) where += (where.empty() ? "" : ", ") + path;
      return Error{"there is no rule file, folder or package \"" + root + "\" (packages are looked for in " + where + ")"};
    }
    for (const std::string& path : paths) {
      Status status = Load(path, {});
      if (!status.ok()) return status;
      asked_.insert(Identity(path));
    }
    for (size_t i = 0; i < files_.size(); ++i) files_[i].imported = asked_.count(identities_[i]) == 0;
    return {};
  }

  void LoadText(const MemoryFile& file) { Parse(file.name, file.text); }

 private:
  // Files of tests belong to no folder and no package: they import what they test.
  static void AddFolder(const fs::path& folder, std::vector<std::string>& paths) {
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      if (it->path().extension() == ".rules" && !IsTestFile(it->path().string()) && it->is_regular_file(error))
        paths.push_back(it->path().string());
    }
    std::sort(paths.begin(), paths.end());
  }

  // The files that a root or an import stands for; none if it is not found.
  std::vector<std::string> Find(const std::string& name, const std::string& importer_folder) const {
    std::vector<std::string> paths;
    std::error_code error;
    if (importer_folder.empty()) {
      if (fs::is_directory(name, error)) {
        AddFolder(name, paths);
        return paths;
      }
      if (fs::exists(name, error)) return {name};
    }
    // A package: a.b is a/b.rules, or every file of the folder a/b.
    std::string relative = name;
    std::replace(relative.begin(), relative.end(), '.', '/');
    std::vector<std::string> folders = options_.search_paths;
    if (!importer_folder.empty()) folders.insert(folders.begin(), importer_folder);
    for (const std::string& folder : folders) {
      fs::path base = fs::path(folder) / relative;
      if (fs::is_regular_file(base.string() + ".rules", error)) return {base.string() + ".rules"};
      if (fs::is_directory(base, error)) AddFolder(base, paths);
      if (!paths.empty()) return paths;
    }
    return paths;
  }

  static std::string Identity(const std::string& path) {
    std::error_code error;
    std::string identity = fs::weakly_canonical(path, error).string();
    return identity.empty() ? path : identity;
  }

  // At most one byte more than a file may have: the parser refuses it then.
  Result<std::string> Read(const std::string& path) const {
    std::error_code error;
    if (fs::is_directory(path, error)) return Error{"cannot read " + path + ": it is a folder"};
    std::ifstream in(path, std::ios::binary);
    if (!in) return Error{"cannot open " + path + ": " + std::strerror(errno)};
    std::string text;
    char buffer[1 << 16];
    while (text.size() <= options_.limits.file_bytes && in.read(buffer, sizeof buffer).gcount() > 0) {
      text.append(buffer, static_cast<size_t>(in.gcount()));
    }
    if (in.bad()) return Error{"cannot read " + path};
    return text;
  }

  // What of the file would pass a limit is reported at `from`, the import, or at the file's own start.
  bool WithinLimits(source::Span from) {
    if (sources_.size() > options_.limits.files) {
      diagnostics_.Report(diag::Code::kTooManyFiles, from,
                          "with its imports this has more than " + std::to_string(options_.limits.files) + " files");
      return false;
    }
    if (total_bytes_ <= options_.limits.total_bytes) return true;
    diagnostics_.Report(diag::Code::kSourceTooLong, from,
                        "all files together have more than " + std::to_string(options_.limits.total_bytes) + " bytes");
    return false;
  }

  void Parse(const std::string& path, std::string text, source::Span from = {}) {
    total_bytes_ += text.size();
    uint32_t id = sources_.Add(path, std::move(text));
    if (full_ || !WithinLimits(from.valid() ? from : source::Span{id, 0, 0})) {
      full_ = true;
      return;
    }
    ast::File file = parse::ParseFile(id, sources_, options_.limits, diagnostics_);
    for (const ast::ImportDecl& import : file.imports) Import(import, fs::path(path).parent_path());
    files_.push_back(std::move(file));
    identities_.push_back(Identity(path));
  }

  Status Load(const std::string& path, source::Span from) {
    if (full_) return {};
    const std::string identity = Identity(path);
    if (marks_.count(identity) != 0) return {};
    Result<std::string> text = Read(path);
    if (!text.ok()) return text.error();
    marks_[identity] = Mark::kLoading;
    chain_.push_back(path);
    Parse(path, std::move(text.value()), from);
    chain_.pop_back();
    marks_[identity] = Mark::kDone;
    return {};
  }

  void Import(const ast::ImportDecl& import, const fs::path& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    if (import.is_path) {
      std::string path = (folder / import.target).lexically_normal().string();
      if (fs::is_regular_file(path, error)) paths.push_back(path);
    } else {
      paths = Find(import.target, folder.empty() ? "." : folder.string());
    }
    if (paths.empty()) {
      diagnostics_.Report(diag::Code::kImportNotFound, import.span, "cannot find \"" + import.target + "\"");
      return;
    }
    for (const std::string& path : paths) {
      auto mark = marks_.find(fs::weakly_canonical(path, error).string());
      if (mark != marks_.end() && mark->second == Mark::kLoading) {
        std::string cycle;
        for (auto it =
                 std::find_if(chain_.begin(), chain_.end(), [&](const std::string& p) { return fs::equivalent(p, path, error); });
             it != chain_.end(); ++it) {
          cycle += *it + " -> ";
        }
        diagnostics_.Report(diag::Code::kCycle, import.span, "files import each other in a cycle: " + cycle.append(path));
        continue;
      }
      Status status = Load(path, import.span);
      if (!status.ok()) diagnostics_.Report(diag::Code::kImportNotFound, import.span, status.error().message);
    }
  }

  const CompileOptions& options_;
  source::SourceSet& sources_;
  diag::Diagnostics& diagnostics_;
  std::vector<ast::File>& files_;
  std::map<std::string, Mark> marks_;
  std::vector<std::string> identities_;  // of files_
  std::set<std::string> asked_;          // identities of the roots' files
  std::vector<std::string> chain_;
  uint64_t total_bytes_ = 0;
  bool full_ = false;  // a limit of all files together is passed, and reported: nothing more is loaded
};

}  // namespace

Status LoadFiles(const CompileOptions& options, source::SourceSet& sources, diag::Diagnostics& diagnostics,
                 std::vector<ast::File>& files) {
  Loader loader(options, sources, diagnostics, files);
  for (const std::string& root : options.roots) {
    Status status = loader.LoadRoot(root);
    if (!status.ok()) return status;
  }
  for (const MemoryFile& file : options.texts) loader.LoadText(file);
  return {};
}

}  // namespace edict::compiler
