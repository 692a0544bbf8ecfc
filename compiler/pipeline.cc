#include "compiler/compiler.h"
#include "compiler/ir/verify.h"
#include "compiler/load.h"
#include "compiler/lower/lower.h"
#include "compiler/parse/parse.h"
#include "runtime/program/serialize.h"

namespace edict::compiler {

// The steps, in order: load and parse; check and lower; verify.
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
  for (const auto& [name, text] : options.params) {
    uint32_t file = result.sources->Add("--set " + name, text);
    ast::ExprPtr value = parse::ParseExpression(file, *result.sources, parse::ParseLimits{}, result.diagnostics);
    if (value != nullptr) input.params[name] = std::move(value);
  }
  // What does not parse is left out of the AST, so that checking it would blame what is right.
  if (result.diagnostics.has_errors()) return result;
  result.program = lower::Lower(input, result.diagnostics);
  if (result.program == nullptr) return result;
  Status verified = CheckProgram(*result.program);
  if (verified.ok()) verified = ir::Verify(*result.program);
  if (!verified.ok()) return Error{"internal fault of the compiler, please report it: " + verified.error().message};
  return result;
}

}  // namespace edict::compiler
