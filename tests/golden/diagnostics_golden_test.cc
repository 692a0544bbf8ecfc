// Golden tests of `edict check`: tests/golden/diagnostics/<subject>.rules with <subject>.expected, which is the text output,
// then the exit code. A first line `// edict check OPTIONS` gives options. EDICT_UPDATE_GOLDENS=1 rewrites the expectations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "tests/support/process.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(EDICT_SOURCE_DIR) / "tests/golden/diagnostics";

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> Subjects() {
  std::vector<std::string> subjects;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".rules") subjects.push_back(entry.path().stem().string());
  }
  std::sort(subjects.begin(), subjects.end());
  return subjects;
}

// Of the first line.
std::string Options(const std::string& rules) {
  const std::string mark = "// edict check ";
  return rules.rfind(mark, 0) == 0 ? rules.substr(mark.size(), rules.find('\n') - mark.size()) : "";
}

class DiagnosticsGolden : public testing::TestWithParam<std::string> {};

TEST_P(DiagnosticsGolden, SaysWhatIsExpected) {
  ProcessResult result = RunCommand("cd '" + kFolder.string() + "' && NO_COLOR=1 " EDICT_BINARY " check " +
                                    Options(Read(kFolder / (GetParam() + ".rules"))) + " " + GetParam() + ".rules 2>&1");
  std::string actual = result.out + "exit " + std::to_string(result.exit_code) + "\n";
  fs::path expected = kFolder / (GetParam() + ".expected");
  if (std::getenv("EDICT_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(expected, std::ios::binary) << actual;
  }
  EXPECT_EQ(actual, Read(expected));
}

INSTANTIATE_TEST_SUITE_P(Subjects, DiagnosticsGolden, testing::ValuesIn(Subjects()),
                         [](const testing::TestParamInfo<std::string>& info) { return info.param; });

// Every code is shown by a golden, or, of syntax and limits (E01xx), demanded by a unit test of those.
TEST(DiagnosticsGolden, EveryCodeIsShown) {
  std::string all;
  for (const std::string& subject : Subjects()) all += Read(kFolder / (subject + ".expected"));
  std::string units;
  for (const char* folder : {"compiler_parse", "compiler"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(EDICT_SOURCE_DIR) / "tests/unit" / folder))
      units += Read(entry.path());
  }
  const std::vector<diag::Code> codes = {
#define EDICT_DIAGNOSTIC(symbol, code, severity, title) diag::Code::symbol,
#include "compiler/diag/diagnostics.def"
#undef EDICT_DIAGNOSTIC
  };
  for (diag::Code code : codes) {
    std::string text = diag::CodeText(code);
    if (text.rfind("E01", 0) == 0 && units.find(text) != std::string::npos) continue;
    EXPECT_NE(all.find("[" + text + "]"), std::string::npos) << text << " (" << diag::CodeTitle(code) << ") is in no golden";
  }
}

}  // namespace
}  // namespace edict::tests
