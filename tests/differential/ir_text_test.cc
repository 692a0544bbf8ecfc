// The IR's text is the whole Program: what it reads back to prints the same and finds the same.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "compiler/ir/print.h"
#include "compiler/ir/read.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Packages() {
  std::vector<std::string> all = {"agui.events", "agui.verify", "agui.events_0x", "agui.verify_0x"};
  for (const auto& entry : fs::directory_iterator(fs::path(EDICT_SOURCE_DIR) / "tests/golden/run")) {
    if (entry.is_directory()) all.push_back((entry.path() / "rules.rules").string());
  }
  std::sort(all.begin() + 4, all.end());
  return all;
}

std::shared_ptr<const Program> CompilePackage(const std::string& root) {
  compiler::CompileOptions options;
  options.roots = {root};
  options.search_paths = {fs::path(EDICT_SOURCE_DIR) / "stdlib-rules"};
  Result<compiler::CompileResult> result = compiler::Compile(options);
  EXPECT_TRUE(result.ok());
  return result.ok() ? result.value().program : nullptr;
}

// The Program that the text of `program` reads back to; null, and a failure, where it does not.
std::shared_ptr<const Program> ReadBack(const Program& program, const std::string& subject) {
  std::string text = ir::Print(program);
  Result<Program> read = ir::Read(text);
  if (!read.ok()) {
    ADD_FAILURE() << subject << ": " << read.error().message << "\n" << text;
    return nullptr;
  }
  auto back = std::make_shared<Program>(std::move(read.value()));
  EXPECT_EQ(ir::Print(*back), text) << subject;
  return back;
}

TEST(IrText, EveryPackageReadsBack) {
  for (const std::string& package : Packages()) {
    std::shared_ptr<const Program> program = CompilePackage(package);
    ASSERT_NE(program, nullptr) << package;
    std::shared_ptr<const Program> back = ReadBack(*program, package);
    ASSERT_NE(back, nullptr);
    EXPECT_EQ(back->events.size(), program->events.size()) << package;
    EXPECT_EQ(back->nodes.size(), program->nodes.size()) << package << ": nodes got lost or are no longer shared";
  }
}

TEST(IrText, WhatIsReadBackFindsTheSame) {
  size_t found = 0;
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    Random random(seed);
    std::string rules = RandomRules(random);
    std::shared_ptr<const Program> program = CompileText(rules);
    ASSERT_NE(program, nullptr) << rules;
    std::shared_ptr<const Program> back = ReadBack(*program, "seed " + std::to_string(seed));
    ASSERT_NE(back, nullptr);
    std::vector<std::string> events;
    for (int i = 0; i < 200; ++i) events.push_back(RandomEvent(random));
    std::vector<std::string> expected = Judge(Engine(program), events);
    EXPECT_EQ(Judge(Engine(back), events), expected) << "seed " << seed << "\n" << rules;
    found += expected.size();
  }
  EXPECT_GT(found, 1000u);
}

// Damage at random places: an error with its place, or another Program that is sound.
TEST(IrText, DamagedTextIsAnErrorOrSound) {
  std::shared_ptr<const Program> program = CompilePackage("agui.verify");
  ASSERT_NE(program, nullptr);
  const std::string text = ir::Print(*program);
  Random random(7);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = text;
    for (uint32_t n = 1 + random.Below(3); n > 0; --n) {
      size_t at = random.Below(static_cast<uint32_t>(damaged.size()));
      switch (random.Below(4)) {
        case 0:
          damaged.erase(at, 1 + random.Below(20));
          break;
        case 1:
          damaged[at] = static_cast<char>(random.Below(256));
          break;
        case 2:
          damaged.insert(at, damaged.substr(random.Below(static_cast<uint32_t>(damaged.size())), random.Below(30)));
          break;
        default:
          damaged.insert(at, random.Pick(std::vector<std::string>{"(", ")", "%99", "$4294967295", "#7", ":int", "\"", "-", "9"}));
          break;
      }
    }
    Result<Program> read = ir::Read(damaged);
    if (read.ok()) {
      ir::Print(read.value());
      continue;
    }
    ++refused;
    EXPECT_EQ(read.error().message.rfind("line ", 0), 0u) << read.error().message;
  }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace edict::tests
