#include "runtime/artefact/artefact.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runtime/base/hash.h"
#include "runtime/jit/build_identity.h"
#include "runtime/program/serialize.h"
#include "tests/unit/runtime_engine/program_builder.h"

namespace edict {
namespace {

namespace fs = std::filesystem;

constexpr size_t kHeaderBytes = 28;

Artefact Sample() {
  ProgramBuilder b;
  b.AddCheck(b.AddCode("NOT_OK", Severity::kError), b.Slot(ProgramBuilder::kOk));
  Artefact artefact{b.Take(), {}};
  artefact.objects.push_back({"some-cpu", kBuildIdentity, {"sse2", "64bit"}, "no object at all"});
  return artefact;
}

// With a checksum that is right.
std::string Sealed(std::string bytes) {
  const Hash128 hash = ContentHash(std::string_view(bytes).substr(kHeaderBytes));
  for (int i = 0; i < 8; ++i) {
    bytes[12 + i] = static_cast<char>(hash.high >> (8 * i));
    bytes[20 + i] = static_cast<char>(hash.low >> (8 * i));
  }
  return bytes;
}

std::string Fault(const std::string& bytes) {
  const Result<Artefact> artefact = DecodeArtefact(bytes);
  return artefact.ok() ? "" : artefact.error().message;
}

TEST(ArtefactBytes, ComeBackAsTheyWere) {
  const Artefact artefact = Sample();
  const std::string bytes = EncodeArtefact(artefact);
  EXPECT_EQ(bytes, EncodeArtefact(artefact));
  EXPECT_EQ(Sealed(bytes), bytes);
  EXPECT_TRUE(IsArtefact(bytes));
  const Result<Artefact> again = DecodeArtefact(bytes);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(ContentHashOf(*again.value().program), ContentHashOf(*artefact.program));
  ASSERT_EQ(again.value().objects.size(), 1u);
  EXPECT_EQ(again.value().objects[0].cpu, "some-cpu");
  EXPECT_EQ(again.value().objects[0].build, kBuildIdentity);
  EXPECT_EQ(again.value().objects[0].features, artefact.objects[0].features);
  EXPECT_EQ(again.value().objects[0].bytes, "no object at all");
  EXPECT_EQ(EncodeArtefact(again.value()), bytes);
}

TEST(ArtefactBytes, AnyByteThatChangedIsAnError) {
  const std::string bytes = EncodeArtefact(Sample());
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_NE(Fault(damaged), "") << "byte " << i;
    }
  }
}

TEST(ArtefactBytes, AnyCutIsAnError) {
  const std::string bytes = EncodeArtefact(Sample());
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_NE(Fault(bytes.substr(0, size)), "") << size;
  EXPECT_NE(Fault(bytes + '\0'), "");
  // Also where whoever cut it has made the checksum anew.
  for (size_t size = kHeaderBytes; size < bytes.size(); ++size) EXPECT_NE(Fault(Sealed(bytes.substr(0, size))), "") << size;
  EXPECT_NE(Fault(Sealed(bytes + '\0')), "");
}

// Whoever damaged it has made its checksum anew: the parts are checked one by one.
TEST(ArtefactBytes, SealedDamageIsAnErrorOrAnotherArtefact) {
  const std::string bytes = EncodeArtefact(Sample());
  size_t errors = 0;
  for (size_t i = kHeaderBytes; i < bytes.size(); ++i) {
    for (const int value : {0x00, 0x7f, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(value);
      const Result<Artefact> artefact = DecodeArtefact(Sealed(damaged));
      errors += artefact.ok() ? 0 : 1;
      EXPECT_FALSE(artefact.ok() && LoadObjectCode(artefact.value()).ok());
    }
  }
  EXPECT_GT(errors, bytes.size());
}

TEST(ArtefactBytes, OtherFormatsSayWhatToDo) {
  std::string newer = EncodeArtefact(Sample());
  ++newer[8];
  EXPECT_EQ(Fault(newer), "the artefact has format 2, this edict reads format 1: build it anew from its rules");
  EXPECT_EQ(Fault("package a;"), "not a built artefact (it does not start with EDICTART)");
  EXPECT_EQ(Fault(""), "not a built artefact (it does not start with EDICTART)");
  EXPECT_EQ(Fault("EDICTART"), "the artefact is cut short");
}

TEST(ArtefactObjectCode, IsRefusedWithTheReason) {
  Artefact artefact = Sample();
  EXPECT_TRUE(Fits({"x", kBuildIdentity, {}, ""}).ok());
  EXPECT_EQ(Fits({"x", "other", {}, ""}).error().message, "the object code for x was made by another build of edict");
  EXPECT_EQ(Fits({"x", kBuildIdentity, {"telepathy"}, ""}).error().message,
            "the object code for x needs telepathy, which this edict cannot ask the CPU for");
  artefact.objects.push_back({"other", "other", {}, "nothing"});
  const Result<LoadedObjectCode> loaded = LoadObjectCode(artefact);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("other was made by another build of edict"), std::string::npos) << loaded.error().message;
  EXPECT_NE(loaded.error().message.find("some-cpu"), std::string::npos) << loaded.error().message;
  artefact.objects.clear();
  EXPECT_EQ(LoadObjectCode(artefact).error().message, "the artefact holds no object code");
}

