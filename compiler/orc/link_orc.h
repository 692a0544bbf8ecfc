// Linking by LLVM's ORC in place of runtime/jit/link.h: for every machine that LLVM knows, and with what debuggers and profilers
// want to be told.
#ifndef EDICT_COMPILER_ORC_LINK_ORC_H_
#define EDICT_COMPILER_ORC_LINK_ORC_H_

#include "runtime/jit/link.h"

namespace edict {

// What other programs are told of the code. It costs nothing where it is off.
struct LinkOptions {
  // Appends the functions to /tmp/perf-<pid>.map, where `perf report` looks for names. Default off.
  bool perf_map = false;
  // Registers the code, with its symbols and the lines of the rules that it is made of, at GDB's interface for such code.
  // Default off.
  bool gdb = false;
};

Result<std::unique_ptr<LinkedCode>> LinkOrc(std::string_view object, const std::vector<std::string>& names,
                                            const LinkOptions& options);

}  // namespace edict

#endif  // EDICT_COMPILER_ORC_LINK_ORC_H_
