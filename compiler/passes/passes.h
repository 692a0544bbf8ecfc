// Passes over a whole Program: they make it cheaper to run and change nothing of what it finds, but that work which they
// save costs no fuel. In the order in which RunPasses runs them.
#ifndef EDICT_COMPILER_PASSES_PASSES_H_
#define EDICT_COMPILER_PASSES_PASSES_H_

#include <vector>

#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::passes {

struct Pass {
  const char* name;
  Program (*run)(Program program);
};

// A member of the whole event that is selected by its name is read like a field, so that nobody needs the event as a map: one
// that is not declared becomes a field of any value.
Program EventFields(Program program);
// In the plan of an event type the discriminator is known: reading it becomes a constant.
Program Specialise(Program program);
// What depends on constants only is computed, by the interpreter; what yields an error stays as it is.
Program Fold(Program program);
// Shapes that accept the same values and report the same faults become one; those that no event uses go.
Program ShareShapes(Program program);
// Takes away what cannot have an effect: guards that always hold, checks and writes whose guard never does, clauses that
// always hold, and expressions that nothing uses.
Program Prune(Program program);

const std::vector<Pass>& AllPasses();

// Every pass, with a verification of the Program before the first and after each. An Error is a fault of the compiler and
// names the pass.
Result<Program> RunPasses(Program program);

}  // namespace edict::passes

#endif  // EDICT_COMPILER_PASSES_PASSES_H_
