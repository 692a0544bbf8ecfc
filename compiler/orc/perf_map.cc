#include "compiler/orc/perf_map.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <string>

namespace edict {
namespace {

// Second names, which code generation adds for readers.
bool IsForReaders(const llvm::jitlink::Symbol& symbol) { return symbol.hasName() && symbol.getName().starts_with("edict:"); }

// Else they would be dropped: nothing refers to them.
llvm::Error KeepNames(llvm::jitlink::LinkGraph& graph) {
  for (llvm::jitlink::Symbol* symbol : graph.defined_symbols()) {
    if (IsForReaders(*symbol)) symbol->setLive(true);
  }
  return llvm::Error::success();
}

// perf knows the format: address and size in hexadecimal digits, name.
llvm::Error Append(llvm::jitlink::LinkGraph& graph) {
  std::map<uint64_t, const llvm::jitlink::Symbol*> functions;  // by address: one name each
  for (const llvm::jitlink::Symbol* symbol : graph.defined_symbols()) {
    if (!symbol->isCallable() || !symbol->hasName() || symbol->getSize() == 0) continue;
    const llvm::jitlink::Symbol*& known = functions[symbol->getAddress().getValue()];
    if (known == nullptr || IsForReaders(*symbol)) known = symbol;
  }
  std::string lines;
  for (const auto& [address, symbol] : functions) {
    char place[64];
    std::snprintf(place, sizeof place, "%llx %llx ", static_cast<unsigned long long>(address),
                  static_cast<unsigned long long>(symbol->getSize()));
    lines.append(place).append(symbol->getName().str()).append("\n");
  }
  const std::string path = "/tmp/perf-" + std::to_string(::getpid()) + ".map";
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return llvm::Error::success();
  struct stat info {};
  // One write: lines of several threads do not mix.
  if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == ::geteuid()) {
    [[maybe_unused]] const ssize_t written = ::write(fd, lines.data(), lines.size());
  }
  ::close(fd);
  return llvm::Error::success();
}

}  // namespace

void PerfMapPlugin::modifyPassConfig(llvm::orc::MaterializationResponsibility& /*responsibility*/,
                                     llvm::jitlink::LinkGraph& /*graph*/, llvm::jitlink::PassConfiguration& config) {
  config.PrePrunePasses.push_back(KeepNames);
  config.PostFixupPasses.push_back(Append);  // addresses are final
}

llvm::Error PerfMapPlugin::notifyFailed(llvm::orc::MaterializationResponsibility& /*responsibility*/) {
  return llvm::Error::success();
}
llvm::Error PerfMapPlugin::notifyRemovingResources(llvm::orc::JITDylib& /*dylib*/, llvm::orc::ResourceKey /*key*/) {
  return llvm::Error::success();
}
void PerfMapPlugin::notifyTransferringResources(llvm::orc::JITDylib& /*dylib*/, llvm::orc::ResourceKey /*to*/,
                                                llvm::orc::ResourceKey /*from*/) {}

}  // namespace edict
