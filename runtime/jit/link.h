// Object files, linked into this process: the only place that maps executable memory, but for compiler/orc.
#ifndef EDICT_RUNTIME_JIT_LINK_H_
#define EDICT_RUNTIME_JIT_LINK_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace edict {

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

// Whether this machine is one that Link makes code for: x86-64 with Linux.
#if defined(__x86_64__) && defined(__linux__)
inline constexpr bool kLinks = true;
#else
inline constexpr bool kLinks = false;
#endif

// `object`: an ELF object file, or an archive (ar) of them, with the few kinds of sections and relocations that compiler/codegen
// makes; they may refer to each other and to NativeSymbols(). What it does not know, or what does not add up, is an Error: no byte
// is believed before it is checked. Code, constants and stubs are one mapping; when this returns, code is not writable, and
// constants are neither writable nor executable.
Result<std::unique_ptr<LinkedCode>> Link(std::string_view object, const std::vector<std::string>& names);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_LINK_H_
