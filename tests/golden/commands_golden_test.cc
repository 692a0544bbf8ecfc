// Golden tests of whole commands: tests/golden/commands/<subject>/ holds `commands`, a command line of edict a line, the files
// they need, and expected.txt, which is each command, what it prints on both outputs, and its exit code. Commands may write into a
// folder $T, which is empty at first; the expectation calls it $T, too. $EDICT is the program, for a second command in a line.
// EDICT_UPDATE_GOLDENS=1 rewrites the expectations.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> CommandSubjects() {
  std::vector<fs::path> subjects;
  for (const auto& entry : fs::directory_iterator(fs::path(EDICT_SOURCE_DIR) / "tests/golden/commands")) {
    if (entry.is_directory()) subjects.push_back(entry.path());
  }
  std::sort(subjects.begin(), subjects.end());
  return subjects;
}

// Lasts for one subject.
class Folder {
 public:
  Folder() {
    path_ = (fs::temp_directory_path() / "edict-golden-XXXXXX").string();
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  // The text with $T in place of the path.
  std::string Hidden(std::string text) const {
    for (size_t at = 0; (at = text.find(path_, at)) != std::string::npos;) text.replace(at, path_.size(), "$T");
    return text;
  }

 private:
  std::string path_;
};

class CommandsGolden : public testing::TestWithParam<fs::path> {};

TEST_P(CommandsGolden, PrintWhatIsExpected) {
  std::ifstream commands(GetParam() / "commands");
  ASSERT_TRUE(commands) << GetParam() << " has no commands";
  const Folder scratch;
  std::string actual;
  for (std::string line; std::getline(commands, line);) {
    const ProcessResult result = RunCommand("cd '" + GetParam().string() + "' && export NO_COLOR=1 EDICT=" EDICT_BINARY " T='" +
                                            scratch.path() + "' && " EDICT_BINARY " " + line + " 2>&1");
    actual += "$ edict " + line + "\n" + scratch.Hidden(result.out) + "exit " + std::to_string(result.exit_code) + "\n";
  }
  const fs::path expected = GetParam() / "expected.txt";
  if (std::getenv("EDICT_UPDATE_GOLDENS") != nullptr) std::ofstream(expected, std::ios::binary) << actual;
  std::ifstream in(expected, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(actual, text.str());
}

INSTANTIATE_TEST_SUITE_P(Subjects, CommandsGolden, testing::ValuesIn(CommandSubjects()),
                         [](const testing::TestParamInfo<fs::path>& info) { return info.param.filename().string(); });

}  // namespace
}  // namespace edict::tests
