// Whether arrays repeat, found out while the cache is not in use, and so cheaply that it need not be: of few events only, of these
// the first array only, and of that the hash of its first bytes. A conversation that sends its history again begins as it
// began before. Of one thread.
#ifndef EDICT_RUNTIME_CACHE_SIGHTINGS_H_
#define EDICT_RUNTIME_CACHE_SIGHTINGS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

namespace edict::cache {

class Sightings {
 public:
  // An array was looked at that begins with bytes of that hash. Whether one did before.
  bool Saw(uint64_t hash);
  // How many events to let pass now: none at first, and ever more while nothing is seen twice.
  uint64_t pass() const { return pass_; }

 private:
  // One array is sent again a few hundred events later, and among so many of other streams.
  static constexpr uint64_t kTags = 1024;
  // A look costs some 50 ns, less than a hundredth of what as many small events take. Of a conversation of some hundred events
  // there remain enough that are looked at.
  static constexpr uint64_t kMostPass = 31;

  std::vector<uint32_t> tags_;  // by hash; empty before the first one
  uint64_t pass_ = 0;
};

inline bool Sightings::Saw(uint64_t hash) {
  if (tags_.empty()) tags_.resize(kTags);
  const auto tag = static_cast<uint32_t>(hash >> 32) | 1;
  uint32_t& seen = tags_[hash % kTags];
  if (seen == tag) {
    pass_ = 0;
    return true;
  }
  seen = tag;
  pass_ = std::min(2 * pass_ + 1, kMostPass);
  return false;
}

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_SIGHTINGS_H_
