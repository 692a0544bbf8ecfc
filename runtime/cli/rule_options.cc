#include "runtime/cli/rule_options.h"

#include "runtime/cli/output.h"
#include "runtime/json/pointer.h"

namespace edict::cli {

void AddRuleOptions(CLI::App& command, RuleOptions& options) {
  command.add_option("-I,--include", options.search_paths, "folder to look for imports and packages in")->allow_extra_args(false);
  command.add_option("--profile", options.profile, "profile to apply");
  command.add_option("--set", options.sets, "NAME=VALUE: value of a param")->allow_extra_args(false);
  AddLimitOption(command, options.limits);
}

void AddLimitOption(CLI::App& command, std::vector<std::string>& limits) {
  command.add_option("--limit", limits, "a limit of the compiler, may be repeated; the defaults are " + source::LimitsHelp())
      ->allow_extra_args(false)
      ->type_name("NAME=NUMBER");
}

void AddFuelOption(CLI::App& command, int64_t& fuel, const std::string& what) {
  command.add_option("--fuel", fuel, "the most steps of " + what)
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 60))
      ->capture_default_str();
}

void AddFailOnOption(CLI::App& command, std::string& least) {
  command.add_option("--fail-on", least, "least severity that makes the exit code 1: error, warning or none")
      ->check(CLI::IsMember({"error", "warning", "none"}));
}

bool CheckPointer(const std::string& pointer) {
  if (IsPointer(pointer)) return true;
  PrintError("\"" + pointer + "\" is no JSON Pointer: it must be empty or start with / (RFC 6901)");
  return false;
}

}  // namespace edict::cli
