#include "runtime/cli/test_all.h"

#include <utility>

#include "runtime/cli/output.h"
#include "runtime/cli/recorded.h"
#include "runtime/cli/rules.h"

namespace edict::cli {

bool RunTests(const std::vector<compiler::RuleSet>& sets, const compiler::CompileOptions& options, const TestOptions& run,
              Coverage* coverage, std::vector<TestResult>& results) {
  Result<std::vector<Recorded>> recorded = FindRecorded(sets);
  if (!recorded.ok()) {
    PrintError(recorded.error().message);
    return false;
  }
  bool ok = true;
  const auto failed = [&ok](const Error& error) {
    PrintError(error.message);
    ok = false;
  };
  for (size_t i = 0; i < sets.size(); ++i) {
    compiler::CompileOptions one = options;
    one.roots = sets[i].files;
    Result<compiler::CompileResult> compiled = compiler::Compile(one);
    if (!compiled.ok()) {
      failed(compiled.error());
      continue;
    }
    const compiler::CompileResult& base = compiled.value();
    PrintDiagnostics(base);
    if (base.program == nullptr) {
      ok = false;
      continue;
    }
    if (const Status runs = RunsHere(*base.program); !runs.ok()) {
      failed(runs.error());
      continue;
    }
    // What no test reaches is to be covered as well.
    if (coverage != nullptr && !sets[i].tests) {
      one.optimise = false;
      Result<compiler::CompileResult> plain = compiler::Compile(one);
      if (plain.ok() && plain.value().program != nullptr) CoverageObserver(std::move(plain.value()), *coverage);
      one.optimise = true;
    }
    TestRunner runner(one, base, run, coverage);
    runner.RunTests(results);
    for (const Recorded& stream : recorded.value()) {
      if (stream.rule_set != i) continue;
      const Status status = runner.RunRecorded(stream.events, stream.expected, results);
      if (!status.ok()) failed(status.error());
    }
  }
  return ok;
}

}  // namespace edict::cli
