// Checks that passed, by the fields that they are functions of (runtime/program/projections.h): a table of fixed size, of one
// thread. Exact: whoever finds an entry compares the fields' bytes. Of values that do not repeat it keeps away by itself.
#ifndef EDICT_RUNTIME_CACHE_CHECK_MEMO_H_
#define EDICT_RUNTIME_CACHE_CHECK_MEMO_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/program/projections.h"
#include "runtime/value/value.h"

namespace edict::cache {

class CheckMemo {
 public:
  struct Counts {
    uint64_t asked = 0;  // times that a check was looked for
    uint64_t known = 0;  // and found to have passed
    uint64_t bytes = 0;  // of memory that was taken
  };

  // `projections` outlives the memo. `always`: also where it does not pay. `asked`: what native code asks, where it is not null; it
  // is made null for a while where nothing pays. The table is made when the first check is kept.
  CheckMemo(const std::vector<Projection>& projections, uint64_t seed, bool always, CheckMemo** asked);

  // Whether the check of that projection passes on these slots: it did before. Takes the fuel that this took; false where less is
  // left.
  bool Known(uint32_t projection, const Value* slots, int64_t& fuel);
  // It passes on the slots of the last call of Known, and took so much fuel.
  void Keep(uint32_t projection, int64_t fuel);

  // After some events, which are so many bytes. What was counted since the last call.
  Counts End(uint64_t bytes);

 private:
  static constexpr size_t kSets = 512;
  static constexpr size_t kWays = 2;
  static constexpr uint32_t kKeyBytes = 232;
  // What pays, is found out by so many questions; of what does not, so many times as many are left out.
  static constexpr uint32_t kWindow = 512;
  static constexpr uint32_t kRests = 64;
  // Where nothing pays, nobody asks for so many bytes.
  static constexpr uint64_t kRestBytes = 8u << 20;

  struct Entry {
    uint64_t hash = 0;
    int64_t fuel = -1;  // negative: nothing is kept here
    uint32_t projection = 0;
    uint32_t size = 0;
    char key[kKeyBytes];
  };
  // How a projection fares.
  struct Fortune {
    uint32_t asked = 0;
    uint32_t known = 0;
    uint32_t rest = 0;  // questions that are still left out
  };

  bool Write(const Projection& projection, const Value* slots);
  Entry* Find(uint32_t projection);
  bool Rests(Fortune& fortune);
  bool AllRest() const;

  const std::vector<Projection>& projections_;
  const uint64_t seed_;
  const bool always_;
  CheckMemo*& asked_;
  uint64_t rest_bytes_ = 0;        // that are left
  bool began_to_rest_ = false;     // one did, since the last End
  std::vector<Fortune> fortunes_;  // by projection
  std::unique_ptr<std::array<Entry, kSets * kWays>> entries_;
  // What was last asked for and not known.
  uint32_t pending_ = kNone;
  uint64_t hash_ = 0;
  uint32_t size_ = 0;
  std::array<char, kKeyBytes> key_{};
  Counts counts_;
};

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_CHECK_MEMO_H_
