// FileWatch: tells that rule files have changed, by inotify. Folders are watched, not files: editors write a new file and rename
// it over the old one.
#ifndef EDICT_RUNTIME_CLI_FILE_WATCH_H_
#define EDICT_RUNTIME_CLI_FILE_WATCH_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

struct inotify_event;

namespace edict::cli {

class FileWatch {
 public:
  FileWatch();
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Ready to be read when there is something for Changed to look at.
  int fd() const { return fd_; }
  // Why nothing can be watched; empty: it can.
  const std::string& fault() const { return fault_; }
  // From now on also these: files, and the rule files of folders and of all folders in them. What does not exist is noticed when
  // it comes. True: a folder is new, and what happened in it before is not known.
  bool Follow(const std::vector<std::string>& paths);
  // Whether something has changed since the last call.
  bool Changed();

 private:
  bool FollowTree(const std::string& folder, int depth);
  bool FollowFolder(const std::string& folder);
  bool Concerns(const inotify_event& event) const;

  int fd_ = -1;
  std::string fault_;
  std::set<std::string> files_;         // canonical
  std::map<int, std::string> folders_;  // by watch
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_FILE_WATCH_H_
