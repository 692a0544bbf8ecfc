// edict check: compile only.
#include "compiler/check.h"

#include <unistd.h>

#include <memory>

#include "runtime/cli/artefact_text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"
#include "runtime/cli/rule_options.h"

namespace edict::cli {
namespace {

struct CheckOptions {
  RuleOptions rules;
  std::string format = "text";
};

// Sound: it was read, which checks every part. There is nothing to diagnose.
int CheckArtefact(const CheckOptions& options) {
  const Result<Artefact> artefact = ReadRulesArtefact(options.rules);
  if (!artefact.ok()) {
    PrintError(artefact.error().message);
    return kCouldNotRun;
  }
  Output out;
  if (options.format == "json") {
    out.Write(diag::RenderJson(diag::Diagnostics(), source::SourceSet()) + "\n");
  } else {
    out.Write(options.rules.rules[0] + ": sound\n" + ArtefactText(artefact.value()));
  }
  return out.Flush() ? kClean : kCouldNotRun;
}

int RunCheck(const CheckOptions& options) {
  if (NameArtefact(options.rules)) return CheckArtefact(options);
  Result<compiler::CompileOptions> compile = ToCompileOptions(options.rules);
  if (!compile.ok()) {
    PrintError(compile.error().message);
    return kCouldNotRun;
  }
  Result<compiler::CheckResult> result = compiler::Check(compile.value());
  if (!result.ok()) {
    PrintError(result.error().message);
    return kCouldNotRun;
  }
  const compiler::CheckResult& compiled = result.value();
  Output out;
  if (options.format == "json") {
    out.Write(diag::RenderJson(compiled.diagnostics, *compiled.sources));
    out.Write("\n");
  } else {
    out.Write(diag::RenderText(compiled.diagnostics, *compiled.sources, Output::Colour(STDOUT_FILENO)));
  }
  if (!out.Flush()) return kCouldNotRun;
  return compiled.diagnostics.has_errors() ? kFindings : kClean;
}

}  // namespace

void AddCheck(CommandLine& line, Action& action) {
  auto options = std::make_shared<CheckOptions>();
  Command command = line.AddCommand("check", "compile rules and report what is wrong with them");
  command.Add("rules", options->rules.rules, "rule files, folders or packages (agui.verify); or a built artefact").Required();
  AddRuleOptions(command, options->rules);
  command.Add("--format", options->format, "text or json").OneOf({"text", "json"});
  command.OnChosen([options, &action] { action = [options] { return RunCheck(*options); }; });
}

}  // namespace edict::cli
