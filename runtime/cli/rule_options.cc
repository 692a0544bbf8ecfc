#include "runtime/cli/rule_options.h"

#include "runtime/cli/output.h"
#include "runtime/json/pointer.h"

namespace edict::cli {

void AddRuleOptions(Command command, RuleOptions& options) {
  command.Add("-I,--include", options.search_paths, "folder to look for imports and packages in").OneValueEach();
  command.Add("--profile", options.profile, "profile to apply");
  command.Add("--set", options.sets, "NAME=VALUE: value of a param").OneValueEach();
  AddLimitOption(command, options.limits);
}

void AddLimitOption(Command command, std::vector<std::string>& limits) {
  command.Add("--limit", limits, "a limit of the compiler, may be repeated; the defaults are " + source::LimitsHelp())
      .OneValueEach()
      .TypeName("NAME=NUMBER");
}

void AddFuelOption(Command command, int64_t& fuel, const std::string& what) {
  command.Add("--fuel", fuel, "the most steps of " + what).InRange(int64_t{0}, int64_t{1} << 60).ShowDefault();
}

void AddFailOnOption(Command command, std::string& least) {
  command.Add("--fail-on", least, "least severity that makes the exit code 1: error, warning or none")
      .OneOf({"error", "warning", "none"});
}

bool CheckPointer(const std::string& pointer) {
  if (IsPointer(pointer)) return true;
  PrintError("\"" + pointer + "\" is no JSON Pointer: it must be empty or start with / (RFC 6901)");
  return false;
}

}  // namespace edict::cli
