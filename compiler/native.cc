#include "compiler/native.h"

#include "compiler/codegen/codegen.h"
#include "runtime/jit/native_code.h"

namespace edict::compiler {

namespace {

// Verdicts of every event type, and the values of some nodes.
Result<std::shared_ptr<const NativeCode>> GenerateAndLoad(const Program& program, const codegen::CodegenOptions& options) {
  Result<std::string> object = codegen::Generate(program, options, codegen::CodegenOutput::kObject);
  if (!object.ok()) return object.error();
  return LoadNativeCode(object.value(), program.events.size(), options.values.size());
}

}  // namespace

Status CompileNative(Engine& engine) {
  Result<std::shared_ptr<const NativeCode>> code = GenerateAndLoad(engine.program(), {});
  if (!code.ok()) return code.error();
  engine.UseNative(std::move(code.value()));
  return {};
}

Result<std::shared_ptr<const NativeCode>> CompileNativeValue(const Program& program, uint32_t node, int optimization) {
  codegen::CodegenOptions options;
  options.optimization = optimization;
  options.values = {node};
  return GenerateAndLoad(program, options);
}

NativeInBackground::~NativeInBackground() {
  if (thread_.joinable()) thread_.join();
}

void NativeInBackground::Start(const Engine& engine) {
  if (started()) return;
  thread_ = std::thread([this, shared = engine]() mutable {  // a copy of an Engine is the same engine
    status_ = CompileNative(shared);
    done_.store(true, std::memory_order_release);
  });
}

}  // namespace edict::compiler
