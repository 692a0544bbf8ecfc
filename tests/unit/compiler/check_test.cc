#include "compiler/check.h"

#include <gtest/gtest.h>

#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

TEST(Check, PackagesOfAFolderAreRuleSetsOfTheirOwn) {
  RuleFolder folder;
  folder.Write("v1.rules", "package my.v1 1.0.0\nevent Event by type { A { id: string } }");
  folder.Write("v2.rules", "package my.v2 2.0.0\nevent Event by type { A { id: int } }");
  compiler::CompileOptions options;
  options.roots = {folder.path()};
  Result<compiler::CheckResult> result = compiler::Check(options);
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result.value().diagnostics.has_errors());
  // As one rule set they clash.
  EXPECT_TRUE(compiler::Compile(options).value().diagnostics.has_errors());
}

TEST(Check, AFaultInAnImportIsSaidOnce) {
  RuleFolder folder;
  folder.Write("base.rules", "package my.base 1.0.0\nevent Event by type { A { id: strin } }");
  folder.Write("a.rules", "package my.a 1.0.0\nimport \"./base.rules\"");
  folder.Write("b.rules", "package my.b 1.0.0\nimport \"./base.rules\"");
  compiler::CompileOptions options;
  options.roots = {folder.path()};
  Result<compiler::CheckResult> result = compiler::Check(options);
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.value().diagnostics.items().size(), 1u);
  const diag::Diagnostic& fault = result.value().diagnostics.items()[0];
  EXPECT_NE(result.value().sources->file(fault.span.file).name().find("base.rules"), std::string::npos);
}

TEST(Check, MissingRootIsAnError) {
  compiler::CompileOptions options;
  options.roots = {"no.such.package"};
  EXPECT_FALSE(compiler::Check(options).ok());
}

}  // namespace
}  // namespace edict::tests
