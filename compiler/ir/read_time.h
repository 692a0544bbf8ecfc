// Reads the lines that TimeText writes, after their first word. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_READ_TIME_H_
#define EDICT_COMPILER_IR_READ_TIME_H_

#include "compiler/ir/cursor.h"

namespace edict::ir {

void ReadClock(Cursor& in, Program& program);
void ReadWindow(Cursor& in, Program& program);
void ReadTimer(Cursor& in, Program& program, bool deadline);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_READ_TIME_H_
