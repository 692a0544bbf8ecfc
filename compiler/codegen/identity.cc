#include "compiler/codegen/identity.h"

#include <llvm-c/Core.h>

#include "compiler/codegen/target.h"
#include "runtime/program/serialize.h"

namespace edict::codegen {

std::string ObjectIdentity(const Program& program, const CodegenOptions& options) {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned patch = 0;
  LLVMGetVersion(&major, &minor, &patch);  // of the library that is loaded, not of its headers
  const Target& host = HostTarget();
  std::string text = std::string("edict ") + kBuildIdentity + "\nllvm " + std::to_string(major) + "." + std::to_string(minor) +
                     "." + std::to_string(patch) + "\n" + host.triple + "\n" + host.cpu + "\n" + host.features + "\noptimization " +
                     std::to_string(options.optimization) + "\nvalues";
  for (uint32_t value : options.values) text += " " + std::to_string(value);
  return text + "\n" + Serialize(program);
}

}  // namespace edict::codegen
