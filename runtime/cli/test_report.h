// The results of `edict test` as text, JSON or JUnit XML.
#ifndef EDICT_RUNTIME_CLI_TEST_REPORT_H_
#define EDICT_RUNTIME_CLI_TEST_REPORT_H_

#include <string>
#include <vector>

#include "runtime/cli/coverage.h"
#include "runtime/cli/test_run.h"

namespace edict::cli {

// Failures, then a summary. `coverage` may be null, here and below.
std::string TextReport(const std::vector<TestResult>& results, const Coverage* coverage, bool colour);
// {"version": 1, "tests": [{kind, name, file, line, passed, faults}], "passed", "failed", "coverage"?}
std::string JsonReport(const std::vector<TestResult>& results, const Coverage* coverage);
// One test suite a file. JUnit has no place for coverage.
std::string JunitReport(const std::vector<TestResult>& results);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_TEST_REPORT_H_
