// Runs the tests of one rule set at every tier that is asked for.
#ifndef EDICT_RUNTIME_CLI_TEST_RUN_H_
#define EDICT_RUNTIME_CLI_TEST_RUN_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compiler/compiler.h"
#include "runtime/cli/coverage.h"
#include "runtime/engine.h"

namespace edict::cli {

struct TestOptions {
  bool interp = true;
  bool native = true;
  bool coverage = false;
  bool update = false;  // expectation files are rewritten
  std::string filter;   // run only what has this in its name; empty: everything
};

// One test, example or recorded stream that was run.
struct TestResult {
  enum class Kind : uint8_t { kTest, kExample, kRecorded };
  Kind kind = Kind::kTest;
  std::string name;
  std::string file;
  uint32_t line = 0;
  std::vector<std::string> faults;  // empty: passed. Each a line, with further lines indented
  bool updated = false;             // its expectation file was rewritten
};

// A rule set under one profile and set of params, ready at every tier.
struct Configured {
  std::string error;                                  // it does not compile; the rest is then empty
  std::vector<std::pair<std::string, Engine>> tiers;  // name and engine
  std::unique_ptr<CoverageObserver> observer;         // of the last tier, if coverage is wanted
};

class TestRunner {
 public:
  // `options.roots` are the rule set's files; `base` what they compiled to. `coverage` may be null; it outlives the runner.
  TestRunner(compiler::CompileOptions compile, const compiler::CompileResult& base, const TestOptions& options, Coverage* coverage)
      : compile_(std::move(compile)), base_(base), options_(options), coverage_(coverage) {}

  // Tests, then examples, in the order of the files.
  void RunTests(std::vector<TestResult>& results);
  // A file of recorded events; `expected` beside it. False, with a reason, if a file cannot be read or written.
  Status RunRecorded(const std::string& events, const std::string& expected, std::vector<TestResult>& results);

 private:
  using Found = std::vector<std::vector<Finding>>;  // by step

  const Configured& For(const std::string& profile, const std::map<std::string, std::string>& sets);
  Configured Configure(const std::string& profile, const std::map<std::string, std::string>& sets) const;
  TestResult RunTest(const lower::TestCase& test);
  TestResult RunExample(const lower::ExampleCase& example);
  // The findings of the first tier; a fault for each that finds anything else.
  Found RunSteps(const Configured& configured, const std::vector<lower::TestStep>& steps, TestResult& result) const;
  void CheckStep(const lower::TestCase& test, size_t step, const std::vector<Finding>& found, TestResult& result) const;
  TestResult ResultAt(TestResult::Kind kind, std::string name, source::Span span) const;
  bool Wanted(const std::string& name) const { return name.find(options_.filter) != std::string::npos; }

  compiler::CompileOptions compile_;
  const compiler::CompileResult& base_;
  const TestOptions& options_;
  Coverage* coverage_;
  std::map<std::pair<std::string, std::map<std::string, std::string>>, Configured> configured_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_TEST_RUN_H_
