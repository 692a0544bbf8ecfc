// Golden tests of `edict run`: tests/golden/run/<subject>/ holds rules.rules, events.* and expected.txt, which is the text
// output, then the exit code. EDICT_UPDATE_GOLDENS=1 rewrites the expectations.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Subjects() {
  std::vector<fs::path> subjects;
  for (const auto& entry : fs::directory_iterator(fs::path(EDICT_SOURCE_DIR) / "tests/golden/run")) {
    if (entry.is_directory()) subjects.push_back(entry.path());
  }
  std::sort(subjects.begin(), subjects.end());
  return subjects;
}

std::string EventsFile(const fs::path& subject) {
  for (const auto& entry : fs::directory_iterator(subject)) {
    if (entry.path().stem() == "events") return entry.path().filename().string();
  }
  return "events.missing";
}

// The options of a subject, if it needs any, stand in a file `options`.
ProcessResult RunSubject(const fs::path& subject, const std::string& how) {
  std::string options = ReadFile(subject / "options");
  while (!options.empty() && options.back() == '\n') options.pop_back();
  return RunCommand("cd '" + subject.string() + "' && NO_COLOR=1 " EDICT_BINARY " run -r rules.rules " + how + " " + options + " " +
                    EventsFile(subject) + " 2>&1");
}

class RunGolden : public testing::TestWithParam<fs::path> {};

TEST_P(RunGolden, PrintsWhatIsExpected) {
  ProcessResult result = RunSubject(GetParam(), "--tier interp --threads 1");
  std::string actual = result.out + "exit " + std::to_string(result.exit_code) + "\n";
  fs::path expected = GetParam() / "expected.txt";
  if (std::getenv("EDICT_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(expected, std::ios::binary) << actual;
  }
  EXPECT_EQ(actual, ReadFile(expected));
  // Native code and many threads print the same bytes.
  ProcessResult native = RunSubject(GetParam(), "--tier native --threads 8");
  EXPECT_EQ(native.out + "exit " + std::to_string(native.exit_code) + "\n", actual);
}

INSTANTIATE_TEST_SUITE_P(Subjects, RunGolden, testing::ValuesIn(Subjects()),
                         [](const testing::TestParamInfo<fs::path>& info) { return info.param.filename().string(); });

}  // namespace
}  // namespace edict::tests
