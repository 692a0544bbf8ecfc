// Finds and parses the files of a compilation: roots, then what they import, each once, imports first.
#ifndef EDICT_COMPILER_LOAD_H_
#define EDICT_COMPILER_LOAD_H_

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/compiler.h"
#include "runtime/base/result.h"

namespace edict::compiler {

// A root that is not there is an Error; a bad import is a diagnostic.
Status LoadFiles(const CompileOptions& options, source::SourceSet& sources, diag::Diagnostics& diagnostics,
                 std::vector<ast::File>& files);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_LOAD_H_
