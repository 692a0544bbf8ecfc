#include "runtime/cli/recorded.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

namespace edict::cli {
namespace {

namespace fs = std::filesystem;

// X of X.events.EXT; empty: the file is no recorded stream.
std::string NameOf(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension != ".ndjson" && extension != ".jsonl" && extension != ".sse" && extension != ".json") return "";
  return file.stem().extension() == ".events" ? file.stem().stem().string() : "";
}

std::vector<std::string> EventFiles(const std::string& folder, bool below) {
  std::vector<std::string> files;
  std::error_code error;
  if (below) {
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      if (!NameOf(it->path()).empty() && it->is_regular_file(error)) files.push_back(it->path().string());
    }
  } else {
    for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end; it.increment(error)) {
      if (!NameOf(it->path()).empty() && it->is_regular_file(error))
        files.push_back((fs::path(folder) / it->path().filename()).string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool StartsWith(const std::string& name, const std::string& start) {
  return !start.empty() && (name == start || name.rfind(start + ".", 0) == 0);
}

// Whether the recorded stream's name is about that rule set. A longer name that fits better wins: see BestOf.
size_t Fit(const std::string& name, const compiler::RuleSet& set) {
  size_t best = StartsWith(name, set.package) ? set.package.size() : 0;
  for (const std::string& file : set.files) {
    const std::string stem = fs::path(file).stem().string();
    if (StartsWith(name, stem)) best = std::max(best, stem.size());
  }
  return best;
}

// The rule sets with a file in that folder.
std::vector<size_t> SetsIn(const std::string& folder, const std::vector<compiler::RuleSet>& sets) {
  std::vector<size_t> found;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].tests) continue;
    const bool here = std::any_of(sets[i].files.begin(), sets[i].files.end(),
                                  [&](const std::string& file) { return fs::path(file).parent_path().string() == folder; });
    if (here) found.push_back(i);
  }
  return found;
}

Result<size_t> JudgeOf(const fs::path& file, const std::string& root, const std::vector<compiler::RuleSet>& sets) {
  const std::string name = NameOf(file);
  for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
    const std::vector<size_t> here = SetsIn(folder.string(), sets);
    if (here.size() == 1) return here[0];
    if (!here.empty()) {
      size_t best = 0, count = 0, chosen = 0;
      for (const size_t set : here) {
        const size_t fit = Fit(name, sets[set]);
        if (fit > best) count = 0;
        if (fit == 0 || fit < best) continue;
        best = fit;
        chosen = set;
        ++count;
      }
      if (count == 1) return chosen;
      return Error{file.string() + ": " + folder.string() + " holds several packages: start the file's name with one of theirs"};
    }
    if (folder.string() == root || !folder.has_relative_path()) break;
  }
  return Error{file.string() + ": there are no rules in its folder, nor above it as far as " + root};
}

}  // namespace

Result<std::vector<Recorded>> FindRecorded(const std::vector<compiler::RuleSet>& sets) {
  std::vector<Recorded> all;
  std::set<std::string> seen;
  for (const compiler::RuleSet& set : sets) {
    if (set.tests && !set.whole_folder) continue;
    for (const std::string& file : EventFiles(set.folder, set.whole_folder)) {
      const std::string name = NameOf(file);
      // Of a folder where only a file was asked for, what is about that file.
      if ((!set.whole_folder && Fit(name, set) == 0) || !seen.insert(file).second) continue;
      Result<size_t> judge = JudgeOf(file, set.folder, sets);
      if (!judge.ok()) return judge.error();
      all.push_back({file, (fs::path(file).parent_path() / (name + ".expected")).string(), judge.value()});
    }
  }
  return all;
}

}  // namespace edict::cli
