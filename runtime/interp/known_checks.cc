#include "runtime/interp/known_checks.h"

#include "runtime/cache/check_memo.h"

extern "C" {

uint64_t edict_native_known_check(const edict::Frame* frame, uint32_t projection) {
  return frame->checks->Known(projection, frame->slots, frame->context->fuel) ? 1 : 0;
}

void edict_native_keep_check(const edict::Frame* frame, uint32_t projection, uint64_t fuel) {
  frame->checks->Keep(projection, static_cast<int64_t>(fuel));
}
}
