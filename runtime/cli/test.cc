// edict test: the tests, examples and recorded streams of rules.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "compiler/rule_sets.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"
#include "runtime/cli/rules.h"
#include "runtime/cli/test_all.h"
#include "runtime/cli/test_report.h"
#include "runtime/cli/test_run.h"

namespace edict::cli {
namespace {

struct TestCommand {
  RuleOptions rules;
  TestOptions run;
  std::string tier = "all";
  std::string output = "text";
  double coverage_min = -1;  // percent; below 0: not asked for
};

namespace fs = std::filesystem;

std::string Canonical(const std::string& path) {
  std::error_code error;
  return fs::weakly_canonical(path, error).string();
}

bool IsBelow(const std::string& path, const std::string& folder) { return Canonical(path).rfind(Canonical(folder) + "/", 0) == 0; }

// Of the library, only what was asked for is to be covered, and not what it imports from elsewhere in it.
std::function<bool(const std::string&)> Covered(const std::vector<compiler::RuleSet>& sets,
                                                const std::vector<std::string>& search_paths) {
  return [&sets, &search_paths](const std::string& file) {
    if (compiler::IsTestFile(file)) return false;
    const bool asked = std::any_of(sets.begin(), sets.end(), [&](const compiler::RuleSet& set) {
      return std::any_of(set.files.begin(), set.files.end(), [&](const std::string& own) { return Canonical(own) == file; }) ||
             (set.whole_folder && IsBelow(file, set.folder));
    });
    const bool library =
        std::any_of(search_paths.begin(), search_paths.end(), [&](const std::string& path) { return IsBelow(file, path); });
    return asked || !library;
  };
}

int Test(const TestCommand& command) {
  Result<compiler::CompileOptions> compile = ToCompileOptions(command.rules);
  if (!compile.ok()) {
    PrintError(compile.error().message);
    return kCouldNotRun;
  }
  TestOptions run = command.run;
  run.interp = command.tier != "native";
  run.native = command.tier != "interp";
  const std::vector<compiler::RuleSet> sets = compiler::RuleSets(compile.value());
  std::optional<Coverage> coverage;
  if (run.coverage || command.coverage_min >= 0) coverage.emplace(Covered(sets, compile.value().search_paths));
  Coverage* const wanted = coverage ? &*coverage : nullptr;
  std::vector<TestResult> results;
  const bool ok = RunTests(sets, compile.value(), run, wanted, results);

  Output out;
  if (command.output == "json") {
    out.Write(JsonReport(results, wanted));
  } else if (command.output == "junit") {
    out.Write(JunitReport(results));
    if (wanted != nullptr) std::fputs(wanted->Text().c_str(), stderr);
  } else {
    out.Write(TextReport(results, wanted, Output::Colour(STDOUT_FILENO)));
  }
  if (!out.Flush() || !ok) return kCouldNotRun;
  if (results.empty()) {
    PrintError(run.filter.empty() ? "there is nothing to test" : "no test has \"" + run.filter + "\" in its name");
    return kCouldNotRun;
  }
  const bool failed = std::any_of(results.begin(), results.end(), [](const TestResult& r) { return !r.faults.empty(); });
  const bool low = wanted != nullptr && wanted->percent() < command.coverage_min;
  if (low) PrintError("the coverage is below --coverage-min");
  return failed || low ? kFindings : kClean;
}

}  // namespace

void AddTest(CommandLine& line, Action& action) {
  auto command = std::make_shared<TestCommand>();
  Command test = line.AddCommand("test", "run the tests, examples and recorded streams of rules");
  test.Add("paths", command->rules.rules, "rule files, folders (each package by itself) or packages (agui.verify)").Required();
  test.Add("--filter", command->run.filter, "run only tests with this text in their name");
  test.Add("--tier", command->tier, "all (which must agree), interp or native").OneOf({"all", "interp", "native"});
  test.Add("--output", command->output, "text, json or junit").OneOf({"text", "json", "junit"});
  test.AddFlag("--update", command->run.update, "write what recorded streams give into their .expected files");
  test.AddFlag("--coverage", command->run.coverage, "show which rules, clauses, states and transitions were reached");
  test.Add("--coverage-min", command->coverage_min, "fail if less than this many percent are reached").InRange(0.0, 100.0);
  test.Add("-I,--include", command->rules.search_paths, "folder to look for imports and packages in").OneValueEach();
  test.Add("--profile", command->rules.profile, "profile to apply, where a test names none");
  test.Add("--set", command->rules.sets, "NAME=VALUE: value of a param, where a test gives none").OneValueEach();
  test.OnChosen([command, &action] { action = [command] { return Test(*command); }; });
}

}  // namespace edict::cli
