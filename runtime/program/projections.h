// Checks whose clauses are functions of a few scalar fields alone, and dear: `matches`, json.valid, a host function that says so.
// That they passed on these fields can be remembered, by the bytes of the fields (a projection of the event), and need not be found
// out again. Code generation and the engine number them alike.
#ifndef EDICT_RUNTIME_PROGRAM_PROJECTIONS_H_
#define EDICT_RUNTIME_PROGRAM_PROJECTIONS_H_

#include <cstdint>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

struct Projection {
  static constexpr size_t kMostSlots = 4;

  uint32_t event = 0;
  uint32_t check = 0;             // of the event's
  std::vector<uint32_t> values;   // slots of which the clauses read the value, at most kMostSlots
  std::vector<uint32_t> present;  // slots of which they ask only whether they are there, at most kMostSlots
};

// In order of events and checks.
std::vector<Projection> FindProjections(const Program& program);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_PROJECTIONS_H_
