#include "compiler/codegen/target.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>
#include <llvm/TargetParser/X86TargetParser.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "compiler/codegen/codegen.h"
#include "runtime/jit/cpu_features.h"

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
  host.features = llvm::join(features, ",");
  return host;
}

// The CPU with what of its features a runtime can ask a machine for (runtime/jit/cpu_features.h), and without the others.
Target Portable(const std::string& cpu, std::vector<std::string> features) {
  std::sort(features.begin(), features.end());
  for (std::string& feature : features) feature.insert(0, IsKnownCpuFeature(feature) ? "+" : "-");
  return {HostTarget().triple, cpu, llvm::join(features, ",")};
}

Target PortableHost() {
  std::vector<std::string> features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) {
    if (feature.second) features.push_back(feature.first().str());
  }
  return Portable(HostTarget().cpu, std::move(features));
}

}  // namespace

const Target& HostTarget() {
  static const Target host = FindHost();
  return host;
}

Result<Target> TargetFor(const std::string& cpu) {
  if (cpu.empty()) return HostTarget();
  const llvm::Triple triple(HostTarget().triple);
  if (triple.getArch() != llvm::Triple::x86_64 || !triple.isOSBinFormatELF()) {
    return Error{"object code for a CPU that is named is made on x86-64 only"};
  }
  if (cpu == "host") return PortableHost();
  if (llvm::X86::parseArchX86(cpu, /*Only64Bit=*/true) == llvm::X86::CK_None) {
    return Error{"no CPU of x86-64 is called \"" + cpu + "\": try host, x86-64, x86-64-v2, x86-64-v3 or x86-64-v4"};
  }
  llvm::SmallVector<llvm::StringRef, 64> features;
  llvm::X86::getFeaturesForCPU(cpu, features);
  return Portable(cpu, std::vector<std::string>(features.begin(), features.end()));
}

Result<std::unique_ptr<llvm::TargetMachine>> MakeTargetMachine(const Target& wanted) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(wanted.triple, error);
  if (target == nullptr) return Error{"no native code for " + wanted.triple + ": " + error};
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(wanted.triple, wanted.cpu, wanted.features, llvm::TargetOptions(), llvm::Reloc::PIC_));
  if (machine == nullptr) return Error{"no native code for " + wanted.triple};
  return machine;
}

Result<CpuNeeds> NeedsOf(const std::string& cpu) {
  Result<Target> target = TargetFor(cpu);
  if (!target.ok()) return target.error();
  CpuNeeds needs{target.value().cpu, {}};
  llvm::SmallVector<llvm::StringRef, 64> features;
  llvm::StringRef(target.value().features).split(features, ',');
  for (llvm::StringRef feature : features) {
    if (feature.consume_front("+")) needs.features.push_back(feature.str());
  }
  return needs;
}

}  // namespace edict::codegen
