#include "runtime/cli/rules.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "runtime/cli/cost_options.h"
#include "runtime/cli/output.h"
#include "runtime/program/host_function.h"

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
  if (NameArtefact(options)) return Error{"a built artefact holds no sources: give the rules that it was built from"};
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
  Result<std::shared_ptr<const CostProfile>> costs = ReadCostProfile(options);
  if (!costs.ok()) return costs.error();
  compile.costs = std::move(costs.value());
  compile.order_checks = options.fail_fast || compile.costs != nullptr;
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

bool NameArtefact(const RuleOptions& options) { return std::any_of(options.rules.begin(), options.rules.end(), IsArtefactFile); }

Result<Artefact> ReadRulesArtefact(const RuleOptions& options) {
  if (options.rules.size() != 1) return Error{"a built artefact is a whole rule set: no other rules can be given with it"};
  const std::string& name = options.rules[0];
  const char* option = !options.profile.empty() ? "--profile" : !options.sets.empty() ? "--set" : nullptr;
  if (option != nullptr) {
    return Error{std::string(option) + " is for rules in source form: the params of the artefact " + name +
                 " were fixed when it was built"};
  }
  if (!options.cost_profile.empty()) {
    return Error{"--profile-use is for rules in source form: the order of checks in the artefact " + name +
                 " was fixed when it was built"};
  }
  return ReadArtefact(name);
}

std::optional<RunnableRules> LoadProgram(const RuleOptions& options) {
  if (NameArtefact(options)) {
    Result<Artefact> artefact = ReadRulesArtefact(options);
    if (artefact.ok()) return RunnableRules{artefact.value().program, std::move(artefact.value()), nullptr};
    PrintError(artefact.error().message);
    return std::nullopt;
  }
  const Result<compiler::CompileOptions> compile = ToCompileOptions(options);
  const Result<compiler::CompileResult> compiled = compile.ok() ? compiler::Compile(compile.value()) : compile.error();
  if (!compiled.ok()) {
    PrintError(compiled.error().message);
    return std::nullopt;
  }
  if (compiled.value().program != nullptr) return RunnableRules{compiled.value().program, std::nullopt, compile.value().costs};
  PrintDiagnostics(compiled.value());
  return std::nullopt;
}

std::optional<RunnableRules> LoadRulesToRun(const RuleOptions& options) {
  std::optional<RunnableRules> rules = LoadProgram(options);
  if (!rules) return rules;
  if (const Status runs = RunsHere(*rules->program); !runs.ok()) {
    PrintError(runs.error().message);
    return std::nullopt;
  }
  return rules;
}

Status RunsHere(const Program& program) {
  if (program.host_functions.empty()) return {};
  return Error{"the rules call the host function " + SignatureText(program.host_functions[0]) +
               ", which only a program that embeds them can give"};
}

}  // namespace edict::cli
