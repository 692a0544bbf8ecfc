#include "compiler/codegen/target.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>

#include <algorithm>
#include <mutex>
#include <vector>

namespace edict::codegen {
namespace {

Target FindHost() {
  Target host{llvm::sys::getDefaultTargetTriple(), llvm::sys::getHostCPUName().str(), {}};
  std::vector<std::string> features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) {
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  }
  // LLVM's map has no order of its own, and the text identifies objects on disk.
  std::sort(features.begin(), features.end());
  for (const std::string& feature : features) host.features.append(host.features.empty() ? "" : ",").append(feature);
  return host;
}

}  // namespace

const Target& HostTarget() {
  static const Target host = FindHost();
  return host;
}

Result<std::unique_ptr<llvm::TargetMachine>> MakeTargetMachine() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  const Target& host = HostTarget();
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(host.triple, error);
  if (target == nullptr) return Error{"no native code for " + host.triple + ": " + error};
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(host.triple, host.cpu, host.features, llvm::TargetOptions(), llvm::Reloc::PIC_));
  if (machine == nullptr) return Error{"no native code for " + host.triple};
  return machine;
}

}  // namespace edict::codegen
