// The text of a Program (print.h) back to the Program: Print(Read(Print(p))) == Print(p), and what it finds in any stream is
// what p finds. Text that is damaged, or that no Program could stand behind, is an Error that names line and column.
#ifndef EDICT_COMPILER_IR_READ_H_
#define EDICT_COMPILER_IR_READ_H_

#include <string_view>

#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::ir {

Result<Program> Read(std::string_view text);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_READ_H_
