// Loops of rules over a list of which the rounds depend on the element alone, not on the state, other fields or other elements:
// `for m in e.messages require size(m.id) < 100`. What a round does is a function of the element, so that the cache can
// remember it with the element. Code generation and the engine number them alike.
#ifndef EDICT_RUNTIME_PROGRAM_ELEMENT_LOOPS_H_
#define EDICT_RUNTIME_PROGRAM_ELEMENT_LOOPS_H_

#include <cstdint>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

struct ElementLoop {
  uint32_t event = 0;
  uint32_t check = kNone;  // of the event's checks, and its clause; kNone: it is a loop of an effect
  uint32_t clause = kNone;
  uint32_t effect = kNone;
  bool operator==(const ElementLoop&) const = default;
};

// In order of events, checks and clauses, then effects.
std::vector<ElementLoop> FindElementLoops(const Program& program);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_ELEMENT_LOOPS_H_
