// Random CEL expressions of known type over typed and dyn variables, for tests that compare two ways of evaluating them.
#ifndef EDICT_TESTS_SUPPORT_RANDOM_EXPRESSION_H_
#define EDICT_TESTS_SUPPORT_RANDOM_EXPRESSION_H_

#include <vector>

#include "compiler/expression.h"
#include "runtime/base/arena.h"
#include "runtime/value/value.h"
#include "tests/support/random_rules.h"

namespace edict::tests {

struct RandomExpression {
  compiler::ExpressionOptions options;
  std::vector<Value> values;  // of options.variables, in `arena`
};

// It compiles; evaluating it may fail, mostly it does not.
RandomExpression MakeRandomExpression(Random& random, Arena& arena);

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_RANDOM_EXPRESSION_H_
