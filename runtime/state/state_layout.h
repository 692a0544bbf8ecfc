// StateLayout: where the parts of a stream's state lie in its memory, worked out once for all streams of a Program. Very many
// streams have a few small arrays each: these share one piece, and a stream keeps no pointers into it.
#ifndef EDICT_RUNTIME_STATE_STATE_LAYOUT_H_
#define EDICT_RUNTIME_STATE_STATE_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

struct StateLimits {
  uint64_t string_bytes = 64ull << 10;  // of one string where its cell declares no bound. Default 64 KiB
  uint64_t total_bytes = 256ull << 20;  // of the whole state. Default 256 MiB
  uint64_t patch_work = 10'000'000;     // steps of one JSON Patch. Default 10 million, as much as an event's rules may take
};

struct StateLayout {
  // An array in the memory: bytes from its beginning, and elements.
  struct Part {
    size_t at = 0;
    uint32_t size = 0;
  };

  // `seed` makes the tables' hashes unpredictable; it changes no result. The Program must outlive the layout, and the layout the
  // states.
  StateLayout(const Program& program, const StateLimits& limits, uint64_t seed);

  const Program& program;
  const StateLimits limits;
  const uint64_t seed;
  const bool has_time;          // windows or timers
  std::vector<uint32_t> index;  // cell -> its place in scalars or tables
  // In the order in which events are likely to ask for them.
  Part scalars;
  Part lives;
  Part tables;
  Part spare;                // bytes in which the tables begin that get keys first
  std::vector<Part> counts;  // by lifecycle: of its states, by ordinal
  Part open;                 // by scope
  Part texts;                // by scalar
  Part documents;
  size_t bytes = 0;

 private:
  template <typename T>
  void Place(Part& part, size_t elements);
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_STATE_LAYOUT_H_
