#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/compiler.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

using compiler::Compile;
using compiler::CompileOptions;
using compiler::CompileResult;

constexpr char kEvents[] = "event Event by type { A { id: string } }\n";
constexpr char kTwo[] = R"(
event Event by type { A { n: int } }
param limit: int = 5
rule R1 "one" { on A as e  require e.n < limit }
rule R2 "two" { severity warning  on A as e  require e.n > 0 }
profile strict { severity R2 = critical  off R1  set limit = 1 }
profile quiet { off R2 }
)";

std::vector<std::string> Names(const CompileResult& result) {
  std::vector<std::string> names;
  for (const ast::File& file : result.files) {
    const std::string& name = result.sources->file(file.file_id).name();
    names.push_back(name.substr(name.rfind('/') + 1));
  }
  return names;
}

TEST(Compile, RootThatIsNotThereIsAnError) {
  CompileOptions options;
  options.roots = {"no.such.package"};
  Result<CompileResult> result = Compile(options);
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("no.such.package"), std::string::npos);
}

TEST(Compile, ImportsComeFirstAndOnce) {
  RuleFolder folder;
  folder.Write("events.rules", kEvents);
  folder.Write("one.rules", "import \"./events.rules\"\nrule ONE \"one\" { on A as e require e.id != \"\" }");
  CompileOptions options;
  options.roots = {
      folder.Write("top.rules", "import \"./one.rules\"\nimport events\nrule TOP \"top\" { on A as e require e.id != \"x\" }")};
  Result<CompileResult> result = Compile(options);
  ASSERT_TRUE(result.ok());
  ASSERT_NE(result.value().program, nullptr) << Text(result.value());
  EXPECT_EQ(Names(result.value()), (std::vector<std::string>{"events.rules", "one.rules", "top.rules"}));
}

TEST(Compile, FolderIsAllFilesBelowItInOrder) {
  RuleFolder folder;
  folder.Write("b/z.rules", "param z: int = 1");
  folder.Write("a.rules", kEvents);
  folder.Write("b/y.rules", "param y: int = 1");
  folder.Write("notes.txt", "no rules");
  CompileOptions options;
  options.roots = {folder.path()};
  Result<CompileResult> result = Compile(options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(Names(result.value()), (std::vector<std::string>{"a.rules", "y.rules", "z.rules"}));
}

TEST(Compile, PackagesAreFoundInTheSearchPaths) {
  RuleFolder folder;
  folder.Write("lib/my/events.rules", std::string("package my.events 1.2.0\n") + kEvents);
  folder.Write("lib/my/checks.rules", "package my.checks 2.0.0\nimport my.events\nrule R \"r\" { on A as e require e.id != \"\" }");
  CompileOptions options;
  options.search_paths = {folder.path() + "/none", folder.path() + "/lib"};
  options.roots = {"my.checks"};
  Result<CompileResult> result = Compile(options);
  ASSERT_TRUE(result.ok());
  ASSERT_NE(result.value().program, nullptr) << Text(result.value());
  EXPECT_EQ(result.value().program->package, "my.checks");
  EXPECT_EQ(result.value().program->version, "2.0.0");
  options.roots = {"my"};
  result = Compile(options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().files.size(), 2u);
}

TEST(Compile, FaultsInTheTextAreDiagnosticsNotErrors) {
  RuleFolder folder;
  CompileOptions options;
  options.roots = {folder.Write("a.rules", std::string(kEvents) + "rule R \"r\" { on A as e require e.idd != \"\" }")};
  Result<CompileResult> result = Compile(options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().program, nullptr);
  EXPECT_NE(Text(result.value()).find("E0202"), std::string::npos) << Text(result.value());
}

const Code* FindCode(const Program& program, const std::string& name) {
  auto found = std::find_if(program.codes.begin(), program.codes.end(), [&](const Code& code) { return code.code == name; });
  return found == program.codes.end() ? nullptr : &*found;
}

TEST(Compile, ProfileChangesSeveritiesAndSwitchesOff) {
  CompileOptions options;
  std::shared_ptr<const Program> plain = CompileText(kTwo, options);
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(plain->events[0].checks.size(), 2u);
  EXPECT_EQ(FindCode(*plain, "R2")->severity, Severity::kWarning);
  options.profile = "strict";
  std::shared_ptr<const Program> strict = CompileText(kTwo, options);
  ASSERT_NE(strict, nullptr);
  ASSERT_EQ(strict->events[0].checks.size(), 1u);
  EXPECT_EQ(strict->codes[strict->events[0].checks[0].code].code, "R2");
  EXPECT_EQ(FindCode(*strict, "R2")->severity, Severity::kCritical);
}

TEST(Compile, UnknownProfileOrParamIsReported) {
  RuleFolder folder;
  CompileOptions options;
  options.roots = {folder.Write("a.rules", kTwo)};
  options.profile = "loud";
  options.params["limits"] = "3";
  Result<CompileResult> result = Compile(options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().program, nullptr);
  std::string text = Text(result.value());
  EXPECT_NE(text.find("\"loud\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"limits\""), std::string::npos) << text;
}

TEST(Compile, ParamsAreSetByExpressionsAndTyped) {
  RuleFolder folder;
  CompileOptions options;
  options.roots = {folder.Write("a.rules", kTwo)};
  options.params["limit"] = "2 * 50";
  Result<CompileResult> result = Compile(options);
  ASSERT_TRUE(result.ok());
  ASSERT_NE(result.value().program, nullptr) << Text(result.value());
  const std::vector<Value>& constants = result.value().program->constants;
  EXPECT_TRUE(std::any_of(constants.begin(), constants.end(), [](const Value& v) { return v.kind == Kind::kInt && v.i == 100; }));
  options.params["limit"] = "'many'";
  result = Compile(options);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.value().program, nullptr);
}

}  // namespace
}  // namespace edict::tests
