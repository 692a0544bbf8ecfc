// Rounds of loops over elements that the cache knows: what a round does is remembered with its element.
#ifndef EDICT_RUNTIME_INTERP_KNOWN_ROUNDS_H_
#define EDICT_RUNTIME_INTERP_KNOWN_ROUNDS_H_

#include <cstdint>

#include "runtime/interp/interp.h"

extern "C" {

// Of the loop with that number (runtime/program/element_loops.h) over the list: how many rounds, from the first on, are done
// with. Their conditions are true, their writes are queued and their fuel is taken. Only where Frame::memo is not null.
uint64_t edict_native_known_rounds(const edict::Frame* frame, uint32_t loop, uint64_t header, uint64_t payload);
// The list's element with that index, which may be the end: a Value, or of JSON a node. The index is 0 without a memo.
const void* edict_native_element_at(const edict::Frame* frame, uint64_t header, uint64_t payload, uint64_t index);
}

#endif  // EDICT_RUNTIME_INTERP_KNOWN_ROUNDS_H_
