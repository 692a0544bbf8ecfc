// Passes over a whole Program: they make it cheaper to run and change nothing of what it finds, but that work which they
// save costs no fuel. In the order in which RunPasses runs them.
#ifndef EDICT_COMPILER_PASSES_PASSES_H_
#define EDICT_COMPILER_PASSES_PASSES_H_

#include <vector>

#include "runtime/base/result.h"
#include "runtime/profile/cost_profile.h"
#include "runtime/program/program.h"

namespace edict::passes {

struct Pass {
  const char* name;
  Program (*run)(Program program);
};

// A member of the whole event that is selected by its name is read like a field, so that nobody needs the event as a map: one
// that is not declared becomes a field of any value. Run again once it is known which names come to constants.
// Where it is absent, "no such field" is said of it, not "no such key".
Program EventFields(Program program);
// In the plan of an event type the discriminator is known: reading it becomes a constant.
Program Specialise(Program program);
// What depends on constants only is computed, by the interpreter; what yields an error stays as it is.
Program Fold(Program program);
// A comprehension that looks at its own range again, as `l.map(i, x, l[size(l) - 1 - i])` does, keeps it: it is computed once.
Program KeepRanges(Program program);
// Shapes that accept the same values and report the same faults become one; those that no event uses go.
Program ShareShapes(Program program);
// Takes away what cannot have an effect: guards that always hold, checks and writes whose guard never does, clauses that
// always hold, and expressions that nothing uses.
Program Prune(Program program);

const std::vector<Pass>& AllPasses();

// The checks of each event in the order in which the first one that fails is expected the soonest. Findings keep their order; what
// spent fuel leaves out depends on it. `profile`: what checks were measured to cost; may be null.
Program OrderChecks(Program program, const CostProfile* profile);

struct PassOptions {
  bool order_checks = false;
  const CostProfile* profile = nullptr;  // for OrderChecks
};

// Every pass, with a verification of the Program before the first and after each. An Error is a fault of the compiler and
// names the pass.
Result<Program> RunPasses(Program program, const PassOptions& options = {});

}  // namespace edict::passes

#endif  // EDICT_COMPILER_PASSES_PASSES_H_
