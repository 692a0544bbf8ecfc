#include "compiler/codegen/target.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/MC/MCSubtargetInfo.h>
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

// The CPU with what of its features a runtime can ask a machine for (runtime/jit/cpu_features.h), and without the others. The
// host's table names all features that change what instructions there are; the rest is LLVM's advice on which are fast.
Result<Target> Portable(const Target& cpu) {
  const Result<std::unique_ptr<llvm::TargetMachine>> machine = MakeTargetMachine(cpu);
  if (!machine.ok()) return machine.error();
  const llvm::StringMap<bool> instructions = llvm::sys::getHostCPUFeatures();
  std::vector<std::string> features;
  for (const llvm::SubtargetFeatureKV& feature : machine.value()->getMCSubtargetInfo()->getEnabledProcessorFeatures()) {
    if (IsKnownCpuFeature(feature.Key)) {
      features.push_back(std::string("+") + feature.Key);
    } else if (instructions.count(feature.Key) != 0) {
      features.push_back(std::string("-") + feature.Key);
    }
  }
  std::sort(features.begin(), features.end());
  return Target{cpu.triple, cpu.cpu, llvm::join(features, ",")};
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
  if (cpu == "host") return Portable(HostTarget());
  if (llvm::X86::parseArchX86(cpu, /*Only64Bit=*/true) == llvm::X86::CK_None) {
    return Error{"no CPU of x86-64 is called \"" + cpu + "\": try host, x86-64, x86-64-v2, x86-64-v3 or x86-64-v4"};
  }
  return Portable({HostTarget().triple, cpu, {}});
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
