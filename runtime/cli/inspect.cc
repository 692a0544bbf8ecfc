// edict inspect: any stage of the compilation as text.
#include <unistd.h>

#include <memory>

#include "compiler/ast/print.h"
#include "compiler/codegen/codegen.h"
#include "compiler/ir/print.h"
#include "compiler/parse/parse.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/deps_text.h"
#include "runtime/cli/output.h"
#include "runtime/cli/rules.h"
#include "runtime/cli/state_text.h"

namespace edict::cli {
namespace {

struct InspectOptions {
  RuleOptions rules;
  std::string stage = "ir";
  std::string format = "text";
};

std::string PlanText(const Program& program) {
  std::string text;
  for (const EventType& event : program.events) {
    text += "event " + (event.name.empty() ? std::string("(any other)") : event.name) + "\n  slots";
    for (const std::string& slot : event.slot_names) text += " " + slot;
    text += "\n  checks, in order of evaluation:";
    for (const Check& check : event.checks) text += " " + program.codes[check.code].code;
    text += "\n  effects: " + std::to_string(event.effects.size()) + "\n";
  }
  text += "end of stream\n  checks:";
  for (const Check& check : program.end_checks) text += " " + program.codes[check.code].code;
  return text + "\n";
}

int Inspect(const InspectOptions& options) {
  Result<compiler::CompileResult> result = CompileRules(options.rules);
  if (!result.ok()) {
    PrintError(result.error().message);
    return kCouldNotRun;
  }
  const compiler::CompileResult& compiled = result.value();
  Output out;
  if (options.stage == "tokens") {
    diag::Diagnostics ignored;  // the files were parsed before
    for (const ast::File& file : compiled.files) {
      out.Write("// " + compiled.sources->file(file.file_id).name() + "\n");
      out.Write(parse::DumpTokens(file.file_id, *compiled.sources, parse::ParseLimits{}, ignored));
    }
  } else if (options.stage == "ast") {
    for (const ast::File& file : compiled.files) out.Write(ast::Print(file));
  } else if (compiled.program == nullptr) {
    std::string text = diag::RenderText(compiled.diagnostics, *compiled.sources, Output::Colour(STDERR_FILENO));
    std::fputs(text.c_str(), stderr);
    return kCouldNotRun;
  } else if (options.stage == "deps") {
    out.Write(options.format == "json"  ? DepsJson(*compiled.program)
              : options.format == "dot" ? DepsDot(*compiled.program)
                                        : DepsText(*compiled.program));
  } else if (options.stage == "plan") {
    out.Write(PlanText(*compiled.program));
  } else if (options.stage == "llvm" || options.stage == "asm") {
    auto form = options.stage == "asm" ? codegen::CodegenOutput::kAssembly : codegen::CodegenOutput::kLlvm;
    Result<std::string> text = codegen::Generate(*compiled.program, {}, form);
    if (!text.ok()) {
      PrintError(text.error().message);
      return kCouldNotRun;
    }
    out.Write(text.value());
  } else if (options.stage == "state") {
    out.Write(StateText(*compiled.program));
  } else {
    out.Write(ir::Print(*compiled.program));
  }
  return out.Flush() ? kClean : kCouldNotRun;
}

}  // namespace

void AddInspect(CLI::App& app, Action& action) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* command = app.add_subcommand("inspect", "show a stage of the compilation");
  command->add_option("rules", options->rules.rules, "rule files, folders or packages")->required();
  command->add_option("--stage", options->stage, "tokens, ast, ir, deps, plan, state, llvm or asm")
      ->check(CLI::IsMember({"tokens", "ast", "ir", "deps", "plan", "state", "llvm", "asm"}));
  command->add_option("--format", options->format, "text; deps also json and dot")->check(CLI::IsMember({"text", "json", "dot"}));
  command->add_option("-I,--include", options->rules.search_paths, "folder to look for imports and packages in")
      ->allow_extra_args(false);
  command->add_option("--profile", options->rules.profile, "profile to apply");
  command->add_option("--set", options->rules.sets, "NAME=VALUE: value of a param")->allow_extra_args(false);
  command->callback([options, &action] { action = [options] { return Inspect(*options); }; });
}

}  // namespace edict::cli
