// All tests of some rule sets: those in the files, examples, recorded streams.
#ifndef EDICT_RUNTIME_CLI_TEST_ALL_H_
#define EDICT_RUNTIME_CLI_TEST_ALL_H_

#include <vector>

#include "compiler/rule_sets.h"
#include "runtime/cli/coverage.h"
#include "runtime/cli/test_run.h"

namespace edict::cli {

// In order. `coverage` may be null. False: something could not be run, and standard error says what.
bool RunTests(const std::vector<compiler::RuleSet>& sets, const compiler::CompileOptions& options, const TestOptions& run,
              Coverage* coverage, std::vector<TestResult>& results);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_TEST_ALL_H_
