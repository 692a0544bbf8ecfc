// An ELF object for x86-64, or an archive of them, read: every offset, size, index and name that is here has been checked, and is
// of a kind that compiler/codegen makes. Relocations are read where they are applied (link.cc).
#ifndef EDICT_RUNTIME_JIT_ELF_OBJECT_H_
#define EDICT_RUNTIME_JIT_ELF_OBJECT_H_

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace edict {

// A section's is a power of two, at most this.
inline constexpr uint64_t kMaxElfAlignment = 4096;

Error LinkFault(const std::string& what);

struct ElfSection {
  Elf64_Shdr header{};
  std::string_view name;
  std::string_view bytes;  // of one that is to be loaded: it is code or a constant
  bool loaded = false;
  bool executable = false;
  uint64_t place = 0;  // for the linker: where it is among the code, or among the constants
};

struct ElfSymbol {
  std::string_view name;
  uint32_t section = 0;  // 0: not defined here
  uint64_t value = 0;    // within the section
  bool global = false;
};

// Refers to the bytes that it was read from.
struct ElfObject {
  std::vector<ElfSection> sections;
  std::vector<ElfSymbol> symbols;
  uint64_t symbol_table = 0;  // its section

  // A table's entry; false: the object is cut.
  template <typename T>
  bool Entry(const Elf64_Shdr& table, uint64_t i, T& out) const {
    const std::string_view part = Part(table.sh_offset, table.sh_size);
    if (i >= part.size() / sizeof(T)) return false;
    std::memcpy(&out, part.data() + i * sizeof(T), sizeof(T));
    return true;
  }
  // Empty: it is not all there.
  std::string_view Part(uint64_t offset, uint64_t size) const {
    if (offset > bytes.size() || size > bytes.size() - offset) return {};
    return bytes.substr(offset, size);
  }

  std::string_view bytes;
};

Result<std::vector<ElfObject>> ReadElfObjects(std::string_view bytes);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_ELF_OBJECT_H_
