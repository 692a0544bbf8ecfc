// Native code of whole rule sets: how long it takes, by number of rules, and that this grows no faster than they do.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "compiler/codegen/codegen.h"
#include "compiler/compiler.h"
#include "runtime/engine.h"
#include "tests/support/many_rules.h"

namespace edict {
namespace {

std::shared_ptr<const Program> ManyRulesProgram(int rules, int types) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("edict-bench-" + std::to_string(::getpid()) + ".rules");
  std::ofstream(path) << tests::ManyRules(rules, types);
  compiler::CompileOptions options;
  options.roots = {path.string()};
  Result<compiler::CompileResult> result = compiler::Compile(options);
  std::filesystem::remove(path);
  return result.ok() ? result.value().program : nullptr;
}

// Arguments: rules, event types, LLVM's level, threads.
void CompileRules(benchmark::State& state) {
  std::shared_ptr<const Program> program = ManyRulesProgram(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  if (program == nullptr) return state.SkipWithError("the rules do not compile");
  codegen::CodegenOptions options;
  options.optimization = static_cast<int>(state.range(2));
  options.threads = static_cast<unsigned>(state.range(3));
  for (auto _ : state) {
    Result<std::string> object = codegen::Generate(*program, options, codegen::CodegenOutput::kObject);
    if (!object.ok()) return state.SkipWithError(object.error().message.c_str());
    benchmark::DoNotOptimize(object.value().data());
  }
}
BENCHMARK(CompileRules)
    ->Name("compile_rules")
    ->ArgsProduct({{10, 60, 100, 1000}, {10}, {0, 2}, {1, 2}})
    ->Args({1000, 100, 2, 1})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

// From a checked Program to the first verdict, in the interpreter. Arguments: rules, event types.
void FirstVerdict(benchmark::State& state) {
  std::shared_ptr<const Program> program = ManyRulesProgram(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  if (program == nullptr) return state.SkipWithError("the rules do not compile");
  for (auto _ : state) {
    Engine engine(program);
    Stream stream = engine.Open("s");
    std::vector<Finding> findings;
    stream.FeedRecord(R"({"type":"T0","id":"a","count":5})", 0, findings);
    if (!findings.empty()) return state.SkipWithError("there is nothing wrong with the event");
  }
}
BENCHMARK(FirstVerdict)->Name("ready")->Args({100, 10})->Args({1000, 100})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace edict
