// The lines of the clock, the windows and the timers. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_PRINT_TIME_H_
#define EDICT_COMPILER_IR_PRINT_TIME_H_

#include <string>

#include "runtime/program/program.h"

namespace edict::ir {

std::string TimeText(const Program& program);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_PRINT_TIME_H_
