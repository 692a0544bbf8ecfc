// The line table of generated code against the text of the rules.
#include "compiler/codegen/rule_lines.h"

#include <gtest/gtest.h>
#include <llvm/DebugInfo/DWARF/DWARFContext.h>
#include <llvm/Object/ObjectFile.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/codegen/codegen.h"
#include "compiler/codegen/identity.h"
#include "tests/support/many_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::codegen {
namespace {

constexpr const char* kRules = R"(event Event by type {
  ADD { id: string, n: int, s: string }
  END { id: string }
}

state count: int = 0

lifecycle item by e.id {
  bound 10 keys
  ADD : absent -> open
    else error ITEM "twice"
  END : open -> absent
    else error ITEM "never"
}

rule SMALL "numbers are small" {
  on ADD as e
  when e.s != "any"
  require e.n < 100
    else "large"
  require e.s.contains("a") ||
    e.n > 3
    else "odd"
}

on ADD as e {
  count += e.n
}
)";

uint32_t LineOf(const std::string& part) {
  const std::string text = kRules;
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return 1 + static_cast<uint32_t>(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n'));
}

std::string ObjectOf(const Program& program, bool lines, int level) {
  CodegenOptions options;
  options.lines = lines;
  options.optimization = level;
  Result<std::string> object = Generate(program, options, CodegenOutput::kObject);
  EXPECT_TRUE(object.ok()) << object.error().message;
  return object.ok() ? object.value() : std::string();
}

std::unique_ptr<llvm::object::ObjectFile> Open(const std::string& bytes) {
  auto object = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(bytes, "object"));
  if (object) return std::move(*object);
  ADD_FAILURE() << llvm::toString(object.takeError());
  return nullptr;
}

struct Frame {
  std::string function;
  std::string file;  // without its folder
  uint32_t line = 0;
  bool operator<(const Frame& other) const {
    return std::tie(function, file, line) < std::tie(other.function, other.file, other.line);
  }
};
void PrintTo(const Frame& frame, std::ostream* out) { *out << frame.function << " at " << frame.file << ":" << frame.line; }
bool operator==(const Frame& a, const Frame& b) { return !(a < b) && !(b < a); }

// What a debugger shows at every instruction that has a line: the innermost function first.
std::set<std::vector<Frame>> StacksOf(const std::string& bytes) {
  std::set<std::vector<Frame>> stacks;
  const std::unique_ptr<llvm::object::ObjectFile> object = Open(bytes);
  if (object == nullptr) return stacks;
  const std::unique_ptr<llvm::DWARFContext> dwarf = llvm::DWARFContext::create(*object);
  const llvm::DILineInfoSpecifier how(llvm::DILineInfoSpecifier::FileLineInfoKind::RawValue,
                                      llvm::DILineInfoSpecifier::FunctionNameKind::ShortName);
  for (const std::unique_ptr<llvm::DWARFUnit>& unit : dwarf->compile_units()) {
    const llvm::DWARFDebugLine::LineTable* table = dwarf->getLineTableForUnit(unit.get());
    if (table == nullptr) continue;
    for (const llvm::DWARFDebugLine::Row& row : table->Rows) {
      if (row.EndSequence || row.Line == 0) continue;
      const llvm::DIInliningInfo info = dwarf->getInliningInfoForAddress(row.Address, how);
      std::vector<Frame> stack;
      for (uint32_t i = 0; i < info.getNumberOfFrames(); ++i) {
        const llvm::DILineInfo& frame = info.getFrame(i);
        stack.push_back({frame.FunctionName, frame.FileName.substr(frame.FileName.rfind('/') + 1), frame.Line});
      }
      if (!stack.empty() && stack[0].line != 0) stacks.insert(stack);
    }
  }
  return stacks;
}

TEST(RuleLines, AreThoseOfTheText) {
  const std::shared_ptr<const Program> program = tests::CompileText(kRules);
  ASSERT_NE(program, nullptr);
  const auto frame = [](const char* function, const char* part) { return Frame{function, "test.rules", LineOf(part)}; };
  const Frame add = frame("edict:rules:ADD", "ADD {");
  const Frame end = frame("edict:rules:END", "END {");
  const std::set<std::vector<Frame>> expected = {
      {add},
      {frame("ITEM", "error ITEM \"twice\""), add},
      {frame("SMALL", "SMALL"), add},
      {frame("SMALL", "require e.n"), add},
      {frame("SMALL", "require e.s"), add},
      {frame("edict:rules:ADD", "ADD : absent")},
      {frame("edict:rules:ADD", "count += e.n")},
      {end},
      {frame("ITEM", "error ITEM \"never\""), end},
      {frame("edict:rules:END", "END : open")},
      {frame("edict:read:ADD", "ADD {")},
      {frame("edict:read:END", "END {")},
  };
  for (const int level : {0, 1, 2}) EXPECT_EQ(StacksOf(ObjectOf(*program, true, level)), expected) << "level " << level;
}

// Nothing is there unless it is asked for, and asking for it changes no instruction.
TEST(RuleLines, LeaveTheCodeAsItIs) {
  for (const std::string& text : {std::string(kRules), tests::ManyRules(8, 2)}) {
    const std::shared_ptr<const Program> program = tests::CompileText(text);
    ASSERT_NE(program, nullptr);
    for (const int level : {0, 1, 2}) {
      const auto sections = [&](bool lines) {
        std::map<std::string, std::string> contents;
        const std::string bytes = ObjectOf(*program, lines, level);
        const std::unique_ptr<llvm::object::ObjectFile> object = Open(bytes);
        if (object == nullptr) return contents;
        for (const llvm::object::SectionRef& section : object->sections()) {
          llvm::Expected<llvm::StringRef> content = section.getContents();
          contents[llvm::cantFail(section.getName()).str()] = content ? content->str() : std::string();
        }
        return contents;
      };
      const std::map<std::string, std::string> with = sections(true);
      const std::map<std::string, std::string> without = sections(false);
      EXPECT_EQ(with.count(".debug_line"), 1u);
      EXPECT_FALSE(without.at(".text").empty());
      for (const auto& [name, content] : without) {
        EXPECT_EQ(name.find(".debug"), std::string::npos) << name;
        const bool holds_names = name.find("str") != std::string::npos || name.find("sym") != std::string::npos;
        // Relocations name symbols by number.
        if (holds_names || name.rfind(".rela", 0) == 0) continue;
        EXPECT_TRUE(with.at(name) == content) << name << " at level " << level;
      }
    }
    CodegenOptions options;
    Result<std::string> ir = Generate(*program, options, CodegenOutput::kLlvm);
    ASSERT_TRUE(ir.ok());
    EXPECT_EQ(ir.value().find("!dbg"), std::string::npos);
    EXPECT_EQ(ir.value().find("!llvm.dbg"), std::string::npos);
  }
}

// In a cache they are another object.
TEST(RuleLines, AreAnotherIdentity) {
  CodegenOptions options;
  const std::string without = ObjectIdentity(Program(), options);
  options.lines = true;
  EXPECT_NE(ObjectIdentity(Program(), options), without);
}

// Programs that were not made from text have no places: the code has none either, and is valid.
TEST(RuleLines, MayBeUnknown) {
  Program program;
  program.shapes.emplace_back().kind = ShapeKind::kRecord;
  program.events.emplace_back().name = "ADD";
  program.events[0].shape = 0;
  EXPECT_TRUE(StacksOf(ObjectOf(program, true, 2)).empty());
}

}  // namespace
}  // namespace edict::codegen
