// Facts about the operations of expressions: the one table that checker, verifier, printer and reader of the IR share.
#ifndef EDICT_RUNTIME_PROGRAM_OP_INFO_H_
#define EDICT_RUNTIME_PROGRAM_OP_INFO_H_

#include <cstdint>

#include "runtime/program/program.h"

namespace edict {

struct OpInfo {
  static constexpr uint32_t kVaries = kNone;

  Op op;
  const char* name;
  uint32_t operands;  // how many; kVaries: the node says
  Kind result;        // of the value, whatever the operands are; kAny: theirs, or what the node says
};

const OpInfo& InfoOf(Op op);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_OP_INFO_H_
