#include "runtime/jit/link.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "runtime/interp/native_support.h"
#include "runtime/jit/elf_object.h"

namespace edict {
namespace {

// A relative call of 32 bits does not reach the runtime: it goes to a stub beside the code, `jmp *[rip + 0]` and the address.
constexpr uint64_t kStubBytes = 16;
constexpr unsigned char kStub[6] = {0xff, 0x25, 0, 0, 0, 0};

uint64_t AlignUp(uint64_t n, uint64_t alignment) { return (n + alignment - 1) / alignment * alignment; }

class Mapping : public LinkedCode {
 public:
  ~Mapping() override {
    if (begin != nullptr) ::munmap(begin, size);
  }
  void Add(char* address) { addresses_.push_back(address); }

  char* begin = nullptr;
  uint64_t size = 0;
};

class Linker {
 public:
  explicit Linker(std::vector<ElfObject> objects) : objects_(std::move(objects)) {}
  Result<std::unique_ptr<LinkedCode>> Link(const std::vector<std::string>& names);

 private:
  struct Definition {
    const ElfObject* object;
    const ElfSymbol* symbol;
  };

  Status Place();
  Status Define(const ElfObject& object);
  Status Map();
  void MakeStubs();
  Status Relocate(const ElfObject& object, const ElfSection& relocations);
  Status Relocate(const ElfObject& object, const ElfSection& target, const Elf64_Rela& relocation);
  Status Take(const std::string& name);
  Status Protect();

  char* AddressOf(const ElfSection& section) const {
    return mapping_->begin + (section.executable ? 0 : code_bytes_) + section.place;
  }
  // Null: of no section that is loaded.
  char* AddressOf(const Definition& definition) const {
    const ElfSection& section = definition.object->sections[definition.symbol->section];
    return section.loaded ? AddressOf(section) + definition.symbol->value : nullptr;
  }
  // What the symbol stands for, and what a relative call of it is to go to; null: nobody defines it.
  struct Target {
    char* address = nullptr;
    char* callee = nullptr;
  };
  Target Resolve(const Definition& reference) const;

  std::vector<ElfObject> objects_;
  std::unordered_map<std::string_view, Definition> defined_;
  std::unordered_map<std::string_view, char*> support_;   // of the runtime, as far as objects ask for it
  std::unordered_map<std::string_view, uint64_t> stubs_;  // of those: their places in the code
  uint64_t code_bytes_ = 0;
  uint64_t constant_bytes_ = 0;
  std::unique_ptr<Mapping> mapping_ = std::make_unique<Mapping>();
};

Status Linker::Place() {
  for (ElfObject& object : objects_) {
    for (ElfSection& section : object.sections) {
      if (!section.loaded) continue;
      uint64_t& end = section.executable ? code_bytes_ : constant_bytes_;
      section.place = AlignUp(end, std::max<uint64_t>(section.header.sh_addralign, 1));
      end = section.place + section.bytes.size();
    }
    if (Status defined = Define(object); !defined.ok()) return defined;
  }
  return {};
}

Status Linker::Define(const ElfObject& object) {
  for (const ElfSymbol& symbol : object.symbols) {
    if (!symbol.global) continue;
    if (symbol.section == 0) {
      support_.emplace(symbol.name, nullptr);
    } else if (!defined_.emplace(symbol.name, Definition{&object, &symbol}).second) {
      return LinkFault(std::string(symbol.name) + " is defined twice");
    }
  }
  return {};
}

// Stubs stand behind the code, constants from the next page on.
Status Linker::Map() {
  const uint64_t page = std::max<uint64_t>(static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)), kMaxElfAlignment);
  code_bytes_ = AlignUp(code_bytes_, kStubBytes);
  for (const auto& [name, address] : support_) {
    if (address == nullptr) continue;
    stubs_.emplace(name, code_bytes_);
    code_bytes_ += kStubBytes;
  }
  code_bytes_ = AlignUp(code_bytes_, page);
  mapping_->size = code_bytes_ + AlignUp(constant_bytes_, page);
  if (mapping_->size == 0 || mapping_->size > INT32_MAX) return LinkFault("it has no code, or more than 2 GiB");
  void* begin = ::mmap(nullptr, mapping_->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) return LinkFault(std::strerror(errno));
  mapping_->begin = static_cast<char*>(begin);
  for (const ElfObject& object : objects_) {
    for (const ElfSection& section : object.sections) {
      if (section.loaded) std::memcpy(AddressOf(section), section.bytes.data(), section.bytes.size());
    }
  }
  return {};
}

void Linker::MakeStubs() {
  for (const auto& [name, place] : stubs_) {
    char* stub = mapping_->begin + place;
    std::memcpy(stub, kStub, sizeof kStub);
    std::memcpy(stub + sizeof kStub, &support_[name], sizeof(char*));
  }
}

Linker::Target Linker::Resolve(const Definition& reference) const {
  const std::string_view name = reference.symbol->name;
  if (reference.symbol->section != 0) {
    char* address = AddressOf(reference);
    return {address, address};
  }
  if (const auto found = defined_.find(name); found != defined_.end()) {
    char* address = AddressOf(found->second);
    return {address, address};
  }
  const auto stub = stubs_.find(name);
  if (stub == stubs_.end()) return {};
  return {support_.at(name), mapping_->begin + stub->second};
}

