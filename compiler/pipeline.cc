#include <optional>
#include <utility>

#include "compiler/compiler.h"
#include "compiler/load.h"
#include "compiler/lower/lower.h"
#include "compiler/parse/parse.h"
#include "compiler/passes/passes.h"

namespace edict::compiler {

// The steps, in order: load and parse; check and lower; passes, which verify.
Result<CompileResult> Compile(const CompileOptions& options) {
  CompileResult result;
  result.sources = std::make_unique<source::SourceSet>();
  Status loaded = LoadFiles(options, *result.sources, result.diagnostics, result.files);
  if (!loaded.ok()) return loaded.error();
  if (result.files.empty()) return Error{"there is no rule file to compile"};

  lower::LowerInput input;
  input.files = &result.files;
  input.sources = result.sources.get();
  input.profile = options.profile;
  input.limits = options.limits;
  for (const auto& [name, text] : options.params) {
    uint32_t file = result.sources->Add("--set " + name, text);
    ast::ExprPtr value = parse::ParseExpression(file, *result.sources, options.limits, result.diagnostics);
    if (value != nullptr) input.params[name] = std::move(value);
  }
  // What does not parse is left out of the AST, so that checking it would blame what is right.
  if (result.diagnostics.has_errors()) return result;
  std::optional<lower::Lowered> lowered = lower::Lower(input, result.diagnostics);
  if (!lowered) return result;
  result.tests = std::move(lowered->tests);
  if (!options.optimise) {
    result.cover = std::move(lowered->cover);
    result.program = std::make_shared<const Program>(std::move(lowered->program));
    return result;
  }
  Result<Program> optimised = passes::RunPasses(std::move(lowered->program), {options.order_checks, options.costs.get()});
  if (!optimised.ok()) return Error{"internal fault of the compiler, please report it: " + optimised.error().message};
  result.program = std::make_shared<const Program>(std::move(optimised.value()));
  return result;
}

}  // namespace edict::compiler
