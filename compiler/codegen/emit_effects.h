// The effects of one event type, behind its checks: each evaluates its operands and queues its write.
#ifndef EDICT_COMPILER_CODEGEN_EMIT_EFFECTS_H_
#define EDICT_COMPILER_CODEGEN_EMIT_EFFECTS_H_

#include <cstdint>

#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {

// At the builder's place; an operand that is an error, or does not fit the target, leaves to f.again().
void EmitEffects(FunctionBuilder& f, NodeEmitter& emitter, uint32_t event);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_EMIT_EFFECTS_H_
