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

// The fuel of a let whose value is an error.
inline constexpr uint64_t kLetErrorCost = 8;

// The fuel of a list or map literal, taken before its elements are evaluated: by the memory that they take, and the keys of
// a map by the comparisons with those before.
inline uint64_t LiteralCost(const Node& literal) {
  uint64_t count = literal.arg_count;
  if (literal.op == Op::kList) return (count + 3) / 4;
  count /= 2;
  return (count + 1) / 2 + count * count / 16;
}

// The fuel of each round of a fold, beside that of the operations in it: field reads, && and ?: cost nothing by themselves.
inline uint64_t RoundCost(const Node& fold) { return fold.imm2 == kNone ? 1 : 1 + uint64_t{fold.imm2}; }

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_OP_INFO_H_
