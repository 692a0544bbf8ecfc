#include "compiler/codegen/archive.h"

#include <llvm/Object/ArchiveWriter.h>

namespace edict::codegen {

Result<std::string> JoinObjects(std::vector<std::string> objects) {
  if (objects.size() == 1) return std::move(objects[0]);
  std::vector<std::string> names;
  for (size_t i = 0; i < objects.size(); ++i) names.push_back(std::to_string(i) + ".o");
  std::vector<llvm::NewArchiveMember> members;
  for (size_t i = 0; i < objects.size(); ++i) members.emplace_back(llvm::MemoryBufferRef(objects[i], names[i]));
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> archive = llvm::writeArchiveToBuffer(
      members, llvm::SymtabWritingMode::NoSymtab, llvm::object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false);
  if (!archive) return Error{"cannot write an archive: " + llvm::toString(archive.takeError())};
  return (*archive)->getBuffer().str();
}

}  // namespace edict::codegen
