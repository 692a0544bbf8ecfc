#include "compiler/orc/link_orc.h"

#include <llvm/BinaryFormat/Magic.h>
#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/DebugObjectManagerPlugin.h>
#include <llvm/ExecutionEngine/Orc/EPCDebugObjectRegistrar.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/TargetProcess/JITLoaderGDB.h>
#include <llvm/Object/Archive.h>
#include <llvm/Support/MemoryBuffer.h>

#include "compiler/orc/perf_map.h"
#include "runtime/interp/native_support.h"

namespace edict {
namespace {

// The session prints errors and gives a vaguer one to whoever asked: kept instead.
class Faults {
 public:
  void Keep(llvm::Error error) {
    const std::string text = llvm::toString(std::move(error));
    if (text_.empty()) text_ = text;
  }
  Error About(llvm::Error error) {
    const std::string text = llvm::toString(std::move(error));
    return Error{"cannot load native code: " + (text_.empty() ? text : text_)};
  }

 private:
  std::string text_;
};

class OrcCode : public LinkedCode {
 public:
  explicit OrcCode(std::unique_ptr<llvm::orc::ExecutorProcessControl> process)
      : session_(std::move(process)), layer_(session_), names_(session_.createBareJITDylib("edict")) {
    session_.setErrorReporter([this](llvm::Error error) { faults_.Keep(std::move(error)); });
  }
  ~OrcCode() override {
    if (llvm::Error error = session_.endSession()) faults_.Keep(std::move(error));
  }

  void Announce(const LinkOptions& options) {
    if (options.perf_map) layer_.addPlugin(std::make_shared<PerfMapPlugin>());
    if (!options.gdb) return;
    const auto address = llvm::orc::ExecutorAddr::fromPtr(&llvm_orc_registerJITLoaderGDBWrapper);
    auto registrar = std::make_unique<llvm::orc::EPCDebugObjectRegistrar>(session_, address);
    layer_.addPlugin(std::make_shared<llvm::orc::DebugObjectManagerPlugin>(session_, std::move(registrar), false, true));
  }

  llvm::Error DefineSupport() {
    llvm::orc::SymbolMap symbols;
    for (const auto& [name, address] : NativeSymbols()) {
      symbols[session_.intern(name)] = {llvm::orc::ExecutorAddr::fromPtr(address),
                                        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
    }
    return names_.define(llvm::orc::absoluteSymbols(std::move(symbols)));
  }

  llvm::Error AddObject(llvm::MemoryBufferRef object) {
    return layer_.add(names_, llvm::MemoryBuffer::getMemBufferCopy(object.getBuffer(), object.getBufferIdentifier()));
  }

  llvm::Error Add(std::string_view bytes) {
    const llvm::MemoryBufferRef buffer(llvm::StringRef(bytes.data(), bytes.size()), "edict");
    if (llvm::identify_magic(buffer.getBuffer()) != llvm::file_magic::archive) return AddObject(buffer);
    llvm::Expected<std::unique_ptr<llvm::object::Archive>> archive = llvm::object::Archive::create(buffer);
    if (!archive) return archive.takeError();
    llvm::Error fault = llvm::Error::success();
    for (const llvm::object::Archive::Child& child : (*archive)->children(fault)) {
      llvm::Expected<llvm::MemoryBufferRef> member = child.getMemoryBufferRef();
      // LLVM believes what the member's header says of its size.
      if (member && member->getBufferEnd() > buffer.getBufferEnd()) {
        member = llvm::createStringError(llvm::inconvertibleErrorCode(), "the archive of objects is cut");
      }
      llvm::Error error = member ? AddObject(*member) : member.takeError();
      if (error) return llvm::joinErrors(std::move(fault), std::move(error));
    }
    return fault;
  }

  // All at once: each lookup has a cost of its own.
  llvm::Error Resolve(const std::vector<std::string>& names) {
    llvm::orc::SymbolLookupSet wanted;
    for (const std::string& name : names) wanted.add(session_.intern(name));
    llvm::Expected<llvm::orc::SymbolMap> found =
        session_.lookup({{&names_, llvm::orc::JITDylibLookupFlags::MatchExportedSymbolsOnly}}, std::move(wanted));
    if (!found) return found.takeError();
    for (const std::string& name : names) addresses_.push_back((*found)[session_.intern(name)].getAddress().toPtr<void*>());
    return llvm::Error::success();
  }

  Faults& faults() { return faults_; }

 private:
  Faults faults_;
  llvm::orc::ExecutionSession session_;
  llvm::orc::ObjectLinkingLayer layer_;
  llvm::orc::JITDylib& names_;
};

}  // namespace

Result<std::unique_ptr<LinkedCode>> LinkOrc(std::string_view object, const std::vector<std::string>& names,
                                            const LinkOptions& options) {
  // On the caller's thread: LLVM's default starts a thread for every step.
  auto process = llvm::orc::SelfExecutorProcessControl::Create(nullptr, std::make_unique<llvm::orc::InPlaceTaskDispatcher>());
  if (!process) return Faults().About(process.takeError());
  auto code = std::make_unique<OrcCode>(std::move(*process));
  code->Announce(options);
  llvm::Error error = code->DefineSupport();
  if (!error) error = code->Add(object);
  if (!error) error = code->Resolve(names);
  if (error) return code->faults().About(std::move(error));
  return std::unique_ptr<LinkedCode>(std::move(code));
}

}  // namespace edict
