#include "compiler/native.h"

#include "compiler/codegen/codegen.h"
#include "runtime/jit/native_code.h"

namespace edict::compiler {

Status CompileNative(const Program& program, Engine& engine) {
  Result<std::string> object = codegen::Generate(program, {}, codegen::CodegenOutput::kObject);
  if (!object.ok()) return object.error();
  Result<std::shared_ptr<const NativeCode>> code = LoadNativeCode(object.value(), program.events.size());
  if (!code.ok()) return code.error();
  engine.UseNative(std::move(code.value()));
  return {};
}

}  // namespace edict::compiler
