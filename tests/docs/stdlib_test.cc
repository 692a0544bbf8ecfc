// The standard packages' codes: each stands in a table of the README of its folder, and in a test of its package.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/rule_sets.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kStdlib = EDICT_SOURCE_DIR "/stdlib-rules";

// The rule files with tests beside them.
std::vector<fs::path> Packages() {
  std::vector<fs::path> packages;
  for (const auto& entry : fs::recursive_directory_iterator(kStdlib)) {
    fs::path tests = entry.path();
    if (entry.path().extension() == ".rules" && fs::exists(tests.replace_extension(".test.rules")))
      packages.push_back(entry.path());
  }
  return packages;
}

// The codes that a package names itself: neither those of packages that it imports nor those of the engine.
std::set<std::string> OwnCodes(const fs::path& package) {
  ProcessResult ir = RunCommand(EDICT_BINARY " inspect --stage ir '" + package.string() + "'");
  EXPECT_EQ(ir.exit_code, 0) << package;
  std::set<std::string> codes;
  std::istringstream lines(ir.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("code ", 0) != 0 || line.find("\" package ") != std::string::npos) continue;
    std::string code = line.substr(5, line.find(' ', 5) - 5);
    if (code != "MALFORMED" && code.rfind("EDICT_", 0) != 0 && code.rfind("SHAPE_", 0) != 0) codes.insert(code);
  }
  return codes;
}

// The names in capitals: in all of the text, or in the rows of its tables.
std::set<std::string> Names(const std::string& text, bool tables_only) {
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (tables_only && line.rfind("| ", 0) != 0) continue;
    std::string name;
    for (char c : line + " ") {
      if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_') {
        name += c;
      } else if (!name.empty()) {
        names.insert(name);
        name.clear();
      }
    }
  }
  return names;
}

TEST(Stdlib, EveryCodeIsDocumentedAndTested) {
  size_t codes = 0;
  for (const fs::path& package : Packages()) {
    std::set<std::string> documented = Names(ReadFile(package.parent_path() / "README.md"), true);
    std::set<std::string> tested;
    for (const auto& entry : fs::directory_iterator(package.parent_path())) {
      const std::string name = entry.path().filename().string();
      if (compiler::IsTestFile(name) && name.rfind(package.stem().string() + ".", 0) == 0)
        tested.merge(Names(ReadFile(entry.path()), false));
    }
    for (const std::string& code : OwnCodes(package)) {
      EXPECT_TRUE(documented.count(code)) << code << " of " << package << " stands in no table of the README";
      EXPECT_TRUE(tested.count(code)) << code << " of " << package << " is raised by no test";
      ++codes;
    }
  }
  EXPECT_GE(codes, 100u);
}

}  // namespace
}  // namespace edict::tests
