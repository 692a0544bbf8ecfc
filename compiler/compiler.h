// The compiler's one entrance: rule files in, a Program or diagnostics out. It never runs events.
#ifndef EDICT_COMPILER_COMPILER_H_
#define EDICT_COMPILER_COMPILER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/lower/test_plan.h"
#include "compiler/source/limits.h"
#include "compiler/source/source.h"
#include "runtime/base/result.h"
#include "runtime/profile/cost_profile.h"
#include "runtime/program/program.h"

namespace edict::compiler {

// A rule file that is not on disk.
struct MemoryFile {
  std::string name;  // as diagnostics show it; imports by path start from its folder
  std::string text;
};

struct CompileOptions {
  // What to compile: each a file, a folder (all *.rules below it), or a package name ("agui.verify").
  std::vector<std::string> roots;
  // Compiled after the roots.
  std::vector<MemoryFile> texts;
  // Folders searched for imports and package names, in order, after the importing file's folder. The standard library is one.
  std::vector<std::string> search_paths;
  // Name of a `profile` to apply; empty: none.
  std::string profile;
  // Overrides of params, as CEL expressions by name ("max_delta" -> "1024"); applied after the profile.
  std::map<std::string, std::string> params;
  // False: the Program as lowering made it. It finds the same; for tests of the passes.
  bool optimise = true;
  // Checks of an event run in the order in which the first one that fails is expected the soonest: for EngineOptions::fail_fast,
  // which then gives other findings, and for events that are mostly wrong. False: as they are written.
  bool order_checks = false;
  // By what they were measured to cost, else by estimates. Null: there is no such profile.
  std::shared_ptr<const CostProfile> costs;
  // What the sources may cost.
  source::Limits limits = {};
};

struct CompileResult {
  // Null if there are errors.
  std::shared_ptr<const Program> program;
  // Sources and diagnostics (also warnings) of the compilation; spans refer to `sources`.
  std::unique_ptr<source::SourceSet> sources;
  diag::Diagnostics diagnostics;
  std::vector<ast::File> files;  // parsed, for `inspect --stage ast`
  lower::TestPlan tests;         // of the roots' files
  lower::CoverPlan cover;        // of a Program that is not optimised
};

// A root that cannot be opened is an Error; faults in the text are diagnostics.
Result<CompileResult> Compile(const CompileOptions& options);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_COMPILER_H_
