// edict inspect: any stage of the compilation as text.
#include <memory>

#include "compiler/ast/print.h"
#include "compiler/codegen/codegen.h"
#include "compiler/ir/print.h"
#include "compiler/parse/parse.h"
#include "runtime/cli/commands.h"
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

int Inspect(const InspectOptions& options) {
  Result<compiler::CompileResult> result = CompileRules(options.rules);
  if (!result.ok()) {
    PrintError(result.error().message);
    return kCouldNotRun;
  }
  const compiler::CompileResult& compiled = result.value();
  Output out;
  if (options.stage == "tokens") {
    diag::Diagnostics ignored;  // the files were parsed before, within these limits
    const source::Limits limits = ToCompileOptions(options.rules).value().limits;
    for (const ast::File& file : compiled.files) {
      out.Write("// " + compiled.sources->file(file.file_id).name() + "\n");
      out.Write(parse::DumpTokens(file.file_id, *compiled.sources, limits, ignored));
    }
  } else if (options.stage == "ast") {
    for (const ast::File& file : compiled.files) out.Write(ast::Print(file));
  } else if (compiled.program == nullptr) {
    PrintDiagnostics(compiled);
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
    out.Write(options.format == "json"  ? StateJson(*compiled.program)
              : options.format == "dot" ? LifecyclesDot(compiled.files)
                                        : StateText(*compiled.program));
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
  command->add_option("--format", options->format, "text; deps and state also json and dot")
      ->check(CLI::IsMember({"text", "json", "dot"}));
  AddRuleOptions(*command, options->rules);
  command->callback([options, &action] { action = [options] { return Inspect(*options); }; });
}

}  // namespace edict::cli
