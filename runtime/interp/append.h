// A comprehension's step that maps or filters, accu + [element] or condition ? accu + [element] : accu: both tiers grow
// one buffer for it, where evaluating it as written would copy the list each time.
#ifndef EDICT_RUNTIME_INTERP_APPEND_H_
#define EDICT_RUNTIME_INTERP_APPEND_H_

#include <cstdint>

#include "runtime/program/program.h"

namespace edict::interp {

struct Append {
  uint32_t condition = kNone;  // kNone: always
  uint32_t element = kNone;    // kNone: the step is of another form
};
// `accu`: the accumulator's local. The step may be taken so only while the accumulator holds a list.
Append FindAppend(const Program& program, uint32_t step, uint32_t accu);

}  // namespace edict::interp

#endif  // EDICT_RUNTIME_INTERP_APPEND_H_
