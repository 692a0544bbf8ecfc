// Checks that a Program keeps its own rules: a fault here is a bug of the compiler, not of the user.
#ifndef EDICT_COMPILER_IR_VERIFY_H_
#define EDICT_COMPILER_IR_VERIFY_H_

#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::ir {

Status Verify(const Program& program);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_VERIFY_H_
