#include "compiler/codegen/identity.h"

#include <llvm-c/Core.h>

#include "compiler/codegen/target.h"
#include "runtime/jit/build_identity.h"
#include "runtime/program/serialize.h"

namespace edict::codegen {

std::string ObjectIdentity(const Program& program, const CodegenOptions& options) {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned patch = 0;
  LLVMGetVersion(&major, &minor, &patch);  // of the library that is loaded, not of its headers
  // A CPU that does not exist gets no object.
  const Result<Target> named = TargetFor(options.cpu);
  const Target& target = named.ok() ? named.value() : HostTarget();
  std::string text = std::string("edict ") + kBuildIdentity + "\nllvm " + std::to_string(major) + "." + std::to_string(minor) +
                     "." + std::to_string(patch) + "\n" + target.triple + "\n" + target.cpu + "\n" + target.features +
                     "\noptimization " + std::to_string(options.optimization) + (options.lines ? "\nlines" : "") + "\nvalues";
  for (uint32_t value : options.values) text += " " + std::to_string(value);
  return text + "\n" + Serialize(program);
}

}  // namespace edict::codegen
