// Native code on disk, so that a second start of the same rules need not compile. An entry is found by its identity: bytes
// that say everything the code was made of. They are kept with the entry and compared, so that no collision of hashes can
// hand over other code. The folder is the user's own: what others own or may write is not read, since it would be run.
//
// Any number of threads and processes may use one folder: an entry appears as a whole, by renaming, and what is damaged,
// cut short or foreign counts as absent. Nothing here fails: a cache that cannot be used is empty and says why.
#ifndef EDICT_RUNTIME_OBJECT_CACHE_OBJECT_CACHE_H_
#define EDICT_RUNTIME_OBJECT_CACHE_OBJECT_CACHE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace edict {

struct ObjectCacheOptions {
  // Bytes of all entries. Default 256 MiB, some 1,000 rule sets. Beyond it, those not used for the longest time are removed.
  uint64_t max_bytes = 256ull << 20;
};

// $EDICT_CACHE_DIR, else $XDG_CACHE_HOME/edict, else $HOME/.cache/edict; empty if none of them is set.
std::string DefaultObjectCacheFolder();

class ObjectCache {
 public:
  // Makes the folder, with those above it, if it is not there.
  explicit ObjectCache(const std::string& folder, ObjectCacheOptions options = {});
  ~ObjectCache();
  ObjectCache(const ObjectCache&) = delete;
  ObjectCache& operator=(const ObjectCache&) = delete;

  bool usable() const { return folder_fd_ >= 0; }
  // Why it is not usable.
  const std::string& fault() const { return fault_; }

  // The object that was put under that identity.
  std::optional<std::string> Get(std::string_view identity) const;
  // False if it could not be written, or is larger than the cap.
  bool Put(std::string_view identity, std::string_view object) const;

  // The file of an entry, within the folder.
  static std::string FileName(std::string_view identity);

 private:
  void Trim() const;

  const ObjectCacheOptions options_;
  int folder_fd_ = -1;
  std::string fault_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_OBJECT_CACHE_OBJECT_CACHE_H_
