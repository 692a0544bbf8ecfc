// A comprehension's step that adds to what it accumulates: accu + [element] or an entry more of a map, perhaps as
// condition ? ... : accu. Done by growing one buffer, where evaluating it as written would copy the list or map each time.
#ifndef EDICT_RUNTIME_INTERP_APPEND_H_
#define EDICT_RUNTIME_INTERP_APPEND_H_

#include <cstdint>

#include "runtime/program/program.h"

namespace edict::interp {

// The key and value that are added to a map.
struct Entry {
  uint32_t key = kNone;
  uint32_t value = kNone;
};
struct Append {
  uint32_t condition = kNone;  // kNone: always
  uint32_t element = kNone;    // of a list; kNone: the step does not append to one
  Entry entry;                 // of a map; kNone: likewise

  bool found() const { return element != kNone || entry.key != kNone; }
};
// `accu`: the accumulator's local. The step may be taken so only while the accumulator holds a list, or a map.
Append FindAppend(const Program& program, uint32_t step, uint32_t accu);

}  // namespace edict::interp

#endif  // EDICT_RUNTIME_INTERP_APPEND_H_
