// libFuzzer's entry to one target, EDICT_FUZZ_TARGET.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

#define EDICT_CONCAT(a, b) a##b
#define EDICT_TARGET(name) EDICT_CONCAT(Fuzz_, name)

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  edict::fuzz::EDICT_TARGET(EDICT_FUZZ_TARGET)({reinterpret_cast<const char*>(data), size});
  return 0;
}
