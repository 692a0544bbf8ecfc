// Golden tests of the passes, IR text to IR text: tests/golden/passes/<subject>.ir becomes <subject>.expected.
// EDICT_UPDATE_GOLDENS=1 rewrites the expectations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "compiler/ir/print.h"
#include "compiler/ir/read.h"
#include "compiler/passes/passes.h"
#include "tests/support/files.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> PassSubjects() {
  std::vector<fs::path> subjects;
  for (const auto& entry : fs::directory_iterator(fs::path(EDICT_SOURCE_DIR) / "tests/golden/passes")) {
    if (entry.path().extension() == ".ir") subjects.push_back(entry.path());
  }
  std::sort(subjects.begin(), subjects.end());
  return subjects;
}

class PassesGolden : public testing::TestWithParam<fs::path> {};

TEST_P(PassesGolden, MakesWhatIsExpected) {
  Result<Program> read = ir::Read(ReadFile(GetParam()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  Result<Program> optimised = passes::RunPasses(std::move(read.value()));
  ASSERT_TRUE(optimised.ok()) << optimised.error().message;
  std::string actual = ir::Print(optimised.value());
  fs::path expected = fs::path(GetParam()).replace_extension(".expected");
  if (std::getenv("EDICT_UPDATE_GOLDENS") != nullptr) std::ofstream(expected, std::ios::binary) << actual;
  EXPECT_EQ(actual, ReadFile(expected));
  // Another time they find nothing to do.
  Result<Program> again = passes::RunPasses(std::move(optimised.value()));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(ir::Print(again.value()), actual);
}

INSTANTIATE_TEST_SUITE_P(Subjects, PassesGolden, testing::ValuesIn(PassSubjects()),
                         [](const testing::TestParamInfo<fs::path>& info) { return info.param.stem().string(); });

}  // namespace
}  // namespace edict::tests
