#include "runtime/cli/file_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace edict::cli {
namespace {

namespace fs = std::filesystem;

// Folders inside each other that are followed: links may lead in circles.
constexpr int kMostDepth = 32;
constexpr uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::string Canonical(const fs::path& path) {
  std::error_code error;
  return fs::weakly_canonical(fs::absolute(path, error), error).string();
}

bool IsRuleFile(const std::string& name) { return name.ends_with(".rules"); }

}  // namespace

FileWatch::FileWatch() : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (fd_ < 0) fault_ = std::string("rule files cannot be watched: ") + std::strerror(errno);
}

FileWatch::~FileWatch() {
  if (fd_ >= 0) ::close(fd_);
}

bool FileWatch::Follow(const std::vector<std::string>& paths) {
  bool fresh = false;
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      fresh = FollowTree(path, 0) || fresh;
    } else if (!path.empty()) {
      files_.insert(Canonical(path));
      // Where it stands and, if that is a link, where it leads to.
      fresh = FollowFolder(fs::absolute(path, error).parent_path().string()) || fresh;
      fresh = FollowFolder(fs::path(Canonical(path)).parent_path().string()) || fresh;
    }
  }
  return fresh;
}

bool FileWatch::FollowTree(const std::string& folder, int depth) {
  bool fresh = FollowFolder(folder);
  if (depth == kMostDepth) return fresh;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) fresh = FollowTree(it->path().string(), depth + 1) || fresh;
  }
  return fresh;
}

// Of a folder that does not exist, the nearest one above it.
bool FileWatch::FollowFolder(const std::string& folder) {
  std::error_code error;
  fs::path there = folder;
  while (!fs::is_directory(there, error) && there.has_parent_path() && there != there.parent_path()) there = there.parent_path();
  const int watch = inotify_add_watch(fd_, there.c_str(), kEvents);
  if (watch < 0) {
    fault_ = "changes in " + there.string() + " cannot be watched: " + std::strerror(errno);
    return false;
  }
  return folders_.emplace(watch, there.string()).second;
}

bool FileWatch::Concerns(const inotify_event& event) const {
  if ((event.mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF)) != 0) return true;
  const auto folder = folders_.find(event.wd);
  if (event.len == 0 || folder == folders_.end()) return false;
  const std::string name = event.name;
  if (IsRuleFile(name)) return (event.mask & IN_CREATE) == 0;  // a new file is still to be written
  const fs::path path = fs::path(folder->second) / name;
  if (files_.count(Canonical(path)) != 0) return true;
  if ((event.mask & (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)) == 0) return false;
  // A folder, or a link by which files are exchanged all at once.
  std::error_code error;
  return (event.mask & IN_ISDIR) != 0 || fs::is_symlink(fs::symlink_status(path, error));
}

bool FileWatch::Changed() {
  bool changed = false;
  alignas(inotify_event) char buffer[16 * 1024];
  for (;;) {
    const ssize_t n = ::read(fd_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return changed;
    for (const char* at = buffer; at < buffer + n;) {
      const auto& event = *reinterpret_cast<const inotify_event*>(at);
      changed = Concerns(event) || changed;
      if ((event.mask & IN_IGNORED) != 0) folders_.erase(event.wd);
      at += sizeof(inotify_event) + event.len;
    }
  }
}

}  // namespace edict::cli
