// Options about what rules are measured to cost: --profile-use, --profile-generate, --fail-fast.
#ifndef EDICT_RUNTIME_CLI_COST_OPTIONS_H_
#define EDICT_RUNTIME_CLI_COST_OPTIONS_H_

#include <memory>
#include <string>

#include "runtime/base/result.h"
#include "runtime/cli/command_line.h"
#include "runtime/cli/rules.h"
#include "runtime/profile/cost_profile.h"

namespace edict::cli {

// --profile-use: checks run by cost.
void AddProfileUseOption(Command command, RuleOptions& options);
// --fail-fast, of commands that judge: checks run by cost.
void AddFailFastOption(Command command, RuleOptions& options);
// --profile-generate.
void AddProfileGenerateOption(Command command, std::string& file);

// The file of --profile-use; null without the option. An Error names the file.
Result<std::shared_ptr<const CostProfile>> ReadCostProfile(const RuleOptions& options);

// Share of the time that --profile-generate measures.
inline constexpr double kProfileShare = 0.01;
// The whole file, or none of it. An Error names it.
Status WriteCostProfile(const std::string& file, const CostProfile& profile);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_COST_OPTIONS_H_
