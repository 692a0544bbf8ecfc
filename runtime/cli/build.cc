// edict build: a rule set as one file that runs without its rules and without the compiler.
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "compiler/object_code.h"
#include "runtime/cli/artefact_text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/cost_options.h"
#include "runtime/cli/output.h"
#include "runtime/cli/rule_options.h"

namespace edict::cli {
namespace {

struct BuildOptions {
  RuleOptions rules;
  std::string output;
  std::vector<std::string> cpus;
  std::string tier = "native";
  bool portable = false;
};

int Build(const BuildOptions& options) {
  const auto fail = [](const Error& error) {
    PrintError(error.message);
    return kCouldNotRun;
  };
  const bool portable = options.portable || options.tier == "interp";
  if (portable && !options.cpus.empty()) return fail(Error{"--cpu asks for object code, --portable and --tier interp for none"});
  const std::optional<RunnableRules> rules = LoadProgram(options.rules);
  if (!rules) return kCouldNotRun;
  Artefact artefact{rules->program, {}};
  std::vector<std::string> cpus = options.cpus;
  if (cpus.empty() && !portable) cpus.emplace_back("host");
  for (const std::string& cpu : cpus) {
    Result<ObjectCode> object = compiler::MakeObjectCode(*rules->program, cpu);
    if (!object.ok()) return fail(object.error());
    const auto same = [&](const ObjectCode& other) { return other.cpu == object.value().cpu; };
    if (std::any_of(artefact.objects.begin(), artefact.objects.end(), same)) {
      return fail(Error{"--cpu names " + object.value().cpu + " twice"});
    }
    artefact.objects.push_back(std::move(object.value()));
  }
  const Result<uint64_t> written = WriteArtefact(options.output, artefact);
  if (!written.ok()) return fail(written.error());
  Output out;
  out.Write(options.output + ": " + std::to_string(written.value()) + " bytes\n" + ArtefactText(artefact));
  return out.Flush() ? kClean : kCouldNotRun;
}

}  // namespace

void AddBuild(CommandLine& line, Action& action) {
  auto options = std::make_shared<BuildOptions>();
  Command command = line.AddCommand("build", "write a rule set as one file that runs without its rules and the compiler");
  command.Add("-r,--rules", options->rules.rules, "rule file, folder or package (agui.verify), may be repeated; or an artefact")
      .OneValueEach()
      .Required();
  command.Add("-o,--output", options->output, "the file to write").Required();
  command
      .Add("--cpu", options->cpus,
           "make object code for this CPU, may be repeated: host (the default), x86-64, x86-64-v2, x86-64-v3, or another "
           "name of LLVM's. Code for host may run on this machine only")
      .OneValueEach()
      .TypeName("NAME");
  command.Add("--tier", options->tier, "native, or interp: no object code").OneOf({"native", "interp"});
  command.AddFlag("--portable", options->portable, "no object code: the artefact is interpreted, on any machine");
  AddRuleOptions(command, options->rules);
  AddProfileUseOption(command, options->rules);
  command.AddFlag("--fail-fast", options->rules.fail_fast, "order the checks by cost, for run --fail-fast");
  command.OnChosen([options, &action] { action = [options] { return Build(*options); }; });
}

}  // namespace edict::cli
