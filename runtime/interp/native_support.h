// What native code calls for operations that it does not do in line. The three functions are the whole interface between
// an object file and the runtime: their names and signatures are part of the object format.
#ifndef EDICT_RUNTIME_INTERP_NATIVE_SUPPORT_H_
#define EDICT_RUNTIME_INTERP_NATIVE_SUPPORT_H_

#include <cstdint>

#include "runtime/interp/interp.h"

extern "C" {

// The node's value, by the interpreter.
void edict_native_evaluate(edict::Value* out, const edict::Frame* frame, uint32_t node);
// The operation of a node (kCall, kAnd, kOr, kNot) on operands that are already evaluated.
void edict_native_apply(edict::Value* out, const edict::Frame* frame, uint32_t node, const edict::Value* args);
// CEL equality of two values, each as the two words that it is made of.
bool edict_native_equal(uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b);
}

#endif  // EDICT_RUNTIME_INTERP_NATIVE_SUPPORT_H_
