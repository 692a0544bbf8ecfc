#include "compiler/rule_sets.h"

#include <gtest/gtest.h>

#include "tests/support/rule_folder.h"

namespace edict::compiler {
namespace {

// Package and bare file names of each rule set.
std::vector<std::string> Sets(const std::vector<std::string>& roots, const std::vector<std::string>& search_paths = {}) {
  CompileOptions options;
  options.roots = roots;
  options.search_paths = search_paths;
  std::vector<std::string> lines;
  for (const RuleSet& set : RuleSets(options)) {
    std::string line = (set.tests ? "tests" : "rules") + std::string(set.package.empty() ? "" : " of " + set.package) + ":";
    for (const std::string& file : set.files) line += " " + std::filesystem::path(file).filename().string();
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(RuleSets, OfAFolder) {
  tests::RuleFolder folder;
  folder.Write("b.rules", "package one\n");
  folder.Write("deep/a.rules", "package one\n");
  folder.Write("c.rules", "package two\nimport \"./d.rules\"\n");
  folder.Write("d.rules", "package three\n");
  folder.Write("c.test.rules", "import \"./c.rules\"\n");
  folder.Write("deep/a.test.rules", "import \"./a.rules\"\n");
  EXPECT_EQ(Sets({folder.path()}), (Lines{"rules of one: b.rules a.rules", "rules of three: d.rules", "rules of two: c.rules",
                                          "tests: c.test.rules", "tests: a.test.rules"}));
}

TEST(RuleSets, OfFiles) {
  tests::RuleFolder folder;
  const std::string a = folder.Write("a.rules", "");
  const std::string b = folder.Write("b.rules", "");
  const std::string tests_of_a = folder.Write("a.test.rules", "");
  EXPECT_EQ(Sets({a, b}), (Lines{"rules: a.rules b.rules", "tests: a.test.rules"}));
  EXPECT_EQ(Sets({tests_of_a}), (Lines{"tests: a.test.rules"}));
  EXPECT_EQ(Sets({"missing.rules"}), (Lines{"rules: missing.rules"}));
}

TEST(RuleSets, OfNames) {
  tests::RuleFolder folder;
  folder.Write("lib/pack/one.rules", "package pack.one\n");
  folder.Write("lib/pack/two.rules", "package pack.two\n");
  folder.Write("lib/pack/two.test.rules", "");
  const Lines paths = {folder.path() + "/lib"};
  EXPECT_EQ(Sets({"pack.two"}, paths), (Lines{"rules: two.rules", "tests: two.test.rules"}));
  EXPECT_EQ(Sets({"pack"}, paths),
            (Lines{"rules of pack.one: one.rules", "rules of pack.two: two.rules", "tests: two.test.rules"}));
}

// What a folder of rules is compiled to has nothing of its tests.
TEST(RuleSets, TestsAreNoPartOfAFolder) {
  tests::RuleFolder folder;
  folder.Write("a.rules", "event Event by type { A { } }\n");
  folder.Write("a.test.rules", "event Event by type { A { } }\nthis is no rule file\n");
  CompileOptions options;
  options.roots = {folder.path()};
  Result<CompileResult> compiled = Compile(options);
  ASSERT_TRUE(compiled.ok());
  EXPECT_NE(compiled.value().program, nullptr) << tests::Text(compiled.value());
}

}  // namespace
}  // namespace edict::compiler
