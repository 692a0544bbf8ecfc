#include "runtime/jit/link.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/jit/link_elf.h"
#if EDICT_WITH_COMPILER
#include "runtime/jit/link_orc.h"
#endif

namespace edict {

Status MayMapExecutableMemory() {
  const size_t size = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const bool may = page != MAP_FAILED && ::mprotect(page, size, PROT_READ | PROT_EXEC) == 0;
  const int fault = errno;
  if (page != MAP_FAILED) ::munmap(page, size);
  if (may) return {};
  return Error{std::string("no native code: this process may not map executable memory: ") + std::strerror(fault)};
}

Result<std::unique_ptr<LinkedCode>> Link(std::string_view object, const std::vector<std::string>& names,
                                         const LinkOptions& options) {
  const bool announced = options.perf_map || options.gdb;
#if EDICT_WITH_COMPILER
  if (announced || !kLinksElf) return LinkOrc(object, names, options);
#else
  if (announced) return Error{"only an edict with LLVM tells debuggers and profilers of native code"};
#endif
  return LinkElf(object, names);
}

}  // namespace edict
