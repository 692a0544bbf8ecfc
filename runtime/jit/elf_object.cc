#include "runtime/jit/elf_object.h"

#include <algorithm>

namespace edict {
namespace {

// The text at `offset` of a table of names; false if it does not end there.
bool NameAt(std::string_view names, uint64_t offset, std::string_view& name) {
  if (offset >= names.size()) return false;
  const size_t end = names.find('\0', offset);
  if (end == std::string_view::npos) return false;
  name = names.substr(offset, end - offset);
  return true;
}

Status Load(const ElfObject& object, ElfSection& section) {
  constexpr uint64_t kKnownFlags = SHF_ALLOC | SHF_EXECINSTR | SHF_WRITE | SHF_MERGE | SHF_STRINGS;
  const Elf64_Shdr& h = section.header;
  // Written by relocations only.
  const bool writable = (h.sh_flags & SHF_WRITE) != 0 && !section.name.starts_with(".data.rel.ro");
  const bool aligned = h.sh_addralign <= kMaxElfAlignment && (h.sh_addralign & (h.sh_addralign - 1)) == 0;
  if (h.sh_type != SHT_PROGBITS || (h.sh_flags & ~kKnownFlags) != 0 || writable || !aligned) {
    return LinkFault("section " + std::string(section.name) + " is of a kind that is not known here");
  }
  section.bytes = object.Part(h.sh_offset, h.sh_size);
  if (section.bytes.size() != h.sh_size) return LinkFault("section " + std::string(section.name) + " is cut");
  section.loaded = true;
  section.executable = (h.sh_flags & SHF_EXECINSTR) != 0;
  return {};
}

Status ReadSections(ElfObject& object, const Elf64_Ehdr& header) {
  const Error damaged = LinkFault("the table of sections is damaged");
  Elf64_Shdr all{};
  all.sh_offset = header.e_shoff;
  all.sh_size = header.e_shnum * sizeof(Elf64_Shdr);
  for (uint64_t i = 0; i < header.e_shnum; ++i) {
    if (!object.Entry(all, i, object.sections.emplace_back().header)) return damaged;
  }
  if (header.e_shstrndx >= object.sections.size()) return damaged;
  const Elf64_Shdr& table = object.sections[header.e_shstrndx].header;
  const std::string_view names = object.Part(table.sh_offset, table.sh_size);
  for (ElfSection& section : object.sections) {
    if (!NameAt(names, section.header.sh_name, section.name)) return damaged;
    if (section.header.sh_type == SHT_REL) return LinkFault("it has relocations without addends");
    if (section.header.sh_type == SHT_SYMTAB) object.symbol_table = static_cast<uint64_t>(&section - object.sections.data());
    // An empty one, too, has an address: of an empty list.
    if ((section.header.sh_flags & SHF_ALLOC) == 0) continue;
    if (Status loaded = Load(object, section); !loaded.ok()) return loaded;
  }
  return {};
}

Status ReadSymbol(ElfObject& object, const Elf64_Sym& raw, std::string_view names) {
  ElfSymbol symbol;
  if (!NameAt(names, raw.st_name, symbol.name)) return LinkFault("the name of a symbol is damaged");
  const unsigned binding = ELF64_ST_BIND(raw.st_info);
  const unsigned type = ELF64_ST_TYPE(raw.st_info);
  if (type != STT_FILE) {
    symbol.global = binding == STB_GLOBAL;
    symbol.section = raw.st_shndx;
    symbol.value = raw.st_value;
  }
  const bool known_type = type == STT_NOTYPE || type == STT_OBJECT || type == STT_FUNC || type == STT_SECTION || type == STT_FILE;
  const bool known = (binding == STB_GLOBAL || binding == STB_LOCAL) && known_type && symbol.section < object.sections.size();
  if (!known || (symbol.section != 0 && symbol.value > object.sections[symbol.section].header.sh_size)) {
    return LinkFault("symbol " + std::string(symbol.name) + " is of a kind that is not known here");
  }
  object.symbols.push_back(symbol);
  return {};
}

Status ReadSymbols(ElfObject& object) {
  if (object.symbol_table == 0) return LinkFault("it has no symbols");
  const Elf64_Shdr& h = object.sections[object.symbol_table].header;
  if (h.sh_entsize != sizeof(Elf64_Sym) || h.sh_link >= object.sections.size()) {
    return LinkFault("the table of symbols is damaged");
  }
  const Elf64_Shdr& table = object.sections[h.sh_link].header;
  const std::string_view names = object.Part(table.sh_offset, table.sh_size);
  for (uint64_t i = 0; i < h.sh_size / sizeof(Elf64_Sym); ++i) {
    Elf64_Sym raw;
    if (!object.Entry(h, i, raw)) return LinkFault("the table of symbols is cut");
    if (Status read = ReadSymbol(object, raw, names); !read.ok()) return read;
  }
  return {};
}

Result<ElfObject> ReadObject(std::string_view bytes) {
  ElfObject object;
  object.bytes = bytes;
  Elf64_Ehdr header;
  if (bytes.size() < sizeof header || !bytes.starts_with(ELFMAG)) return LinkFault("it is no ELF object");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_REL ||
      header.e_machine != EM_X86_64 || header.e_shentsize != sizeof(Elf64_Shdr)) {
    return LinkFault("it is no relocatable object for x86-64");
  }
  if (Status read = ReadSections(object, header); !read.ok()) return read.error();
  if (Status read = ReadSymbols(object); !read.ok()) return read.error();
  return object;
}

}  // namespace

Error LinkFault(const std::string& what) { return Error{"cannot load native code: " + what}; }

// ar: after the magic, each member has a header of 60 characters, its size in decimal digits at 48, and begins at an even place.
Result<std::vector<ElfObject>> ReadElfObjects(std::string_view bytes) {
  constexpr size_t kHeader = 60;
  std::vector<ElfObject> objects;
  const bool archive = bytes.starts_with("!<arch>\n");
  for (size_t at = archive ? 8 : 0; at < bytes.size() || !archive;) {
    uint64_t size = bytes.size();
    if (archive) {
      if (bytes.size() - at < kHeader || bytes.substr(at + 58, 2) != "`\n") return LinkFault("the archive of objects is damaged");
      size = 0;
      for (const char c : bytes.substr(at + 48, 10)) {
        if (c >= '0' && c <= '9') size = size * 10 + static_cast<uint64_t>(c - '0');
      }
      at += kHeader;
      if (size > bytes.size() - at) return LinkFault("the archive of objects is cut");
    }
    Result<ElfObject> object = ReadObject(bytes.substr(at, size));
    if (!object.ok()) return object.error();
    objects.push_back(std::move(object.value()));
    if (!archive) break;
    at = std::min<size_t>(at + size + (size & 1), bytes.size());
  }
  return objects;
}

}  // namespace edict
