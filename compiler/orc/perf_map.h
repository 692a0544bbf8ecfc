// Tells Linux `perf` the names of native functions.
#ifndef EDICT_COMPILER_ORC_PERF_MAP_H_
#define EDICT_COMPILER_ORC_PERF_MAP_H_

#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>

namespace edict {

// Appends a line for each function of what is linked to /tmp/perf-<pid>.map. A file that cannot be written, or is another
// user's, is left alone.
class PerfMapPlugin : public llvm::orc::ObjectLinkingLayer::Plugin {
 public:
  void modifyPassConfig(llvm::orc::MaterializationResponsibility& responsibility, llvm::jitlink::LinkGraph& graph,
                        llvm::jitlink::PassConfiguration& config) override;
  llvm::Error notifyFailed(llvm::orc::MaterializationResponsibility& responsibility) override;
  llvm::Error notifyRemovingResources(llvm::orc::JITDylib& dylib, llvm::orc::ResourceKey key) override;
  void notifyTransferringResources(llvm::orc::JITDylib& dylib, llvm::orc::ResourceKey to, llvm::orc::ResourceKey from) override;
};

}  // namespace edict

#endif  // EDICT_COMPILER_ORC_PERF_MAP_H_
