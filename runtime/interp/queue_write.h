// From the evaluated operands of an effect to the write that the event leaves behind.
#ifndef EDICT_RUNTIME_INTERP_QUEUE_WRITE_H_
#define EDICT_RUNTIME_INTERP_QUEUE_WRITE_H_

#include <cstdint>

#include "runtime/interp/interp.h"
#include "runtime/state/writes.h"

namespace edict {

// `keys`: as many as the effect has; `value`: kAbsent where it has none; neither is an error. `number`: the effect's place in
// its event's plan. Adds at most one write; an error value comes back where the operands do not fit the target, else kAbsent.
Value QueueWrite(const Frame& frame, const Effect& effect, uint32_t number, const Value* keys, Value value, PendingWrites& writes);

}  // namespace edict

#endif  // EDICT_RUNTIME_INTERP_QUEUE_WRITE_H_
