#include "runtime/base/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace edict {
namespace {

Error SystemError(const std::string& what, int code) { return Error{what + ": " + std::strerror(code)}; }

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool Close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

// 0, or the code of an error. Less than `size`: the file ends.
int ReadUpTo(int fd, size_t size, std::string& out) {
  out.resize(size);
  size_t done = 0;
  while (done < size) {
    const ssize_t n = ::read(fd, out.data() + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  out.resize(done);
  return 0;
}

int WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  // A full disk may show only now.
  return ::fsync(fd) == 0 ? 0 : errno;
}

// Without waiting: it may be a pipe.
int Open(const std::string& path) { return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); }

}  // namespace

std::string ReadBeginning(const std::string& path, size_t size) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return "";
  const File file(Open(path));
  std::string bytes;
  if (file.fd() < 0 || ReadUpTo(file.fd(), size, bytes) != 0) bytes.clear();
  return bytes;
}

Result<std::string> ReadWholeFile(const std::string& path, uint64_t most) {
  const File file(Open(path));
  struct stat info {};
  if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0) return SystemError("cannot read " + path, errno);
  if (!S_ISREG(info.st_mode)) return Error{"cannot read " + path + ": it is no regular file"};
  if (static_cast<uint64_t>(info.st_size) > most) {
    return Error{"cannot read " + path + ": it has more than " + std::to_string(most) + " bytes"};
  }
  std::string bytes;
  if (const int fault = ReadUpTo(file.fd(), static_cast<size_t>(info.st_size), bytes); fault != 0) {
    return SystemError("cannot read " + path, fault);
  }
  return bytes;
}

Status WriteWholeFile(const std::string& path, std::string_view bytes) {
  const std::string what = "cannot write " + path;
  // A link stays a link; a device is not replaced by a file.
  std::error_code error;
  std::string target = path;
  if (std::filesystem::exists(path, error)) {
    if (!std::filesystem::is_regular_file(path, error)) return Error{what + ": it is no regular file"};
    target = std::filesystem::canonical(path, error).string();
    if (error) return Error{what + ": " + error.message()};
  }
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const std::string temporary = target + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(now);
  File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (file.fd() < 0) return SystemError(what, errno);
  int fault = WriteAll(file.fd(), bytes);
  if (!file.Close() && fault == 0) fault = errno;
  if (fault == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) fault = errno;
  if (fault == 0) return {};
  ::unlink(temporary.c_str());
  return SystemError(what, fault);
}

}  // namespace edict
