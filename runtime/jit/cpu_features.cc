#include "runtime/jit/cpu_features.h"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace edict {
namespace {

enum Register { kEax, kEbx, kEcx, kEdx };

// Bits of XCR0 that the system must have set: it saves these registers.
enum Saved : uint32_t { kNothing = 0, kAvx = 0x6, kAvx512 = 0xe6 };

struct Feature {
  std::string_view name;
  uint32_t leaf;
  uint32_t sub_leaf;
  Register reg;
  int bit;
  Saved saved;
};

constexpr Feature kFeatures[] = {
#define EDICT_CPU_FEATURE(name, leaf, sub_leaf, reg, bit, saved) {name, leaf, sub_leaf, reg, bit, saved},
#include "runtime/jit/cpu_features.def"
#undef EDICT_CPU_FEATURE
};

const Feature* Find(std::string_view name) {
  for (const Feature& feature : kFeatures) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

#if defined(__x86_64__)
constexpr int kXsaveBit = 27;  // of leaf 1, ECX: the system uses XSAVE, so that XCR0 can be read

bool Reads(uint32_t leaf, uint32_t sub_leaf, unsigned (&registers)[4]) {
  return __get_cpuid_count(leaf, sub_leaf, &registers[kEax], &registers[kEbx], &registers[kEcx], &registers[kEdx]) != 0;
}

bool Saves(Saved wanted) {
  if (wanted == kNothing) return true;
  unsigned registers[4] = {0, 0, 0, 0};
  if (!Reads(1, 0, registers) || (registers[kEcx] >> kXsaveBit & 1) == 0) return false;
  uint32_t low = 0;
  uint32_t high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & wanted) == wanted;
}

bool Has(const Feature& feature) {
  unsigned registers[4] = {0, 0, 0, 0};
  if (!Reads(feature.leaf, feature.sub_leaf, registers)) return false;
  return (registers[feature.reg] >> feature.bit & 1) != 0 && Saves(feature.saved);
}
#else
bool Has(const Feature&) { return false; }
#endif

}  // namespace

bool IsKnownCpuFeature(std::string_view name) { return Find(name) != nullptr; }

bool HasCpuFeature(std::string_view name) {
  const Feature* feature = Find(name);
  return feature != nullptr && Has(*feature);
}

}  // namespace edict
