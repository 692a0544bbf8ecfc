#include "runtime/cli/live_input.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace edict::cli {
namespace {

constexpr size_t kChunk = 64 * 1024;

}  // namespace

LiveInput::~LiveInput() {
  if (fd_ > STDIN_FILENO) ::close(fd_);
  if (notify_fd_ >= 0) ::close(notify_fd_);
}

LiveInput::State LiveInput::Fault(const std::string& what) {
  fault_ = what + " " + name_ + ": " + std::strerror(errno);
  return State::kFault;
}

bool LiveInput::Open(const std::string& name) {
  name_ = name;
  buffer_.resize(kChunk);
  if (name == "-") {
    fd_ = STDIN_FILENO;
    return true;
  }
  if (!OpenFile()) return Fault("cannot open") != State::kFault;
  struct stat info = {};
  if (::fstat(fd_, &info) != 0) return Fault("cannot read") != State::kFault;
  if (S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    return Fault("cannot read") != State::kFault;
  }
  if (S_ISFIFO(info.st_mode)) {
    // As a writer as well: there is no end then, and no waiting for one, when the last writer leaves.
    ::close(fd_);
    fd_ = ::open(name_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    pipe_ = true;
    return fd_ >= 0 || Fault("cannot open") != State::kFault;
  }
  follows_ = S_ISREG(info.st_mode);
  return !follows_ || Follow() || Fault("cannot watch") != State::kFault;
}

bool LiveInput::OpenFile() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = ::open(name_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  read_ = 0;
  return fd_ >= 0;
}

// The file, and its folder, where another may take its place.
bool LiveInput::Follow() {
  if (notify_fd_ >= 0) ::close(notify_fd_);
  notify_fd_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (notify_fd_ < 0) return false;
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(name_, error).parent_path();
  if (inotify_add_watch(notify_fd_, folder.c_str(), IN_MOVED_TO | IN_CREATE | IN_ONLYDIR) < 0) return false;
  return inotify_add_watch(notify_fd_, name_.c_str(), IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF) >= 0;
}

LiveInput::State LiveInput::Next(std::string_view& bytes) {
  if (!follows_) {
    // Reading would wait, where the descriptor is the shell's.
    pollfd ready = {fd_, POLLIN, 0};
    if (::poll(&ready, 1, 0) <= 0) return State::kWait;
  }
  const ssize_t n = ::read(fd_, buffer_.data(), buffer_.size());
  if (n > 0) {
    bytes = {buffer_.data(), static_cast<size_t>(n)};
    read_ += static_cast<uint64_t>(n);
    return State::kData;
  }
  if (n < 0) return errno == EINTR || errno == EAGAIN ? State::kWait : Fault("cannot read");
  if (follows_) return Behind();
  return pipe_ ? State::kWait : State::kEnd;
}

// At the end of the file: what has become of it.
LiveInput::State LiveInput::Behind() {
  alignas(inotify_event) char events[4096];
  while (::read(notify_fd_, events, sizeof events) > 0) {
  }
  struct stat here = {};
  struct stat there = {};
  if (::fstat(fd_, &here) != 0) return Fault("cannot read");
  if (static_cast<uint64_t>(here.st_size) > read_) return State::kMore;
  if (static_cast<uint64_t>(here.st_size) < read_) {
    if (::lseek(fd_, 0, SEEK_SET) != 0) return Fault("cannot read");
    read_ = 0;
    return State::kAnew;
  }
  if (::stat(name_.c_str(), &there) != 0 || (there.st_ino == here.st_ino && there.st_dev == here.st_dev)) return State::kWait;
  if (!OpenFile()) return Fault("cannot open");
  return Follow() ? State::kAnew : Fault("cannot watch");
}

}  // namespace edict::cli
