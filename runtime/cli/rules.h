// From the RULES arguments of a command to a Program, with diagnostics on stderr.
#ifndef EDICT_RUNTIME_CLI_RULES_H_
#define EDICT_RUNTIME_CLI_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "compiler/compiler.h"
#include "runtime/base/result.h"

namespace edict::cli {

// Options shared by every command that compiles rules.
struct RuleOptions {
  std::vector<std::string> rules;         // files, folders, package names
  std::vector<std::string> search_paths;  // -I
  std::string profile;
  std::vector<std::string> sets;    // NAME=EXPR
  std::vector<std::string> limits;  // NAME=NUMBER
};

// Folders where packages are looked for: -I, then $EDICT_PATH (colon-separated), then the standard library, beside the
// executable or in the source tree.
std::vector<std::string> SearchPaths(const std::vector<std::string>& given);

// An Error for options that make no sense.
Result<compiler::CompileOptions> ToCompileOptions(const RuleOptions& options);
Result<compiler::CompileResult> CompileRules(const RuleOptions& options);
// On standard error.
void PrintDiagnostics(const compiler::CompileResult& compiled);
// Rules that can be run: with a Program. None: standard error says why.
std::optional<compiler::CompileResult> CompileRulesToRun(const RuleOptions& options);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RULES_H_
