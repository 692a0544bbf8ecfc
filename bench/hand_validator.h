// What a good engineer would write by hand in place of the package agui.verify: shapes and order of AG-UI 1.0 events, in C++ on
// simdjson On-Demand. It says which events are invalid, not why: no finding has a code, a path or a message.
//
// It takes three things more easily than Edict: what On-Demand skips (`rawEvent` and the like) is not checked to be JSON, of
// duplicate keys each is checked, not only the last, and a discriminator (`type`) whose key is written with escapes is not found.
#ifndef EDICT_BENCH_HAND_VALIDATOR_H_
#define EDICT_BENCH_HAND_VALIDATOR_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace edict::bench {

class HandValidator {
 public:
  HandValidator();
  ~HandValidator();
  HandValidator(const HandValidator&) = delete;
  HandValidator& operator=(const HandValidator&) = delete;

  // A new stream: forgets all.
  void Reset();
  // The number of invalid events among these NDJSON lines, behind which 64 bytes can be read. Each line is parsed by itself, so
  // that a damaged one spoils no other. `invalid`: if given, the numbers of the lines that are, from 0, are appended.
  uint64_t Judge(std::string_view lines, std::vector<uint64_t>* invalid = nullptr);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace edict::bench

#endif  // EDICT_BENCH_HAND_VALIDATOR_H_
