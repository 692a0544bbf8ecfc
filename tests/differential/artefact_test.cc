// A built artefact finds what its rules find, byte for byte, by whatever runs it; and no damage of its object code is more than an
// error.
#include "runtime/artefact/artefact.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "compiler/codegen/codegen.h"
#include "compiler/native.h"
#include "compiler/object_code.h"
#include "runtime/engine.h"
#include "runtime/jit/cpu_features.h"
#include "runtime/jit/link.h"
#include "tests/support/judge.h"
#include "tests/support/process.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> RandomEvents(Random& random) {
  std::vector<std::string> events;
  events.reserve(100);
  for (int i = 0; i < 100; ++i) events.push_back(RandomEvent(random));
  return events;
}

Artefact Build(const std::shared_ptr<const Program>& program, const std::vector<std::string>& cpus) {
  Artefact artefact{program, {}};
  for (const std::string& cpu : cpus) {
    Result<ObjectCode> object = compiler::MakeObjectCode(*program, cpu);
    EXPECT_TRUE(object.ok()) << cpu;
    if (object.ok()) artefact.objects.push_back(std::move(object.value()));
  }
  return artefact;
}

TEST(ArtefactOfRandomRules, FindsWhatTheRulesFind) {
  for (uint64_t seed = 100; seed < 103; ++seed) {
    Random random(seed);
    const std::shared_ptr<const Program> program = CompileText(RandomRules(random));
    ASSERT_NE(program, nullptr);
    const std::vector<std::string> events = RandomEvents(random);
    const std::vector<std::string> expected = Judge(Engine(program), events);
    for (const char* cpu : {"host", "x86-64"}) {
      const std::string bytes = EncodeArtefact(Build(program, {cpu}));
      EXPECT_EQ(bytes, EncodeArtefact(Build(program, {cpu}))) << "the same rules give the same bytes";
      const Result<Artefact> artefact = DecodeArtefact(bytes);
      ASSERT_TRUE(artefact.ok()) << artefact.error().message;
      Engine engine(artefact.value().program);
      EXPECT_EQ(Judge(engine, events), expected);
      Result<LoadedObjectCode> code = LoadObjectCode(artefact.value());
      ASSERT_TRUE(code.ok()) << code.error().message;
      engine.UseNative(code.value().code);
      EXPECT_EQ(Judge(engine, events), expected);
    }
  }
}

// The same object, linked by LLVM, has the same functions in the same order.
TEST(ArtefactOfRandomRules, LinkedByLlvmFindsTheSame) {
  Random random(7);
  const std::shared_ptr<const Program> program = CompileText(RandomRules(random));
  const std::vector<std::string> events = RandomEvents(random);
  const Artefact artefact = Build(program, {"host"});
  const ObjectLoader by_orc = [](std::string_view object, size_t events) {
    LinkOptions options;
    options.gdb = true;
    return compiler::LoadNative(object, events, 0, options);
  };
  for (const ObjectLoader& load : {ObjectLoader(), by_orc}) {
    Engine engine(program);
    Result<LoadedObjectCode> code = LoadObjectCode(artefact, load);
    ASSERT_TRUE(code.ok()) << code.error().message;
    engine.UseNative(code.value().code);
    EXPECT_EQ(Judge(engine, events), Judge(Engine(program), events));
  }
}

TEST(ArtefactObjectCode, NeedsWhatItsCpuHas) {
  const std::vector<std::string> plain = codegen::NeedsOf("x86-64").value().features;
  const std::vector<std::string> wide = codegen::NeedsOf("x86-64-v4").value().features;
  EXPECT_EQ(std::count(plain.begin(), plain.end(), "sse2"), 1);
  EXPECT_EQ(std::count(plain.begin(), plain.end(), "avx2"), 0);
  EXPECT_EQ(std::count(wide.begin(), wide.end(), "avx512bw"), 1);
  for (const std::string& feature : wide) EXPECT_TRUE(IsKnownCpuFeature(feature)) << feature;
  const std::vector<std::string> own = codegen::NeedsOf("host").value().features;
  for (const std::string& feature : own) EXPECT_TRUE(HasCpuFeature(feature)) << feature;
  EXPECT_FALSE(codegen::NeedsOf("pentium9").ok());
  EXPECT_FALSE(codegen::NeedsOf("i386").ok()) << "not a CPU of 64 bits";
  EXPECT_FALSE(compiler::MakeObjectCode(*CompileText("event E by type { A { id: string } }"), "pentium9").ok());
}

// Of several that fit, the one that needs the most; those that do not fit do no harm.
TEST(ArtefactObjectCode, TheBestThatFitsIsTaken) {
  const std::shared_ptr<const Program> program = CompileText("event E by type { A { id: string } }");
  Artefact artefact = Build(program, {"x86-64", "host"});
  artefact.objects.insert(artefact.objects.begin(), {"other", "another build", {}, "bytes"});
  const Result<LoadedObjectCode> loaded = LoadObjectCode(artefact);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded.value().cpu, artefact.objects[2].cpu);
  artefact.objects[2].bytes.resize(100);
  EXPECT_EQ(LoadObjectCode(artefact).value().cpu, "x86-64");
}

