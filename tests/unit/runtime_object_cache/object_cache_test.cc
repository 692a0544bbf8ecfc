#include "runtime/object_cache/object_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

namespace edict {
namespace {

namespace fs = std::filesystem;

class ObjectCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "edict-cache-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  std::string folder() const { return (root_ / "cache").string(); }
  fs::path EntryOf(const std::string& identity) const { return fs::path(folder()) / ObjectCache::FileName(identity); }
  static std::string Read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void Write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder())) names.push_back(entry.path().filename().string());
    return names;
  }

  fs::path root_;
};

std::string Object(size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

TEST_F(ObjectCacheTest, GivesBackWhatWasPut) {
  const std::string object = Object(10'000, 1);
  {
    ObjectCache cache(folder());
    EXPECT_EQ(cache.Get("a"), std::nullopt);
    EXPECT_TRUE(cache.Put("a", object));
    EXPECT_TRUE(cache.Put("b", ""));
  }
  ObjectCache cache(folder());
  EXPECT_EQ(cache.Get("a"), object);
  EXPECT_EQ(cache.Get("b"), "");
  EXPECT_EQ(cache.Get("c"), std::nullopt);
  EXPECT_TRUE(cache.Put("a", "other"));
  EXPECT_EQ(cache.Get("a"), "other");
  EXPECT_EQ(Files().size(), 2u);
}

TEST_F(ObjectCacheTest, FolderIsTheUsersAlone) {
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.usable()) << cache.fault();
  ASSERT_TRUE(cache.Put("a", "object"));
  struct stat info {};
  ASSERT_EQ(::stat(folder().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  ASSERT_EQ(::stat(EntryOf("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ObjectCacheTest, NoBitCanBeDamaged) {
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.Put("identity", Object(2'000, 2)));
  const std::string good = Read(EntryOf("identity"));
  for (size_t at = 0; at < good.size(); at += at < 128 ? 1 : 13) {
    for (int bit : {0, 7}) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      Write(EntryOf("identity"), bad);
      EXPECT_EQ(cache.Get("identity"), std::nullopt) << at;
    }
  }
  for (size_t size : {size_t{0}, size_t{1}, size_t{39}, size_t{40}, size_t{48}, good.size() - 1}) {
    Write(EntryOf("identity"), good.substr(0, size));
    EXPECT_EQ(cache.Get("identity"), std::nullopt) << size;
  }
  Write(EntryOf("identity"), good + "x");
  EXPECT_EQ(cache.Get("identity"), std::nullopt);
  // It is replaced, not stumbled over.
  EXPECT_TRUE(cache.Put("identity", "new"));
  EXPECT_EQ(cache.Get("identity"), "new");
}

// As if two identities had the same hash.
TEST_F(ObjectCacheTest, AnotherIdentitysEntryIsForeign) {
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.Put("aaaa", "object"));
  fs::copy_file(EntryOf("aaaa"), EntryOf("bbbb"));
  fs::copy_file(EntryOf("aaaa"), EntryOf("aaaao"));
  EXPECT_EQ(cache.Get("bbbb"), std::nullopt);
  EXPECT_EQ(cache.Get("aaaao"), std::nullopt);
  EXPECT_EQ(cache.Get("aaaa"), "object");
}

TEST_F(ObjectCacheTest, WhatOthersMayWriteIsNotRead) {
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.Put("a", "object"));
  for (mode_t mode : {0620, 0602, 0666}) {
    ASSERT_EQ(::chmod(EntryOf("a").c_str(), mode), 0);
    EXPECT_EQ(cache.Get("a"), std::nullopt) << std::oct << mode;
  }
  ASSERT_EQ(::chmod(EntryOf("a").c_str(), 0644), 0);
  EXPECT_EQ(cache.Get("a"), "object");
  for (mode_t mode : {0770, 0707, 0777}) {
    ASSERT_EQ(::chmod(folder().c_str(), mode), 0);
    ObjectCache open(folder());
    EXPECT_FALSE(open.usable()) << std::oct << mode;
    EXPECT_NE(open.fault().find("others may write"), std::string::npos) << open.fault();
    EXPECT_EQ(open.Get("a"), std::nullopt);
    EXPECT_FALSE(open.Put("a", "object"));
  }
}

TEST_F(ObjectCacheTest, AnotherUsersEntryIsNotRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.Put("a", "object"));
  ASSERT_EQ(::chown(EntryOf("a").c_str(), 65534, 65534), 0);
  EXPECT_EQ(cache.Get("a"), std::nullopt);
  ASSERT_EQ(::chown(folder().c_str(), 65534, 65534), 0);
  EXPECT_FALSE(ObjectCache(folder()).usable());
}

TEST_F(ObjectCacheTest, WhatIsNoFileIsNotRead) {
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.Put("a", "object"));
  const fs::path elsewhere = root_ / "elsewhere";
  fs::rename(EntryOf("a"), elsewhere);
  fs::create_symlink(elsewhere, EntryOf("a"));
  EXPECT_EQ(cache.Get("a"), std::nullopt);
  EXPECT_TRUE(cache.Put("a", "object"));  // in place of the link, not through it
  EXPECT_EQ(cache.Get("a"), "object");
  EXPECT_FALSE(fs::is_symlink(EntryOf("a")));
  fs::remove(EntryOf("a"));
  ASSERT_EQ(::mkfifo(EntryOf("a").c_str(), 0600), 0);
  EXPECT_EQ(cache.Get("a"), std::nullopt);  // at once
  fs::remove(EntryOf("a"));
  fs::create_directories(EntryOf("a") / "inside");
  EXPECT_EQ(cache.Get("a"), std::nullopt);
  EXPECT_FALSE(cache.Put("a", "object"));
  EXPECT_EQ(Files().size(), 1u) << "no temporary file is left";
}

TEST_F(ObjectCacheTest, AFolderThatCannotBeIsNotUsed) {
  Write(root_ / "file", "");
  for (const std::string& path : {(root_ / "file").string(), (root_ / "file" / "below").string(), std::string()}) {
    ObjectCache cache(path);
    EXPECT_FALSE(cache.usable()) << path;
    EXPECT_NE(cache.fault(), "") << path;
    EXPECT_FALSE(cache.Put("a", "object"));
    EXPECT_EQ(cache.Get("a"), std::nullopt);
  }
  EXPECT_TRUE(ObjectCache((root_ / "a" / "b" / "c").string()).usable());
  EXPECT_TRUE(ObjectCache((root_ / "a" / "b" / "d/").string()).usable());
}

TEST_F(ObjectCacheTest, AFolderThatCannotBeWrittenIsReadOnly) {
  const uid_t user = ::geteuid();
  if (user == 0) {  // root may write anything: as somebody else
    ASSERT_EQ(::chown(root_.c_str(), 65534, 65534), 0);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  EXPECT_TRUE(ObjectCache(folder()).Put("a", "object"));
  EXPECT_EQ(::chmod(folder().c_str(), 0500), 0);
  ObjectCache cache(folder());
  EXPECT_EQ(cache.Get("a"), "object");
  EXPECT_FALSE(cache.Put("b", "object"));
  EXPECT_EQ(::chmod(folder().c_str(), 0700), 0);
  ASSERT_EQ(::seteuid(user), 0);
}

TEST_F(ObjectCacheTest, AFolderThatIsRemovedIsEmpty) {
  ObjectCache cache(folder());
  ASSERT_TRUE(cache.Put("a", "object"));
  fs::remove_all(folder());
  EXPECT_EQ(cache.Get("a"), std::nullopt);
  EXPECT_FALSE(cache.Put("a", "object"));
}

TEST_F(ObjectCacheTest, KeepsToTheCapAndToWhatIsUsed) {
  ObjectCacheOptions options;
  options.max_bytes = 10'000;
  ObjectCache cache(folder(), options);
  const std::string object(2'000, 'x');
  EXPECT_FALSE(cache.Put("large", std::string(10'000, 'x')));
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(cache.Put(std::to_string(i), object));
    // An hour apart, and long ago.
    const auto time = fs::last_write_time(EntryOf(std::to_string(i)));
    fs::last_write_time(EntryOf(std::to_string(i)), time - std::chrono::hours(100 - i));
  }
  EXPECT_TRUE(cache.Get("0"));  // now the one used last
  ASSERT_TRUE(cache.Put("4", object));
  EXPECT_FALSE(cache.Get("1"));
  for (const char* kept : {"0", "2", "3", "4"}) EXPECT_TRUE(cache.Get(kept)) << kept;
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(cache.Put("more" + std::to_string(i), object));
  uint64_t total = 0;
  for (const auto& entry : fs::directory_iterator(folder())) total += entry.file_size();
  EXPECT_LE(total, options.max_bytes);
  EXPECT_TRUE(cache.Get("more49"));
}

TEST_F(ObjectCacheTest, WhatWasAbandonedIsRemoved) {
  ObjectCache cache(folder());
  const fs::path old = fs::path(folder()) / ".tmp-1-2-3-4";
  const fs::path fresh = fs::path(folder()) / ".tmp-1-2-3-5";
  Write(old, "half");
  Write(fresh, "half");
  Write(fs::path(folder()) / "README", "mine");
  fs::last_write_time(old, fs::last_write_time(old) - std::chrono::hours(2));
  ASSERT_TRUE(cache.Put("a", "object"));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(fresh));
  EXPECT_TRUE(fs::exists(fs::path(folder()) / "README"));
}

// What is read is always one of the objects that were put, whole.
bool Hammer(const std::string& folder, unsigned seed) {
  ObjectCacheOptions options;
  options.max_bytes = 400'000;
  ObjectCache cache(folder, options);
  bool good = cache.usable();
  for (unsigned i = 0; i < 150; ++i) {
    const unsigned id = (seed * 7 + i) % 5;
    const std::string identity = "identity" + std::to_string(id);
    if (i % 3 == seed % 3) cache.Put(identity, Object(60'000 + id, id));
    const std::optional<std::string> object = cache.Get(identity);
    if (object && *object != Object(60'000 + id, id)) good = false;
  }
  return good;
}

TEST_F(ObjectCacheTest, ServesManyThreadsAndProcesses) {
  std::vector<pid_t> children;
  for (unsigned i = 0; i < 3; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(Hammer(folder(), i) ? 0 : 1);
    children.push_back(child);
  }
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (unsigned i = 0; i < 3; ++i) {
    threads.emplace_back([this, i, &good] { good += Hammer(folder(), i + 3) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 3);
  for (pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  for (const std::string& name : Files()) EXPECT_NE(name.rfind(".tmp-", 0), 0u) << name;
}

TEST(DefaultObjectCacheFolder, FollowsTheEnvironment) {
  ::setenv("EDICT_CACHE_DIR", "/one", 1);
  ::setenv("XDG_CACHE_HOME", "/two", 1);
  ::setenv("HOME", "/three", 1);
  EXPECT_EQ(DefaultObjectCacheFolder(), "/one");
  ::unsetenv("EDICT_CACHE_DIR");
  EXPECT_EQ(DefaultObjectCacheFolder(), "/two/edict");
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  EXPECT_EQ(DefaultObjectCacheFolder(), "/three/.cache/edict");
  ::unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(DefaultObjectCacheFolder(), "/three/.cache/edict");
  ::unsetenv("HOME");
  EXPECT_EQ(DefaultObjectCacheFolder(), "");
}

}  // namespace
}  // namespace edict
