// A Program as stable text: what `edict inspect --stage ir` shows. $n is a local, #n a shape, %n an expression that several
// places of one plan use: its definition comes before the first of them.
#ifndef EDICT_COMPILER_IR_PRINT_H_
#define EDICT_COMPILER_IR_PRINT_H_

#include <string>

#include "runtime/program/program.h"

namespace edict::ir {

std::string Print(const Program& program);
// One expression, nested.
std::string PrintNode(const Program& program, uint32_t node);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_PRINT_H_
