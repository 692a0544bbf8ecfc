#include "runtime/jit/native_code.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>

#include <mutex>
#include <string>

#include "runtime/interp/native_support.h"

namespace edict {
namespace {

class OrcCode : public NativeCode {
 public:
  explicit OrcCode(std::unique_ptr<llvm::orc::LLJIT> jit) : jit_(std::move(jit)) {}
  std::vector<VerdictFunction>& mutable_verdicts() { return verdicts_; }
  std::vector<EventFunction>& mutable_events() { return events_; }
  std::vector<ValueFunction>& mutable_values() { return values_; }
  llvm::orc::LLJIT& jit() { return *jit_; }

 private:
  std::unique_ptr<llvm::orc::LLJIT> jit_;
};

Error ToError(llvm::Error error) { return Error{"cannot load native code: " + llvm::toString(std::move(error))}; }

llvm::Error DefineSupport(llvm::orc::LLJIT& jit) {
  llvm::orc::SymbolMap symbols;
  for (const auto& [name, address] : NativeSymbols()) {
    symbols[jit.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                                          llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  }
  return jit.getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols)));
}

}  // namespace

Result<std::shared_ptr<const NativeCode>> LoadNativeCode(std::string_view object, size_t event_count, size_t value_count) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit = llvm::orc::LLJITBuilder().create();
  if (!jit) return ToError(jit.takeError());
  auto code = std::make_shared<OrcCode>(std::move(*jit));
  if (llvm::Error error = DefineSupport(code->jit())) return ToError(std::move(error));
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(object.data(), object.size()), "edict");
  if (llvm::Error error = code->jit().addObjectFile(std::move(buffer))) return ToError(std::move(error));
  for (size_t i = 0; i < event_count; ++i) {
    auto symbol = code->jit().lookup("edict_verdict_" + std::to_string(i));
    if (!symbol) return ToError(symbol.takeError());
    code->mutable_verdicts().push_back(symbol->toPtr<VerdictFunction>());
    auto event = code->jit().lookup("edict_event_" + std::to_string(i));
    if (!event) return ToError(event.takeError());
    code->mutable_events().push_back(event->toPtr<EventFunction>());
  }
  for (size_t i = 0; i < value_count; ++i) {
    auto symbol = code->jit().lookup("edict_value_" + std::to_string(i));
    if (!symbol) return ToError(symbol.takeError());
    code->mutable_values().push_back(symbol->toPtr<ValueFunction>());
  }
  return std::shared_ptr<const NativeCode>(std::move(code));
}

}  // namespace edict