Status Linker::Relocate(const ElfObject& object, const ElfSection& relocations) {
  const Elf64_Shdr& h = relocations.header;
  if (h.sh_info >= object.sections.size() || h.sh_link != object.symbol_table || h.sh_entsize != sizeof(Elf64_Rela)) {
    return LinkFault("a table of relocations is damaged");
  }
  const ElfSection& target = object.sections[h.sh_info];
  if (!target.loaded) return {};
  for (uint64_t i = 0; i < h.sh_size / sizeof(Elf64_Rela); ++i) {
    Elf64_Rela relocation;
    if (!object.Entry(h, i, relocation)) return LinkFault("a table of relocations is cut");
    if (Status done = Relocate(object, target, relocation); !done.ok()) return done;
  }
  return {};
}

Status Linker::Relocate(const ElfObject& object, const ElfSection& target, const Elf64_Rela& relocation) {
  const uint64_t type = ELF64_R_TYPE(relocation.r_info);
  if (type != R_X86_64_64 && type != R_X86_64_PC32 && type != R_X86_64_PLT32) {
    return LinkFault("relocation " + std::to_string(type) + " is not known here");
  }
  const uint64_t width = type == R_X86_64_64 ? 8 : 4;
  const uint64_t number = ELF64_R_SYM(relocation.r_info);
  if (number >= object.symbols.size() || relocation.r_offset > target.bytes.size() ||
      width > target.bytes.size() - relocation.r_offset) {
    return LinkFault("a relocation is damaged");
  }
  const ElfSymbol& symbol = object.symbols[number];
  const Target to = Resolve({&object, &symbol});
  if (to.address == nullptr) return LinkFault("nobody defines symbol " + std::string(symbol.name));
  char* at = AddressOf(target) + relocation.r_offset;
  uint64_t value = reinterpret_cast<uintptr_t>(type == R_X86_64_PLT32 ? to.callee : to.address);
  value += static_cast<uint64_t>(relocation.r_addend);
  if (type != R_X86_64_64) {
    value -= reinterpret_cast<uintptr_t>(at);
    if (static_cast<int64_t>(value) != static_cast<int32_t>(value)) return LinkFault(std::string(symbol.name) + " is too far away");
  }
  std::memcpy(at, &value, width);
  return {};
}

Status Linker::Take(const std::string& name) {
  const auto found = defined_.find(name);
  if (found == defined_.end()) return LinkFault("it does not define " + name);
  const ElfSymbol& symbol = *found->second.symbol;
  const ElfSection& section = found->second.object->sections[symbol.section];
  if (!section.executable || symbol.value >= section.bytes.size()) return LinkFault(name + " is no function");
  mapping_->Add(AddressOf(found->second));
  return {};
}

Status Linker::Protect() {
  const uint64_t constants = mapping_->size - code_bytes_;
  const bool code = code_bytes_ == 0 || ::mprotect(mapping_->begin, code_bytes_, PROT_READ | PROT_EXEC) == 0;
  if (code && (constants == 0 || ::mprotect(mapping_->begin + code_bytes_, constants, PROT_READ) == 0)) return {};
  return LinkFault(std::strerror(errno));
}

Result<std::unique_ptr<LinkedCode>> Linker::Link(const std::vector<std::string>& names) {
  if (Status placed = Place(); !placed.ok()) return placed.error();
  for (const auto& [name, address] : NativeSymbols()) {
    const auto wanted = support_.find(name);
    if (wanted != support_.end() && defined_.count(name) == 0) wanted->second = static_cast<char*>(address);
  }
  if (Status mapped = Map(); !mapped.ok()) return mapped.error();
  MakeStubs();
  for (const ElfObject& object : objects_) {
    for (const ElfSection& section : object.sections) {
      if (section.header.sh_type != SHT_RELA) continue;
      if (Status done = Relocate(object, section); !done.ok()) return done.error();
    }
  }
  for (const std::string& name : names) {
    if (Status taken = Take(name); !taken.ok()) return taken.error();
  }
  if (Status done = Protect(); !done.ok()) return done.error();
  return std::unique_ptr<LinkedCode>(std::move(mapping_));
}

}  // namespace

Status MayMapExecutableMemory() {
  const size_t size = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const bool may = page != MAP_FAILED && ::mprotect(page, size, PROT_READ | PROT_EXEC) == 0;
  const int fault = errno;
  if (page != MAP_FAILED) ::munmap(page, size);
  if (may) return {};
  return Error{std::string("no native code: this process may not map executable memory: ") + std::strerror(fault)};
}

Result<std::unique_ptr<LinkedCode>> Link(std::string_view object, const std::vector<std::string>& names) {
  if (!kLinks) return LinkFault("on this machine it takes an edict with LLVM");
  Result<std::vector<ElfObject>> objects = ReadElfObjects(object);
  if (!objects.ok()) return objects.error();
  return Linker(std::move(objects.value())).Link(names);
}

}  // namespace edict
