#include "compiler/native.h"

#include "compiler/codegen/batches.h"
#include "compiler/codegen/codegen.h"
#include "compiler/codegen/identity.h"
#include "runtime/jit/link.h"
#include "runtime/jit/native_code.h"

namespace edict::compiler {

namespace {

using Code = std::shared_ptr<const NativeCode>;

Result<Code> Load(const Program& program, const codegen::CodegenOptions& what, const std::string& object,
                  const NativeOptions& options) {
  return LoadNative(object, program.events.size(), what.values.size(), options.link);
}

codegen::CodegenOptions ToCodegenOptions(const NativeOptions& options) {
  codegen::CodegenOptions what;
  what.optimization = options.optimization;
  what.lines = options.link.gdb;
  return what;
}

// Null if it is not there.
Result<Code> LoadFromCache(const Program& program, const codegen::CodegenOptions& what, const std::string& identity,
                           const NativeOptions& options) {
  std::optional<std::string> object = options.cache->Get(identity);
  if (!object) return Code();
  return Load(program, what, *object, options);
}

// Verdicts of every event type, and the values of some nodes.
Result<Code> Make(const Program& program, const codegen::CodegenOptions& what, const NativeOptions& options) {
  Status may = MayMapExecutableMemory();
  if (!may.ok()) return may.error();
  std::string identity;
  if (options.cache != nullptr && options.cache->usable()) {
    identity = codegen::ObjectIdentity(program, what);
    Result<Code> cached = LoadFromCache(program, what, identity, options);
    // An object that does not load is as good as none.
    if (cached.ok() && cached.value() != nullptr) return cached;
  }
  Result<std::string> object = codegen::Generate(program, what, codegen::CodegenOutput::kObject);
  if (!object.ok()) return object.error();
  Result<Code> code = Load(program, what, object.value(), options);
  if (!code.ok()) return code.error();
  if (!identity.empty()) options.cache->Put(identity, object.value());
  return code;
}

// Instructions, about, that LLVM's best takes more than some 50 ms for.
constexpr uint64_t kSmall = 700;

bool IsLarge(const Program& program) {
  uint64_t weight = 0;
  for (const codegen::Batch& batch : codegen::MakeBatches(program, 0)) weight += batch.weight;
  return weight > kSmall;
}

Status Use(Engine& engine, const Program& program, Code code) {
  if (engine.UseNative(std::move(code), program)) return {};
  return Error{"native code is of no use: the rules that it was made from are gone"};
}

Status CompileFor(Engine& engine, const Program& program, const NativeOptions& options) {
  Result<Code> code = MakeNative(program, options);
  if (!code.ok()) return code.error();
  return Use(engine, program, std::move(code.value()));
}

Result<bool> UseCachedFor(Engine& engine, const Program& program, const NativeOptions& options) {
  if (options.cache == nullptr || !options.cache->usable()) return false;
  Status may = MayMapExecutableMemory();
  if (!may.ok()) return may.error();
  const codegen::CodegenOptions what = ToCodegenOptions(options);
  Result<Code> code = LoadFromCache(program, what, codegen::ObjectIdentity(program, what), options);
  if (!code.ok()) return code.error();
  if (code.value() == nullptr) return false;
  Status used = Use(engine, program, std::move(code.value()));
  if (!used.ok()) return used.error();
  return true;
}

}  // namespace

Result<Code> LoadNative(std::string_view object, size_t event_count, size_t value_count, const LinkOptions& options) {
  if (kLinks && !options.perf_map && !options.gdb) return LoadNativeCode(object, event_count, value_count);
  Result<std::unique_ptr<LinkedCode>> code = LinkOrc(object, NativeNames(event_count, value_count), options);
  if (!code.ok()) return code.error();
  return ToNativeCode(std::move(code.value()), event_count, value_count);
}

Result<std::shared_ptr<const NativeCode>> MakeNative(const Program& program, const NativeOptions& options) {
  codegen::CodegenOptions what = ToCodegenOptions(options);
  return Make(program, what, options);
}

Status CompileNative(Engine& engine, const NativeOptions& options) { return CompileFor(engine, *engine.rules(), options); }

Result<bool> UseCachedNative(Engine& engine, const NativeOptions& options) {
  return UseCachedFor(engine, *engine.rules(), options);
}

Result<std::shared_ptr<const NativeCode>> CompileNativeValue(const Program& program, uint32_t node, const NativeOptions& options) {
  codegen::CodegenOptions what = ToCodegenOptions(options);
  what.values = {node};
  return Make(program, what, options);
}

NativeInBackground::~NativeInBackground() {
  if (thread_.joinable()) thread_.join();
}

void NativeInBackground::Start(const Engine& engine, const NativeOptions& options) {
  if (started()) return;
  thread_ = std::thread([this, shared = engine, rules = engine.rules(), options]() mutable {  // a copy of an Engine is the same
    status_ = Run(shared, *rules, options);
    done_.store(true, std::memory_order_release);
  });
}

Status NativeInBackground::Run(Engine& engine, const Program& program, const NativeOptions& options) {
  Result<bool> cached = UseCachedFor(engine, program, options);
  if (cached.ok() && cached.value()) return {};
  if (options.optimization > 0 && IsLarge(program)) {
    NativeOptions first = options;
    first.cache = nullptr;
    first.optimization = 0;
    Status made = CompileFor(engine, program, first);
    // What makes this fail will not let the other succeed.
    if (!made.ok()) return made;
    has_first_.store(true, std::memory_order_release);
  }
  return CompileFor(engine, program, options);
}

}  // namespace edict::compiler
