// What 20 typical expressions cost: in the interpreter, in native code, and as a C++ function written by hand for the same
// check on the same Values. Each benchmark asserts its results. bench/README.md says what is timed.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/expression_cases.h"
#include "compiler/expression.h"
#include "compiler/native.h"
#include "runtime/builtins/context.h"
#include "runtime/interp/interp.h"

namespace edict::bench {
namespace {

compiler::ExpressionOptions OptionsOf(const ExpressionCase& test) {
  compiler::ExpressionOptions options;
  options.text = test.text;
  options.fold = true;
  for (const ExpressionInput& input : test.inputs) options.variables.push_back({input.name, input.decl});
  return options;
}

// One expression, ready to run.
struct Prepared {
  explicit Prepared(const ExpressionCase& test) {
    Result<compiler::Expression> compiled = compiler::CompileExpression(OptionsOf(test));
    if (!compiled.ok() || compiled.value().program == nullptr) return;
    expression = std::move(compiled.value());
    for (const ExpressionInput& input : test.inputs) locals.push_back(input.value);
    locals.resize(locals.size() + expression.program->local_count);
    context.arena = &arena;
    context.program = expression.program.get();
    context.regexes = &regexes;
    frame.program = expression.program.get();
    frame.locals = locals.data();
    frame.context = &context;
  }
  compiler::Expression expression;
  std::vector<Value> locals;
  Arena arena;
  RegexCache regexes;
  EvalContext context;
  Frame frame;
};

// What an event's first expression meets: full fuel, an empty arena. Done for every 64 evaluations, as if an event's rules
// had so many.
void BeginEvent(Prepared& prepared) {
  prepared.context.fuel = 10'000'000;
  prepared.arena.Reset();
}

template <typename Run>
void RunExpression(benchmark::State& state, const ExpressionCase& test, Prepared& prepared, const Run& run) {
  uint32_t runs = 0;
  for (auto _ : state) {
    if (runs++ % 64 == 0) BeginEvent(prepared);
    Value value;
    run(&prepared.frame, &value);
    benchmark::DoNotOptimize(value);
    if (value.kind != Kind::kBool || value.b != test.expected) return state.SkipWithError("wrong result");
  }
  if (prepared.context.reinterpreted != 0) state.SkipWithError("native code left it to the interpreter");
}

void RunHand(benchmark::State& state, const ExpressionCase& test) {
  Prepared prepared(test);
  if (prepared.expression.program == nullptr) return state.SkipWithError("the expression does not compile");
  RunExpression(state, test, prepared, test.hand);
}

void RunNative(benchmark::State& state, const ExpressionCase& test) {
  Prepared prepared(test);
  if (prepared.expression.program == nullptr) return state.SkipWithError("the expression does not compile");
  auto made = compiler::CompileNativeValue(*prepared.expression.program, prepared.expression.node);
  if (!made.ok()) return state.SkipWithError(made.error().message.c_str());
  RunExpression(state, test, prepared, made.value()->values()[0]);
}

void RunInterpreter(benchmark::State& state, const ExpressionCase& test) {
  Prepared prepared(test);
  if (prepared.expression.program == nullptr) return state.SkipWithError("the expression does not compile");
  const uint32_t node = prepared.expression.node;
  RunExpression(state, test, prepared, [node](const Frame* frame, Value* out) { *out = Evaluate(*frame, node); });
}

// From the text to a Program, and from there to loaded native code.
void CompileCase(benchmark::State& state, const ExpressionCase& test, bool native) {
  Prepared prepared(test);
  if (prepared.expression.program == nullptr) return state.SkipWithError("the expression does not compile");
  for (auto _ : state) {
    if (native) {
      auto made = compiler::CompileNativeValue(*prepared.expression.program, prepared.expression.node);
      benchmark::DoNotOptimize(made);
    } else {
      auto made = compiler::CompileExpression(OptionsOf(test));
      benchmark::DoNotOptimize(made);
    }
  }
}

// A sum of `range` terms: how the time to compile grows.
void CompileLargeSum(benchmark::State& state) {
  ExpressionCase test;
  test.text = "n == 0";
  for (int64_t i = 0; i < state.range(0); ++i) test.text += " || n * " + std::to_string(i + 3) + " == " + std::to_string(i);
  test.inputs = {{"n", "name: \"n\" ident { type { primitive: INT64 } }", Value::Int(-1)}};
  CompileCase(state, test, true);
}

const bool kRegistered = [] {
  for (const ExpressionCase& test : ExpressionCases()) {
    benchmark::RegisterBenchmark(("hand/" + test.name).c_str(), [&](benchmark::State& s) { RunHand(s, test); });
    benchmark::RegisterBenchmark(("native/" + test.name).c_str(), [&](benchmark::State& s) { RunNative(s, test); });
    benchmark::RegisterBenchmark(("interp/" + test.name).c_str(), [&](benchmark::State& s) { RunInterpreter(s, test); });
  }
  for (const ExpressionCase& test : ExpressionCases()) {
    benchmark::RegisterBenchmark(("check/" + test.name).c_str(), [&](benchmark::State& s) {
      CompileCase(s, test, false);
    })->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark(("compile/" + test.name).c_str(), [&](benchmark::State& s) {
      CompileCase(s, test, true);
    })->Unit(benchmark::kMillisecond);
  }
  benchmark::RegisterBenchmark("compile_terms", CompileLargeSum)->Arg(100)->Arg(300)->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
}  // namespace edict::bench
