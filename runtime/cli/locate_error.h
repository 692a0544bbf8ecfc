// Where in an expression its evaluation failed, for people: the smallest part that fails by itself in the same way.
#ifndef EDICT_RUNTIME_CLI_LOCATE_ERROR_H_
#define EDICT_RUNTIME_CLI_LOCATE_ERROR_H_

#include <string>
#include <vector>

#include "compiler/expression.h"
#include "runtime/value/value.h"

namespace edict::cli {

// The error and the line of the expression with carets under that part:
//
//   divide by zero
//     | 1 + 6 / x
//     |     ^^^^^
//
// Parts are evaluated one by one, with the variables of `options`, so this is for one expression that failed, not for many.
// What is inside a comprehension cannot be evaluated by itself: then the whole comprehension is marked.
std::string ErrorWithPlace(const compiler::ExpressionOptions& options, const std::vector<Value>& variables, const Value& error,
                           int64_t fuel);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_LOCATE_ERROR_H_