// Damage of the object itself, as no checksum had told: refused, or loaded without an access beyond its bytes (which an address
// sanitizer would tell). What is loaded is not run.
TEST(ArtefactObjectCode, DamageIsNoMoreThanAnError) {
  const std::shared_ptr<const Program> program = CompileText("event E by type { A { id: string n: int where this > 3 } }");
  const std::string object = Build(program, {"x86-64"}).objects[0].bytes;
  const std::vector<std::string> names = {"edict_verdict_0", "edict_event_0"};
  ASSERT_TRUE(Link(object, names).ok());
  EXPECT_FALSE(Link(object, {"edict_verdict_1"}).ok());
  size_t refused = 0;
  for (size_t i = 0; i < object.size(); ++i) {
    std::string damaged = object;
    damaged[i] = static_cast<char>(damaged[i] ^ (i % 3 == 0 ? 0xff : i % 3 == 1 ? 0x01 : 0x80));
    refused += Link(damaged, names).ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 100u);
  // The table of sections is the last part.
  for (size_t size = 0; size < object.size(); ++size) EXPECT_FALSE(Link(object.substr(0, size), names).ok()) << size;
}

TEST(ArtefactObjectCode, DamagedArchivesAreRefused) {
  const std::string header = "!<arch>\n";
  const std::string member = "0.o/            0           0     0     644     ";
  EXPECT_FALSE(Link(header, {"x"}).ok());
  EXPECT_FALSE(Link(header + "cut", {"x"}).ok());
  EXPECT_FALSE(Link(header + member + "4         `\nELF", {"x"}).ok());
  EXPECT_FALSE(Link(header + member + "9999999999`\nabcd", {"x"}).ok());
  EXPECT_FALSE(Link(header + member + "4         `\nabcd", {"x"}).ok());
}

class ArtefactOnTheCommandLine : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "edict-artefact-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  ProcessResult Edict(const std::string& arguments, const fs::path& folder = EDICT_SOURCE_DIR) const {
    return RunCommand("cd '" + folder.string() + "' && export NO_COLOR=1 T='" + root_.string() + "' && " EDICT_BINARY " " +
                      arguments + " 2>&1");
  }
  static std::string Text(const ProcessResult& result) { return result.out + "exit " + std::to_string(result.exit_code); }

  fs::path root_;
};

bool Says(const ProcessResult& result, const std::string& text) { return result.out.find(text) != std::string::npos; }

TEST_F(ArtefactOnTheCommandLine, EveryGoldenRunIsTheSame) {
  size_t subjects = 0;
  for (const auto& entry : fs::directory_iterator(EDICT_SOURCE_DIR "/tests/golden/run")) {
    std::string events;
    for (const auto& file : fs::directory_iterator(entry.path())) {
      if (file.path().stem() == "events") events = file.path().filename().string();
    }
    if (events.empty() || fs::exists(entry.path() / "options")) continue;
    ++subjects;
    const ProcessResult expected = Edict("run -r rules.rules --tier interp " + events, entry.path());
    const ProcessResult built = Edict("build -r rules.rules -o \"$T/a.edict\"", entry.path());
    ASSERT_EQ(built.exit_code, 0) << built.out;
    for (const char* tier : {"interp", "native"}) {
      EXPECT_EQ(Text(Edict(std::string("run -r \"$T/a.edict\" --tier ") + tier + " " + events, entry.path())), Text(expected))
          << entry.path();
    }
  }
  EXPECT_GT(subjects, 15u);
}

TEST_F(ArtefactOnTheCommandLine, StartsWithItsObjectCodeOrSaysWhyNot) {
  const std::string input = " examples/streams/multi_run.ndjson --stats --object-cache off";
  ASSERT_EQ(Edict("build -r agui.verify -o \"$T/host.edict\"").exit_code, 0);
  ASSERT_EQ(Edict("build -r agui.verify -o \"$T/portable.edict\" --portable").exit_code, 0);
  EXPECT_TRUE(Says(Edict("run -r \"$T/host.edict\"" + input), "native code: in use, from the artefact, for "));
  EXPECT_FALSE(Says(Edict("run -r \"$T/host.edict\" --tier interp" + input), "native code"));
  EXPECT_TRUE(Says(Edict("run -r \"$T/portable.edict\"" + input), "artefact: the artefact holds no object code\n"));
  const ProcessResult made = Edict("run -r \"$T/portable.edict\" --tier native" + input);
  EXPECT_TRUE(Says(made, "native code: in use\n")) << made.out;
  // Of another build: interpreted, and said.
  Result<Artefact> artefact = ReadArtefact((root_ / "host.edict").string());
  ASSERT_TRUE(artefact.ok());
  artefact.value().objects[0].build = "another";
  ASSERT_TRUE(WriteArtefact((root_ / "foreign.edict").string(), artefact.value()).ok());
  const ProcessResult foreign = Edict("run -r \"$T/foreign.edict\"" + input);
  EXPECT_TRUE(Says(foreign, "was made by another build of edict\n")) << foreign.out;
  EXPECT_TRUE(Says(foreign, "43 events in 1 stream: 9 errors")) << foreign.out;
}

TEST_F(ArtefactOnTheCommandLine, StagesOfTheProgramAreTheSame) {
  ASSERT_EQ(Edict("build -r agui.verify -o \"$T/a.edict\" --portable").exit_code, 0);
  for (const char* stage :
       {"ir", "deps", "plan", "state", "llvm", "deps --format json", "deps --format dot", "state --format json"}) {
    const std::string option = std::string(" --stage ") + stage;
    EXPECT_EQ(Text(Edict("inspect \"$T/a.edict\"" + option)), Text(Edict("inspect agui.verify" + option))) << stage;
  }
}

}  // namespace
}  // namespace edict::tests
