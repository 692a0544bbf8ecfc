// edict inspect: any stage of the compilation as text.
#include <memory>

#include "compiler/ast/print.h"
#include "compiler/codegen/codegen.h"
#include "compiler/ir/print.h"
#include "compiler/parse/parse.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/cost_options.h"
#include "runtime/cli/deps_text.h"
#include "runtime/cli/inspect_state.h"
#include "runtime/cli/output.h"
#include "runtime/cli/plan_text.h"
#include "runtime/cli/rule_options.h"

namespace edict::cli {
namespace {

struct InspectOptions {
  RuleOptions rules;
  std::string stage = "ir";
  std::string format = "text";
};

// What the parser made, of rules in source form.
Result<std::string> SourceStage(const InspectOptions& options, const compiler::CompileResult& compiled) {
  std::string text;
  if (options.stage == "state") return LifecyclesDot(compiled.files);
  diag::Diagnostics ignored;  // the files were parsed before, within these limits
  const source::Limits limits = ToCompileOptions(options.rules).value().limits;
  for (const ast::File& file : compiled.files) {
    if (options.stage == "tokens") {
      text += "// " + compiled.sources->file(file.file_id).name() + "\n";
      text += parse::DumpTokens(file.file_id, *compiled.sources, limits, ignored);
    } else {
      text += ast::Print(file);
    }
  }
  return text;
}

Result<std::string> ProgramStage(const InspectOptions& options, const Program& program, const CostProfile* costs) {
  if (options.stage == "deps") {
    return options.format == "json" ? DepsJson(program) : options.format == "dot" ? DepsDot(program) : DepsText(program);
  }
  if (options.stage == "plan") return PlanText(program, costs);
  if (options.stage == "state") return options.format == "json" ? StateJson(program) : StateText(program);
  if (options.stage == "ir") return ir::Print(program);
  const auto form = options.stage == "asm" ? codegen::CodegenOutput::kAssembly : codegen::CodegenOutput::kLlvm;
  return codegen::Generate(program, {}, form);
}

Result<std::string> ArtefactStage(const InspectOptions& options, bool of_sources) {
  const Result<Artefact> artefact = ReadRulesArtefact(options.rules);
  if (!artefact.ok()) return artefact.error();
  if (!of_sources) return ProgramStage(options, *artefact.value().program, nullptr);
  return Error{options.stage == "state"
                   ? "the graph of lifecycles is of rules in source form, which an artefact does not hold"
                   : "--stage " + options.stage + " is of rules in source form, which an artefact does not hold"};
}

int Inspect(const InspectOptions& options) {
  const bool of_sources =
      options.stage == "tokens" || options.stage == "ast" || (options.stage == "state" && options.format == "dot");
  Result<std::string> text = std::string();
  if (NameArtefact(options.rules)) {
    text = ArtefactStage(options, of_sources);
  } else {
    const Result<compiler::CompileOptions> compile = ToCompileOptions(options.rules);
    const Result<compiler::CompileResult> compiled = compile.ok() ? compiler::Compile(compile.value()) : compile.error();
    if (compiled.ok() && compiled.value().program == nullptr && (!of_sources || options.stage == "state")) {
      PrintDiagnostics(compiled.value());
      return kCouldNotRun;
    }
    text = !compiled.ok() ? Result<std::string>(compiled.error())
           : of_sources   ? SourceStage(options, compiled.value())
                          : ProgramStage(options, *compiled.value().program, compile.value().costs.get());
  }
  if (!text.ok()) {
    PrintError(text.error().message);
    return kCouldNotRun;
  }
  Output out;
  out.Write(text.value());
  return out.Flush() ? kClean : kCouldNotRun;
}

}  // namespace

void AddInspect(CommandLine& line, Action& action) {
  auto options = std::make_shared<InspectOptions>();
  Command command = line.AddCommand("inspect", "show a stage of the compilation");
  command.Add("rules", options->rules.rules, "rule files, folders or packages; or a built artefact").Required();
  command.Add("--stage", options->stage, "tokens, ast, ir, deps, plan, state, llvm or asm")
      .OneOf({"tokens", "ast", "ir", "deps", "plan", "state", "llvm", "asm"});
  command.Add("--format", options->format, "text; deps and state also json and dot").OneOf({"text", "json", "dot"});
  AddRuleOptions(command, options->rules);
  AddProfileUseOption(command, options->rules);
  command.OnChosen([options, &action] { action = [options] { return Inspect(*options); }; });
}

}  // namespace edict::cli
