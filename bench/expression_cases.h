// The expressions of expression_bench: their inputs, results, and the C++ that a person would write for them.
#ifndef EDICT_BENCH_EXPRESSION_CASES_H_
#define EDICT_BENCH_EXPRESSION_CASES_H_

#include <string>
#include <vector>

#include "runtime/interp/interp.h"
#include "runtime/value/value.h"

namespace edict::bench {

struct ExpressionInput {
  std::string name;
  std::string decl;  // text-format cel.expr.Decl; empty: dyn
  Value value;
};

struct ExpressionCase {
  std::string name;
  std::string text;
  std::vector<ExpressionInput> inputs;
  void (*hand)(const Frame* frame, Value* out) = nullptr;  // called just as native code is
  bool expected = true;
};

// They and what they point to live until the program ends.
const std::vector<ExpressionCase>& ExpressionCases();

}  // namespace edict::bench

#endif  // EDICT_BENCH_EXPRESSION_CASES_H_
