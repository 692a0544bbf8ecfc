// A folder of rule files that lasts for one test, and what becomes of them.
#ifndef EDICT_TESTS_SUPPORT_RULE_FOLDER_H_
#define EDICT_TESTS_SUPPORT_RULE_FOLDER_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "compiler/compiler.h"

namespace edict::tests {

class RuleFolder {
 public:
  RuleFolder() {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            (std::string("edict-") + test->test_suite_name() + "-" + test->name() + "-" + std::to_string(getpid()));
    std::filesystem::create_directories(path_);
  }
  ~RuleFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  RuleFolder(const RuleFolder&) = delete;
  RuleFolder& operator=(const RuleFolder&) = delete;

  // The path of the file written; folders are made.
  std::string Write(const std::string& name, const std::string& text) const {
    std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::string Text(const compiler::CompileResult& result) {
  return diag::RenderText(result.diagnostics, *result.sources, false);
}

// The Program of one file's text, which must be right.
inline std::shared_ptr<const Program> CompileText(const std::string& text, compiler::CompileOptions options = {}) {
  RuleFolder folder;
  options.roots = {folder.Write("test.rules", text)};
  Result<compiler::CompileResult> result = compiler::Compile(options);
  if (!result.ok()) {
    ADD_FAILURE() << result.error().message;
    return nullptr;
  }
  if (result.value().program == nullptr) ADD_FAILURE() << Text(result.value());
  return result.value().program;
}

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_RULE_FOLDER_H_
