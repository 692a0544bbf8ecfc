// What the compiler promises of a Program beyond what any runner may rely on (CheckProgram): kinds of nodes agree with
// their operations, no local is overwritten while it is in use, equal nodes are one. A failure is our own fault, not the
// user's: run it in tests and after each pass.
#ifndef EDICT_COMPILER_IR_VERIFY_H_
#define EDICT_COMPILER_IR_VERIFY_H_

#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::ir {

// The error names the first node that is wrong.
Status Verify(const Program& program);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_VERIFY_H_
