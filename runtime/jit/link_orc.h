// Linking by LLVM's ORC: for every machine that LLVM knows, and with what debuggers and profilers want to be told. Only in builds
// with the compiler.
#ifndef EDICT_RUNTIME_JIT_LINK_ORC_H_
#define EDICT_RUNTIME_JIT_LINK_ORC_H_

#include "runtime/jit/link.h"

namespace edict {

Result<std::unique_ptr<LinkedCode>> LinkOrc(std::string_view object, const std::vector<std::string>& names,
                                            const LinkOptions& options);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_LINK_ORC_H_
