// Checks that are known to pass, for native code (runtime/cache/check_memo.h).
#ifndef EDICT_RUNTIME_INTERP_KNOWN_CHECKS_H_
#define EDICT_RUNTIME_INTERP_KNOWN_CHECKS_H_

#include <cstdint>

#include "runtime/interp/interp.h"

extern "C" {

// 1: the clauses of the check of that projection pass, and their fuel is taken; 0: they are to be evaluated. frame->checks is not
// null.
uint64_t edict_native_known_check(const edict::Frame* frame, uint32_t projection);
// They have been, they pass, and took so much fuel.
void edict_native_keep_check(const edict::Frame* frame, uint32_t projection, uint64_t fuel);
}

#endif  // EDICT_RUNTIME_INTERP_KNOWN_CHECKS_H_
