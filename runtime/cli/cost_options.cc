#include "runtime/cli/cost_options.h"

#include "runtime/base/whole_file.h"

namespace edict::cli {
namespace {

constexpr uint64_t kMostProfileBytes = 64u << 20;

}  // namespace

void AddProfileUseOption(Command command, RuleOptions& options) {
  command
      .Add("--profile-use", options.cost_profile,
           "a cost profile, as run --profile-generate writes it: checks that are cheap and fail often run first")
      .TypeName("FILE");
}

void AddFailFastOption(Command command, RuleOptions& options) {
  command.AddFlag("--fail-fast", options.fail_fast,
                  "of each event only the first finding, of the checks in their order by cost; those behind it do not run");
}

void AddProfileGenerateOption(Command command, std::string& file) {
  command
      .Add("--profile-generate", file,
           "write what the rules cost, measured on some events in about 1 % of the time, for --profile-use")
      .TypeName("FILE");
}

Result<std::shared_ptr<const CostProfile>> ReadCostProfile(const RuleOptions& options) {
  if (options.cost_profile.empty()) return std::shared_ptr<const CostProfile>();
  const Result<std::string> text = ReadWholeFile(options.cost_profile, kMostProfileBytes);
  if (!text.ok()) return text.error();
  Result<CostProfile> profile = ParseCostProfile(text.value());
  if (!profile.ok()) return Error{options.cost_profile + ": " + profile.error().message};
  return std::make_shared<const CostProfile>(std::move(profile.value()));
}

Status WriteCostProfile(const std::string& file, const CostProfile& profile) { return WriteWholeFile(file, ToJson(profile)); }

}  // namespace edict::cli
