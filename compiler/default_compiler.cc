#include "compiler/default_compiler.h"

#include <utility>

#include "compiler/compiler.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/native.h"

namespace edict::compiler {

Result<Rules> DefaultCompiler::Compile(const RuleSource& source) const {
  CompileOptions options;
  options.roots = source.roots;
  for (const RuleText& text : source.texts) options.texts.push_back({text.name, text.text});
  options.search_paths = source.search_paths;
  options.profile = source.profile;
  options.params = source.params;
  options.order_checks = source.order_checks;
  options.costs = source.costs;
  Result<CompileResult> compiled = compiler::Compile(options);
  if (!compiled.ok()) return compiled.error();
  CompileResult& result = compiled.value();
  std::string diagnostics = diag::RenderText(result.diagnostics, *result.sources, false);
  if (result.program == nullptr) return Error{std::move(diagnostics)};
  Rules rules;
  rules.program = std::move(result.program);
  rules.native_fault = "it is not made yet";
  rules.warnings = std::move(diagnostics);
  return rules;
}

Status DefaultCompiler::CompileNative(Engine& engine) const { return compiler::CompileNative(engine); }

}  // namespace edict::compiler
