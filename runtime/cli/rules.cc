#include "runtime/cli/rules.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "runtime/cli/output.h"

namespace edict::cli {

std::vector<std::string> SearchPaths(const std::vector<std::string>& given) {
  std::vector<std::string> paths = given;
  if (const char* env = std::getenv("EDICT_PATH")) {
    std::string_view rest = env;
    while (!rest.empty()) {
      size_t colon = rest.find(':');
      if (colon != 0) paths.emplace_back(rest.substr(0, colon));
      rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
  }
  std::error_code error;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  std::filesystem::path installed = self.parent_path() / EDICT_STDLIB_RELATIVE_DIR;
  if (!error && std::filesystem::is_directory(installed, error)) {
    paths.push_back(std::filesystem::weakly_canonical(installed, error).string());
  } else {
    paths.emplace_back(EDICT_STDLIB_DIR);
  }
  return paths;
}

Result<compiler::CompileOptions> ToCompileOptions(const RuleOptions& options) {
  compiler::CompileOptions compile;
  compile.roots = options.rules;
  compile.search_paths = SearchPaths(options.search_paths);
  compile.profile = options.profile;
  for (const std::string& set : options.sets) {
    size_t equals = set.find('=');
    if (equals == std::string::npos || equals == 0) return Error{"--set wants NAME=VALUE, not \"" + set + "\""};
    compile.params[set.substr(0, equals)] = set.substr(equals + 1);
  }
  for (const std::string& limit : options.limits) {
    Status set = source::SetLimit(compile.limits, limit);
    if (!set.ok()) return set.error();
  }
  return compile;
}

Result<compiler::CompileResult> CompileRules(const RuleOptions& options) {
  Result<compiler::CompileOptions> compile = ToCompileOptions(options);
  if (!compile.ok()) return compile.error();
  return compiler::Compile(compile.value());
}

void PrintDiagnostics(const compiler::CompileResult& compiled) {
  std::fputs(diag::RenderText(compiled.diagnostics, *compiled.sources, Output::Colour(STDERR_FILENO)).c_str(), stderr);
}

std::optional<compiler::CompileResult> CompileRulesToRun(const RuleOptions& options) {
  Result<compiler::CompileResult> compiled = CompileRules(options);
  if (!compiled.ok()) {
    PrintError(compiled.error().message);
    return std::nullopt;
  }
  if (compiled.value().program != nullptr) return std::move(compiled.value());
  PrintDiagnostics(compiled.value());
  return std::nullopt;
}

}  // namespace edict::cli
