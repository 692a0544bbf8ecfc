// Golden tests of `edict inspect`: tests/golden/inspect/<subject>.rules, each stage of it as <subject>.<stage>.
// EDICT_UPDATE_GOLDENS=1 rewrites the expectations.
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

class InspectGolden : public testing::TestWithParam<const char*> {};

TEST_P(InspectGolden, PrintsWhatIsExpected) {
  const std::string stage = GetParam();
  size_t subjects = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(EDICT_SOURCE_DIR) / "tests/golden/inspect")) {
    if (entry.path().extension() != ".rules") continue;
    ++subjects;
    ProcessResult result = RunCommand("cd '" + entry.path().parent_path().string() + "' && " EDICT_BINARY " inspect " +
                                      entry.path().filename().string() + " --stage " + stage + " 2>&1");
    fs::path expected = fs::path(entry.path()).replace_extension(stage);
    if (std::getenv("EDICT_UPDATE_GOLDENS") != nullptr) std::ofstream(expected, std::ios::binary) << result.out;
    EXPECT_EQ(result.out, ReadFile(expected)) << entry.path();
    EXPECT_EQ(result.exit_code, 0);
  }
  EXPECT_GT(subjects, 0u);
}

INSTANTIATE_TEST_SUITE_P(Stages, InspectGolden, testing::Values("ast", "ir", "deps", "plan", "state"),
                         [](const testing::TestParamInfo<const char*>& info) { return std::string(info.param); });

}  // namespace
}  // namespace edict::tests
