// What the documents show is what happens: every `$ edict` command in a console block of the README prints what stands below
// it, every block of rules compiles, and every line of CEL has the value that is said.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

struct Block {
  std::string language;
  std::string text;
};

std::vector<Block> Blocks(const std::string& path) {
  std::vector<Block> blocks;
  std::ifstream in(path);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), ""});
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

TEST(Readme, CommandsPrintWhatIsShown) {
  size_t commands = 0;
  for (const Block& block : Blocks(std::string(EDICT_SOURCE_DIR) + "/README.md")) {
    if (block.language != "console" || block.text.find("$ edict ") == std::string::npos) continue;
    for (size_t at = 0; at < block.text.size();) {
      size_t next = block.text.find("\n$ ", at);
      std::string part = block.text.substr(at, next == std::string::npos ? std::string::npos : next + 1 - at);
      at = next == std::string::npos ? block.text.size() : next + 1;
      size_t end = part.find('\n');
      ASSERT_EQ(part.rfind("$ edict ", 0), 0u) << part;
      std::string command = part.substr(8, end - 8);
      ProcessResult result = RunCommand("cd '" EDICT_SOURCE_DIR "' && " EDICT_BINARY " " + command + " 2>&1");
      EXPECT_EQ(result.out, part.substr(end + 1)) << command;
      ++commands;
    }
  }
  EXPECT_GE(commands, 3u);
}

// The examples are built and run by themselves.
TEST(Readme, CodeIsThatOfAnExample) {
  std::string examples;
  for (const auto& entry : std::filesystem::directory_iterator(EDICT_SOURCE_DIR "/examples")) {
    std::ifstream in(entry.path());
    if (entry.path().extension() == ".cc") examples += std::string(std::istreambuf_iterator<char>(in), {});
  }
  size_t blocks = 0;
  for (const Block& block : Blocks(std::string(EDICT_SOURCE_DIR) + "/README.md")) {
    if (block.language != "cpp") continue;
    EXPECT_NE(examples.find(block.text), std::string::npos) << block.text;
    ++blocks;
  }
  EXPECT_GE(blocks, 1u);
}

TEST(Documents, RulesCompile) {
  for (const char* document : {"/README.md", "/grammar/README.md"}) {
    size_t rules = 0;
    for (const Block& block : Blocks(std::string(EDICT_SOURCE_DIR) + document)) {
      if (block.language != "rules") continue;
      EXPECT_NE(CompileText(block.text), nullptr) << block.text;
      ++rules;
    }
    EXPECT_GE(rules, 1u) << document;
  }
}

// EXPRESSION  =>  VALUE, a line each.
TEST(Documents, ExpressionsAreWhatIsSaid) {
  size_t expressions = 0;
  for (const Block& block : Blocks(EDICT_SOURCE_DIR "/grammar/README.md")) {
    if (block.language != "cel") continue;
    std::istringstream lines(block.text);
    for (std::string line; std::getline(lines, line); ++expressions) {
      size_t arrow = line.find("  =>  ");
      ASSERT_NE(arrow, std::string::npos) << line;
      ProcessResult result = RunCommand(EDICT_BINARY " eval '" + line.substr(0, arrow) + "' 2>&1");
      EXPECT_EQ(result.out, line.substr(arrow + 6) + "\n") << line;
    }
  }
  EXPECT_GE(expressions, 3u);
}

}  // namespace
}  // namespace edict::tests
