// From the RULES arguments of a command to a Program, with diagnostics on stderr.
#ifndef EDICT_RUNTIME_CLI_RULES_H_
#define EDICT_RUNTIME_CLI_RULES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/compiler.h"
#include "runtime/artefact/artefact.h"
#include "runtime/base/result.h"

namespace edict::cli {

// Options shared by every command that compiles rules.
struct RuleOptions {
  std::vector<std::string> rules;         // files, folders, package names; or one artefact
  std::vector<std::string> search_paths;  // -I
  std::string profile;
  std::vector<std::string> sets;    // NAME=EXPR
  std::vector<std::string> limits;  // NAME=NUMBER
  std::string cost_profile;         // a file; empty: none. With it checks run by cost
  bool fail_fast = false;           // likewise
};

// Folders where packages are looked for: -I, then $EDICT_PATH (colon-separated), then the standard library, beside the
// executable or in the source tree.
std::vector<std::string> SearchPaths(const std::vector<std::string>& given);

// An Error for options that make no sense, and for an artefact, which has no sources.
Result<compiler::CompileOptions> ToCompileOptions(const RuleOptions& options);
Result<compiler::CompileResult> CompileRules(const RuleOptions& options);
// On standard error.
void PrintDiagnostics(const compiler::CompileResult& compiled);

// Whether one of the rules is a built artefact.
bool NameArtefact(const RuleOptions& options);
// The artefact; an Error also where there are other rules, or options that only sources take.
Result<Artefact> ReadRulesArtefact(const RuleOptions& options);

// From sources or from an artefact: rules that can be run.
struct RunnableRules {
  std::shared_ptr<const Program> program;
  std::optional<Artefact> artefact;
  std::shared_ptr<const CostProfile> costs;  // that the checks are ordered by; null: there is none
};
// None: standard error says why.
std::optional<RunnableRules> LoadProgram(const RuleOptions& options);
// The same; also none for rules that call host functions, which no command has.
std::optional<RunnableRules> LoadRulesToRun(const RuleOptions& options);
Status RunsHere(const Program& program);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RULES_H_
