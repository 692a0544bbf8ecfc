// What profilers and debuggers are told of native code, and that they are told only if asked.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr const char* kRules =
    "event Event by type { ADD { n: int } \"odd name\" { n: int } }\n"
    "rule SMALL \"numbers are small\" { on ADD as e require e.n < 100 at e.n message \"large\" }\n";

std::string PerfMap() { return "/tmp/perf-" + std::to_string(::getpid()) + ".map"; }

TEST(Profilers, PerfMapNamesEventTypes) {
  std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  Engine engine(program);
  std::filesystem::remove(PerfMap());
  ASSERT_TRUE(compiler::CompileNative(engine).ok());
  EXPECT_FALSE(std::filesystem::exists(PerfMap())) << "nobody asked for it";

  compiler::NativeOptions options;
  options.link.perf_map = true;
  ASSERT_TRUE(compiler::CompileNative(engine, options).ok());
  std::ifstream in(PerfMap());
  std::set<std::string> names;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    uint64_t address = 0;
    uint64_t size = 0;
    std::string name;
    std::string more;
    words >> std::hex >> address >> size >> name;
    EXPECT_TRUE(words && !(words >> more)) << line;
    EXPECT_GT(address, 4096u) << line;
    EXPECT_GT(size, 0u) << line;
    EXPECT_TRUE(names.insert(name).second) << line;
  }
  for (const char* name : {"edict:rules:ADD", "edict:read:ADD", "edict:rules:odd_name", "edict:read:odd_name"}) {
    EXPECT_EQ(names.count(name), 1u) << name;
  }
  EXPECT_EQ(names.count("edict_verdict_0"), 0u) << "one name for each function";
  std::filesystem::remove(PerfMap());
}

// What is made for GDB is kept apart from what is not: neither is loaded for the other.
TEST(Profilers, LinesAreInTheCacheByThemselves) {
  RuleFolder folder;
  const std::string rules = folder.Write("a.rules", kRules);
  const std::string events = folder.Write("a.ndjson", "{\"type\": \"ADD\", \"n\": 1}\n{\"type\": \"ADD\", \"n\": 100}\n");
  const std::string cache = folder.path() + "/cache";
  const auto entries = [&] {
    return std::distance(std::filesystem::directory_iterator(cache), std::filesystem::directory_iterator());
  };
  std::string without;
  for (const char* option : {"", " --gdb", "", " --gdb"}) {
    const ProcessResult run = RunCommand(EDICT_BINARY " run -r '" + rules + "' --tier native --object-cache '" + cache + "'" +
                                         option + " '" + events + "' 2>&1");
    EXPECT_EQ(run.exit_code, 1);
    if (without.empty()) {
      without = run.out;
      EXPECT_NE(without.find("SMALL"), std::string::npos) << without;
      EXPECT_EQ(entries(), 1);
    }
    EXPECT_EQ(run.out, without) << option;
  }
  EXPECT_EQ(entries(), 2);
}

// A link to another file is not followed.
TEST(Profilers, PerfMapIsNotWrittenThroughALink) {
  std::shared_ptr<const Program> program = CompileText(kRules);
  const std::string kept = (std::filesystem::temp_directory_path() / ("edict-kept-" + std::to_string(::getpid()))).string();
  std::ofstream(kept) << "mine";
  std::filesystem::remove(PerfMap());
  std::filesystem::create_symlink(kept, PerfMap());
  Engine engine(program);
  compiler::NativeOptions options;
  options.link.perf_map = true;
  EXPECT_TRUE(compiler::CompileNative(engine, options).ok());
  std::ifstream in(kept);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "mine");
  std::filesystem::remove(PerfMap());
  std::filesystem::remove(kept);
}

TEST(Profilers, GdbKnowsTheFunctions) {
  if (RunCommand("gdb --version >/dev/null 2>&1").exit_code != 0) GTEST_SKIP() << "no gdb";
  RuleFolder folder;
  const std::string rules = folder.Write("a.rules", kRules);
  const std::string events = folder.Write("a.ndjson", "{\"type\": \"ADD\", \"n\": 1}\n");
  const std::string command = "EDICT_CACHE_DIR='" + folder.path() +
                              "/cache' gdb -batch -nx -ex 'set breakpoint pending on' "
                              "-ex 'break edict_verdict_0' -ex run -ex 'info symbol $pc' --args " EDICT_BINARY " run -r '" +
                              rules + "' --tier native '" + events + "' ";
  const ProcessResult told = RunCommand(command + "--gdb 2>&1");
  if (told.out.find("ptrace") != std::string::npos) GTEST_SKIP() << told.out;
  EXPECT_NE(told.out.find("Breakpoint 1, "), std::string::npos) << told.out;
  // Where the function begins, a rule does.
  EXPECT_NE(told.out.find("SMALL () at " + rules + ":2"), std::string::npos) << told.out;
  const ProcessResult silent = RunCommand(command + "2>&1");
  EXPECT_EQ(silent.out.find("Breakpoint 1, "), std::string::npos) << silent.out;
}

}  // namespace
}  // namespace edict::tests
