// Linking without LLVM: ELF objects for x86-64, with the few kinds of sections and relocations that compiler/codegen makes. What it
// does not know, or what does not add up, is an Error; no byte of the object is believed before it is checked.
#ifndef EDICT_RUNTIME_JIT_LINK_ELF_H_
#define EDICT_RUNTIME_JIT_LINK_ELF_H_

#include "runtime/jit/link.h"

namespace edict {

// Whether this machine is one that LinkElf makes code for.
#if defined(__x86_64__) && defined(__linux__)
inline constexpr bool kLinksElf = true;
#else
inline constexpr bool kLinksElf = false;
#endif

// Code, constants and stubs are one mapping; code is not writable, and constants are neither writable nor executable, before this
// returns.
Result<std::unique_ptr<LinkedCode>> LinkElf(std::string_view object, const std::vector<std::string>& names);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_LINK_ELF_H_
