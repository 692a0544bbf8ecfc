// Whether two conditions can be true at once.
#ifndef EDICT_COMPILER_IR_EXCLUSIVE_H_
#define EDICT_COMPILER_IR_EXCLUSIVE_H_

#include "compiler/ir/builder.h"

namespace edict::ir {

// True only if no event and no state make both nodes true. Sees through && || ! ?:, comparisons of one expression with
// constants, and tests of presence; what it does not understand, or would take too long over, may be true at any time.
bool Exclusive(const Program& program, NodeId a, NodeId b);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_EXCLUSIVE_H_
