// From a Blame to the JSON Pointer of the blamed value and its place in the text. Runs only where something failed.
#ifndef EDICT_RUNTIME_ENGINE_BLAME_H_
#define EDICT_RUNTIME_ENGINE_BLAME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/interp/interp.h"
#include "runtime/program/program.h"

namespace edict {

// Where a running loop stands: the index of a list's element, or the key of a map's entry.
struct LoopPosition {
  Value step;
};

struct BlamedPlace {
  std::string path;     // JSON Pointer; empty: the event
  uint32_t offset = 0;  // of the value; of the event where the path leads to nothing
};

// `positions`: of the loops around the clause, outermost first, as many as are running.
BlamedPlace FindBlamed(const Frame& frame, const Blame& blame, const std::vector<Loop>& loops,
                       const std::vector<LoopPosition>& positions);

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_BLAME_H_
