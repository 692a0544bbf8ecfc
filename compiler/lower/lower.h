// From checked declarations to a Program: shapes, plans, state layout, messages, dependencies.
#ifndef EDICT_COMPILER_LOWER_LOWER_H_
#define EDICT_COMPILER_LOWER_LOWER_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/lower/test_plan.h"
#include "compiler/source/limits.h"
#include "compiler/source/source.h"
#include "runtime/program/program.h"

namespace edict::lower {

struct LowerInput {
  const std::vector<ast::File>* files = nullptr;  // imports before their importers
  const source::SourceSet* sources = nullptr;
  std::string profile;                         // empty: none
  std::map<std::string, ast::ExprPtr> params;  // overrides, after the profile's
  source::Limits limits = {};
};

struct Lowered {
  Program program;
  TestPlan tests;   // of the files that are not imported
  CoverPlan cover;  // nodes of `program`
};

// Nothing if anything was wrong, which is then in `diagnostics`.
std::optional<Lowered> Lower(const LowerInput& input, diag::Diagnostics& diagnostics);

}  // namespace edict::lower

#endif  // EDICT_COMPILER_LOWER_LOWER_H_
