#include "runtime/object_cache/object_cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <tuple>
#include <vector>

#include "runtime/base/hash.h"
#include "runtime/object_cache/entry.h"

namespace edict {
namespace {

constexpr std::string_view kSuffix = ".obj";
constexpr std::string_view kTemporary = ".tmp-";
// Seconds after which a temporary file belongs to no process that still writes it.
constexpr time_t kAbandoned = 3600;

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() { Close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool Close() {
    const bool closed = fd_ < 0 || ::close(fd_) == 0;
    fd_ = -1;
    return closed;
  }

 private:
  int fd_;
};

// The user's, and nobody else may write it.
bool IsOurs(const struct stat& info) { return info.st_uid == ::geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0; }

std::optional<std::string> ReadAll(int fd, size_t size) {
  std::string bytes(size, '\0');
  for (size_t done = 0; done < size;) {
    const ssize_t n = ::read(fd, bytes.data() + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    done += static_cast<size_t>(n);
  }
  return bytes;
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// A name that no other thread or process writes to.
std::string TemporaryName() {
  static std::atomic<uint64_t> count{0};
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::string(kTemporary) + std::to_string(::getpid()) + "-" + std::to_string(now.tv_sec) + "-" +
         std::to_string(now.tv_nsec) + "-" + std::to_string(count.fetch_add(1, std::memory_order_relaxed));
}

struct Entry {
  timespec used;
  std::string name;
  uint64_t size;
};

bool LessRecent(const Entry& a, const Entry& b) {
  return std::tie(a.used.tv_sec, a.used.tv_nsec, a.name) < std::tie(b.used.tv_sec, b.used.tv_nsec, b.name);
}

// Removes what processes left that were ended while they wrote.
std::vector<Entry> ListEntries(int folder_fd) {
  std::vector<Entry> entries;
  // A descriptor of its own: the position in the folder is part of it.
  DIR* folder = ::fdopendir(::openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder == nullptr) return entries;
  while (const dirent* item = ::readdir(folder)) {
    const std::string name = item->d_name;
    struct stat info {};
    const bool temporary = name.rfind(kTemporary, 0) == 0;
    if (!temporary && !EndsWith(name, kSuffix)) continue;
    if (::fstatat(folder_fd, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode)) continue;
    if (!temporary) {
      entries.push_back({info.st_mtim, name, static_cast<uint64_t>(info.st_size)});
    } else if (info.st_mtim.tv_sec + kAbandoned < ::time(nullptr)) {
      ::unlinkat(folder_fd, name.c_str(), 0);
    }
  }
  ::closedir(folder);
  return entries;
}

}  // namespace

std::string DefaultObjectCacheFolder() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (std::string own = variable("EDICT_CACHE_DIR"); !own.empty()) return own;
  // The XDG specification: a path that is not absolute is to be ignored.
  if (std::string caches = variable("XDG_CACHE_HOME"); !caches.empty() && caches[0] == '/') return caches + "/edict";
  if (std::string home = variable("HOME"); !home.empty()) return home + "/.cache/edict";
  return "";
}

ObjectCache::ObjectCache(const std::string& folder, ObjectCacheOptions options) : options_(options) {
  if (folder.empty()) {
    fault_ = "there is no folder for it: neither EDICT_CACHE_DIR nor XDG_CACHE_HOME nor HOME is set";
    return;
  }
  const std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
  const std::filesystem::path above = (path.has_filename() ? path : path.parent_path()).parent_path();
  std::error_code ignored;  // opening says what is wrong
  if (!above.empty()) std::filesystem::create_directories(above, ignored);
  ::mkdir(folder.c_str(), S_IRWXU);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat info {};
  if (fd < 0 || ::fstat(fd, &info) != 0) {
    fault_ = "cannot open " + folder + ": " + std::strerror(errno);
  } else if (!IsOurs(info)) {
    fault_ = folder + " belongs to another user, or others may write to it";
  } else {
    folder_fd_ = fd;
    return;
  }
  if (fd >= 0) ::close(fd);
}

ObjectCache::~ObjectCache() {
  if (folder_fd_ >= 0) ::close(folder_fd_);
}

std::string ObjectCache::FileName(std::string_view identity) { return ToHex(ContentHash(identity)).append(kSuffix); }

std::optional<std::string> ObjectCache::Get(std::string_view identity) const {
  if (!usable()) return std::nullopt;
  // Without waiting: somebody may have made a pipe of that name.
  File file(::openat(folder_fd_, FileName(identity).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0) return std::nullopt;
  if (!S_ISREG(info.st_mode) || !IsOurs(info)) return std::nullopt;
  if (static_cast<uint64_t>(info.st_size) > options_.max_bytes) return std::nullopt;
  const std::optional<std::string> bytes = ReadAll(file.fd(), static_cast<size_t>(info.st_size));
  if (!bytes) return std::nullopt;
  std::optional<std::string> object = DecodeEntry(*bytes, identity);
  if (object) ::futimens(file.fd(), nullptr);  // used now
  return object;
}

bool ObjectCache::Put(std::string_view identity, std::string_view object) const {
  if (!usable()) return false;
  const std::string bytes = EncodeEntry(identity, object);
  if (bytes.size() > options_.max_bytes) return false;
  const std::string temporary = TemporaryName();
  File file(::openat(folder_fd_, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.fd() < 0) return false;
  // Not synced: what a crash of the machine leaves half written does not pass DecodeEntry.
  const bool written = WriteAll(file.fd(), bytes) && file.Close();
  const std::string name = FileName(identity);
  if (!written || ::renameat(folder_fd_, temporary.c_str(), folder_fd_, name.c_str()) != 0) {
    ::unlinkat(folder_fd_, temporary.c_str(), 0);
    return false;
  }
  Trim();
  return true;
}

// Several processes may do it at once; what one has removed, the others do not find.
void ObjectCache::Trim() const {
  std::vector<Entry> entries = ListEntries(folder_fd_);
  uint64_t total = 0;
  for (const Entry& entry : entries) total += entry.size;
  if (total <= options_.max_bytes) return;
  std::sort(entries.begin(), entries.end(), LessRecent);
  for (const Entry& entry : entries) {
    if (total <= options_.max_bytes) return;
    ::unlinkat(folder_fd_, entry.name.c_str(), 0);
    total -= entry.size;
  }
}

}  // namespace edict
