// Object files, linked into this process. With link_elf and link_orc the only place that maps executable memory.
#ifndef EDICT_RUNTIME_JIT_LINK_H_
#define EDICT_RUNTIME_JIT_LINK_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace edict {

// What other programs are told of the code. It costs nothing where it is off.
struct LinkOptions {
  // Appends the functions to /tmp/perf-<pid>.map, where `perf report` looks for names. Default off.
  bool perf_map = false;
  // Registers the code, with its symbols, at GDB's interface for such code. Default off.
  bool gdb = false;
};

// The code lives as long as this.
class LinkedCode {
 public:
  virtual ~LinkedCode() = default;
  // In the order of the names that were asked for.
  const std::vector<void*>& addresses() const { return addresses_; }

 protected:
  std::vector<void*> addresses_;
};

// Whether this process may map memory and make it executable; some systems (SELinux, seccomp, MDWE) do not let it. Cheap: to be
// asked before code is made that could not be used.
Status MayMapExecutableMemory();

// `object`: an object file, or an archive (ar) of them, which may refer to each other and to NativeSymbols().
Result<std::unique_ptr<LinkedCode>> Link(std::string_view object, const std::vector<std::string>& names,
                                         const LinkOptions& options = {});

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_LINK_H_
