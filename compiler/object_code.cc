#include "compiler/object_code.h"

#include <utility>

#include "compiler/codegen/codegen.h"
#include "runtime/jit/build_identity.h"

namespace edict::compiler {

Result<ObjectCode> MakeObjectCode(const Program& program, const std::string& cpu) {
  codegen::CodegenOptions options;
  options.cpu = cpu.empty() ? "host" : cpu;
  Result<codegen::CpuNeeds> needs = codegen::NeedsOf(options.cpu);
  if (!needs.ok()) return needs.error();
  Result<std::string> bytes = codegen::Generate(program, options, codegen::CodegenOutput::kObject);
  if (!bytes.ok()) return bytes.error();
  return ObjectCode{needs.value().cpu, kBuildIdentity, std::move(needs.value().features), std::move(bytes.value())};
}

}  // namespace edict::compiler
