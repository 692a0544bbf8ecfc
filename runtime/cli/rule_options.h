// The options that every command that compiles rules takes.
#ifndef EDICT_RUNTIME_CLI_RULE_OPTIONS_H_
#define EDICT_RUNTIME_CLI_RULE_OPTIONS_H_

#include <string>
#include <vector>

#include "runtime/cli/command_line.h"
#include "runtime/cli/rules.h"

namespace edict::cli {

// -I, --profile, --set, --limit.
void AddRuleOptions(Command command, RuleOptions& options);
void AddLimitOption(Command command, std::vector<std::string>& limits);
// --fuel: `what` says of what it is the most.
void AddFuelOption(Command command, int64_t& fuel, const std::string& what);

// --fail-on, for Fails of findings_writer.h.
void AddFailOnOption(Command command, std::string& least);

// For options that are JSON Pointers. False: standard error says why it is none.
bool CheckPointer(const std::string& pointer);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RULE_OPTIONS_H_
