// SplitMix64 (Steele, Lea, Flood 2014): random numbers that are the same everywhere, as those of <random> are not.
#ifndef EDICT_TESTS_SUPPORT_SPLIT_MIX_H_
#define EDICT_TESTS_SUPPORT_SPLIT_MIX_H_

#include <cstdint>

namespace edict {

inline uint64_t SplitMix64(uint64_t& state) {
  uint64_t z = state += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

}  // namespace edict

#endif  // EDICT_TESTS_SUPPORT_SPLIT_MIX_H_
