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

Result<std::shared_ptr<const NativeCode>> CompileNativeValue(const Program& program, uint32_t node) {
  codegen::CodegenOptions options;
  options.values = {node};
  Result<std::string> object = codegen::Generate(program, options, codegen::CodegenOutput::kObject);
  if (!object.ok()) return object.error();
  return LoadNativeCode(object.value(), program.events.size(), 1);
}

NativeInBackground::~NativeInBackground() {
  if (thread_.joinable()) thread_.join();
}

void NativeInBackground::Start(std::shared_ptr<const Program> program, Engine engine) {
  if (started()) return;
  thread_ = std::thread([this, program = std::move(program), engine = std::move(engine)]() mutable {
    status_ = CompileNative(*program, engine);
    done_.store(true, std::memory_order_release);
  });
}

}  // namespace edict::compiler
