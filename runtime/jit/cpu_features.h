// Whether object code that was made elsewhere can run on this machine.
#ifndef EDICT_RUNTIME_JIT_CPU_FEATURES_H_
#define EDICT_RUNTIME_JIT_CPU_FEATURES_H_

#include <string_view>

namespace edict {

// One of cpu_features.def, by LLVM's name: can be asked for.
bool IsKnownCpuFeature(std::string_view name);
// ... and this machine has it, and its system saves what it needs. False for what is not known.
bool HasCpuFeature(std::string_view name);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_CPU_FEATURES_H_
