// Native code from the object cache is the code that was made, and finds what it found.
#include "runtime/object_cache/object_cache.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "compiler/codegen/identity.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/jit/build_identity.h"
#include "runtime/program/serialize.h"
#include "tests/support/judge.h"
#include "tests/support/process.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

// Not RuleFolder's place, which CompileText removes.
class CacheFolder {
 public:
  CacheFolder() {
    path_ = (fs::temp_directory_path() / "edict-cache-XXXXXX").string();
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  ~CacheFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<fs::path> EntriesOf(const std::string& folder) {
  std::vector<fs::path> entries;
  if (!fs::exists(folder)) return entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  return entries;
}

TEST(NativeFromTheCache, IsTheCodeThatWasMade) {
  CacheFolder folder;
  compiler::NativeOptions options;
  options.cache = std::make_shared<ObjectCache>(folder.path() + "/cache");
  for (uint64_t seed = 0; seed < 6; ++seed) {
    Random random(seed);
    std::shared_ptr<const Program> program = CompileText(RandomRules(random));
    ASSERT_NE(program, nullptr);
    std::vector<std::string> events;
    for (int i = 0; i < 100; ++i) events.push_back(RandomEvent(random));
    Engine engine(program);
    const std::vector<std::string> expected = Judge(engine, events);
    EXPECT_FALSE(compiler::UseCachedNative(engine, options).value());
    ASSERT_TRUE(compiler::CompileNative(engine, options).ok());
    EXPECT_EQ(Judge(engine, events), expected);
    // Another engine, of the Program as another process would have it.
    Result<Program> again = Deserialize(Serialize(*program));
    ASSERT_TRUE(again.ok());
    Engine second(std::make_shared<const Program>(std::move(again.value())));
    ASSERT_TRUE(compiler::UseCachedNative(second, options).value());
    EXPECT_EQ(Judge(second, events), expected);
    EXPECT_EQ(options.cache->Get(codegen::ObjectIdentity(*program, {})),
              codegen::Generate(*program, {}, codegen::CodegenOutput::kObject).value());
  }
}

TEST(NativeFromTheCache, IdentityTellsApart) {
  Random random(1);
  std::shared_ptr<const Program> program = CompileText(RandomRules(random));
  std::shared_ptr<const Program> other = CompileText(RandomRules(random));
  codegen::CodegenOptions slow;
  slow.optimization = 0;
  codegen::CodegenOptions value;
  value.values = {0};
  const std::string identity = codegen::ObjectIdentity(*program, {});
  EXPECT_EQ(identity, codegen::ObjectIdentity(*program, {}));
  EXPECT_NE(identity, codegen::ObjectIdentity(*other, {}));
  EXPECT_NE(identity, codegen::ObjectIdentity(*program, slow));
  EXPECT_NE(identity, codegen::ObjectIdentity(*program, value));
  EXPECT_NE(identity.find(kBuildIdentity), std::string::npos);
  EXPECT_EQ(std::string(kBuildIdentity).size(), 64u);
}

// An entry that is whole and of this identity, yet no object: the worst that a cache can hold.
TEST(NativeFromTheCache, WhatDoesNotLoadIsMadeAnew) {
  CacheFolder folder;
  compiler::NativeOptions options;
  options.cache = std::make_shared<ObjectCache>(folder.path() + "/cache");
  Random random(2);
  std::shared_ptr<const Program> program = CompileText(RandomRules(random));
  const std::string identity = codegen::ObjectIdentity(*program, {});
  const std::string object = codegen::Generate(*program, {}, codegen::CodegenOutput::kObject).value();
  for (const std::string& bad : {std::string("no object"), std::string(), object.substr(0, object.size() / 2)}) {
    ASSERT_TRUE(options.cache->Put(identity, bad));
    Engine engine(program);
    EXPECT_FALSE(compiler::UseCachedNative(engine, options).ok());
    EXPECT_TRUE(compiler::CompileNative(engine, options).ok());
    EXPECT_EQ(options.cache->Get(identity), object);
  }
}

class RunWithCache : public testing::Test {
 protected:
  // Standard output and error of `edict run --stats`.
  ProcessResult Run(const std::string& options) const {
    return RunCommand("cd '" EDICT_SOURCE_DIR "' && EDICT_CACHE_DIR='" + cache() +
                      "' " EDICT_BINARY " run -r agui.verify --stats " + options + " examples/streams/multi_run.ndjson 2>&1");
  }
  static std::string WithoutStats(const std::string& out) { return out.substr(0, out.find("43 events in 1 stream")); }
  std::string cache() const { return folder_.path() + "/cache"; }

  CacheFolder folder_;
};

bool Says(const ProcessResult& result, const std::string& text) { return result.out.find(text) != std::string::npos; }

TEST_F(RunWithCache, SecondStartIsNativeFromTheFirstEvent) {
  const ProcessResult plain = Run("--tier interp");
  EXPECT_FALSE(fs::exists(cache())) << "the interpreter needs no cache";
  EXPECT_FALSE(Says(plain, "native code"));
  EXPECT_FALSE(Says(Run("--tier auto"), "native code")) << "too little input to compile for";
  EXPECT_TRUE(Says(Run("--tier native"), "native code: in use\n"));
  EXPECT_EQ(EntriesOf(cache()).size(), 1u);
  for (const char* tier : {"--tier native", "--tier auto"}) {
    const ProcessResult second = Run(tier);
    EXPECT_TRUE(Says(second, "native code: in use, from the object cache\n")) << second.out;
    EXPECT_EQ(WithoutStats(second.out).substr(second.out.find("examples/")),
              WithoutStats(plain.out).substr(plain.out.find("examples/")));
    EXPECT_EQ(second.exit_code, plain.exit_code);
  }
  EXPECT_EQ(EntriesOf(cache()).size(), 1u);
  EXPECT_TRUE(Says(Run("--tier native --object-cache off"), "native code: in use\n"));
  const std::string other = folder_.path() + "/other";
  EXPECT_TRUE(Says(Run("--tier native --object-cache '" + other + "'"), "native code: in use\n"));
  EXPECT_EQ(EntriesOf(other).size(), 1u);
}

TEST_F(RunWithCache, DamageIsMendedAndAFolderThatCannotBeIsSaid) {
  ASSERT_TRUE(Says(Run("--tier native"), "native code: in use\n"));
  const fs::path entry = EntriesOf(cache()).at(0);
  std::fstream(entry, std::ios::in | std::ios::out | std::ios::binary).seekp(1000) << "damage";
  EXPECT_FALSE(Says(Run("--tier auto"), "object cache"));
  EXPECT_TRUE(Says(Run("--tier native"), "native code: in use\n"));
  EXPECT_TRUE(Says(Run("--tier auto"), "from the object cache"));
  const ProcessResult without = Run("--tier native --object-cache /dev/null/cache");
  EXPECT_TRUE(Says(without, "object cache not used: cannot open /dev/null/cache")) << without.out;
  EXPECT_TRUE(Says(without, "native code: in use\n"));
}

TEST(EvalWithCache, SecondStartTakesTheCode) {
  CacheFolder folder;
  const std::string command =
      EDICT_BINARY " eval --tier native 'x * 2 + 1' --bind x=20 --object-cache '" + folder.path() + "/cache'";
  EXPECT_EQ(RunCommand(command).out, "41\n");
  ASSERT_EQ(EntriesOf(folder.path() + "/cache").size(), 1u);
  EXPECT_EQ(RunCommand(command).out, "41\n");
  EXPECT_EQ(EntriesOf(folder.path() + "/cache").size(), 1u);
}

}  // namespace
}  // namespace edict::tests
