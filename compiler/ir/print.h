// A Program as stable text: what `edict inspect --stage ir` shows and Read (read.h) takes back. An overview, line by line:
//
//   program agui.verify 1.0.0                        then its tables: codes, faults, enums, scopes, state, shapes
//   shape #3 int                                     #n: a shape. Those that are but a kind stand where they are used
//     where (_>_ $0:int 0) else AGUI_COUNT           $n: a local variable; a `where` reads the value as $0
//   event ADD #7: id, tag                            an event type, its shape, and the fields that rules may read, in slots
//     check D1 order 4 after D0 from "d.rules":3:1   a rule; `order` is that of its findings among those of one event
//       when (present e.tag)
//     %0 = (size e.id)                               %n: an expression that several places of one plan use
//       require (_>_ %0 0) at /id else "it has {%0} bytes"
//     put owner [e.id] ?= (opt e.tag)                a write to the state; ?= writes an optional: present or absent
//
// An expression is (operation operands...), operations as in runtime/program/program.h, or a call by its function's name.
// `:int` after one is its static kind, and `#AddInt` after a function its overload, where these are not what follows from
// the operands. Not in the text: dependencies (--stage deps), and places in the source but for those of checks and writes.
#ifndef EDICT_COMPILER_IR_PRINT_H_
#define EDICT_COMPILER_IR_PRINT_H_

#include <string>

#include "runtime/program/program.h"

namespace edict::ir {

std::string Print(const Program& program);
// One expression, nested, in brief: without kinds and overloads.
std::string PrintNode(const Program& program, uint32_t node);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_PRINT_H_
