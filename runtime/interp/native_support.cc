#include "runtime/interp/native_support.h"

#include <cstring>

namespace {

edict::Value FromWords(uint64_t header, uint64_t payload) {
  const uint64_t words[2] = {header, payload};
  edict::Value value;
  std::memcpy(static_cast<void*>(&value), words, sizeof value);
  return value;
}

}  // namespace

extern "C" {

void edict_native_evaluate(edict::Value* out, const edict::Frame* frame, uint32_t node) { *out = edict::Evaluate(*frame, node); }

void edict_native_apply(edict::Value* out, const edict::Frame* frame, uint32_t node, const edict::Value* args) {
  *out = edict::Apply(*frame, node, args);
}

bool edict_native_equal(uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b) {
  return edict::Equal(FromWords(header_a, payload_a), FromWords(header_b, payload_b));
}
}
