// Hashing by xxHash (XXH3). 64-bit seeded hashes place keys in tables; 128-bit ones identify contents. A hash is never
// proof of equality: compare the bytes.
#ifndef EDICT_RUNTIME_BASE_HASH_H_
#define EDICT_RUNTIME_BASE_HASH_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace edict {

uint64_t Hash64(std::string_view bytes, uint64_t seed);

struct Hash128 {
  uint64_t high = 0;
  uint64_t low = 0;
  bool operator==(const Hash128& o) const { return high == o.high && low == o.low; }
  bool operator!=(const Hash128& o) const { return !(*this == o); }
};
Hash128 ContentHash(std::string_view bytes);
// 32 lower-case hex digits.
std::string ToHex(Hash128 hash);

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_HASH_H_