class ArtefactFile : public testing::Test {
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
  std::string Path(const std::string& name) const { return (root_ / name).string(); }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  size_t Files() const { return static_cast<size_t>(std::distance(fs::directory_iterator(root_), fs::directory_iterator())); }

  fs::path root_;
};

TEST_F(ArtefactFile, IsWrittenAndRead) {
  const Artefact artefact = Sample();
  const Result<uint64_t> written = WriteArtefact(Path("a.edict"), artefact);
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(written.value(), fs::file_size(Path("a.edict")));
  EXPECT_EQ(Read(Path("a.edict")), EncodeArtefact(artefact));
  EXPECT_TRUE(IsArtefactFile(Path("a.edict")));
  EXPECT_TRUE(ReadArtefact(Path("a.edict")).ok());
  // Through a link, which stays one.
  fs::create_symlink("a.edict", Path("link"));
  Artefact other = artefact;
  other.objects.clear();
  ASSERT_TRUE(WriteArtefact(Path("link"), other).ok());
  EXPECT_TRUE(fs::is_symlink(Path("link")));
  EXPECT_EQ(Read(Path("a.edict")), EncodeArtefact(other));
  EXPECT_EQ(Files(), 2u);
}

TEST_F(ArtefactFile, WhatCannotBeReadIsSaid) {
  EXPECT_EQ(ReadArtefact(Path("none")).error().message, "cannot read " + Path("none") + ": No such file or directory");
  EXPECT_EQ(ReadArtefact(root_.string()).error().message, "cannot read " + root_.string() + ": it is no regular file");
  EXPECT_FALSE(IsArtefactFile(Path("none")));
  EXPECT_FALSE(IsArtefactFile(root_.string()));
  EXPECT_FALSE(IsArtefactFile("/dev/zero"));
  std::ofstream(Path("short")) << "EDICTART";
  EXPECT_TRUE(IsArtefactFile(Path("short")));
  EXPECT_EQ(ReadArtefact(Path("short")).error().message, Path("short") + ": the artefact is cut short");
  // A hole: no such memory is taken.
  std::ofstream(Path("huge")) << "EDICTART";
  fs::resize_file(Path("huge"), kMaxArtefactBytes + 1);
  EXPECT_NE(ReadArtefact(Path("huge")).error().message.find("it has more than"), std::string::npos);
}

TEST_F(ArtefactFile, WhatCannotBeWrittenIsSaidAndLeavesNothing) {
  const Artefact artefact = Sample();
  EXPECT_EQ(WriteArtefact(Path("none/a"), artefact).error().message,
            "cannot write " + Path("none/a") + ": No such file or directory");
  EXPECT_EQ(WriteArtefact("/dev/full", artefact).error().message, "cannot write /dev/full: it is no regular file");
  EXPECT_EQ(WriteArtefact(root_.string(), artefact).error().message, "cannot write " + root_.string() + ": it is no regular file");
  std::ofstream(Path("a")) << "what was there";
  // No more room, as of a full disk, in the midst of the file.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{100, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Result<uint64_t> written = WriteArtefact(Path("a"), artefact);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().message, "cannot write " + Path("a") + ": File too large");
  EXPECT_EQ(Read(Path("a")), "what was there");
  EXPECT_EQ(Files(), 1u);
}

}  // namespace
}  // namespace edict
