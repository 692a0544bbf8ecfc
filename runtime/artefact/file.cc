// Artefacts as files.
#include "runtime/artefact/artefact.h"
#include "runtime/base/whole_file.h"

namespace edict {

bool IsArtefactFile(const std::string& path) { return IsArtefact(ReadBeginning(path, 8)); }

Result<Artefact> ReadArtefact(const std::string& path) {
  const Result<std::string> bytes = ReadWholeFile(path, kMaxArtefactBytes);
  if (!bytes.ok()) return bytes.error();
  Result<Artefact> artefact = DecodeArtefact(bytes.value());
  if (!artefact.ok()) return Error{path + ": " + artefact.error().message};
  return artefact;
}

Result<uint64_t> WriteArtefact(const std::string& path, const Artefact& artefact) {
  const std::string bytes = EncodeArtefact(artefact);
  if (bytes.size() > kMaxArtefactBytes) {
    return Error{"the artefact would have more than " + std::to_string(kMaxArtefactBytes) + " bytes: name fewer CPUs"};
  }
  Status written = WriteWholeFile(path, bytes);
  if (!written.ok()) return written.error();
  return bytes.size();
}

}  // namespace edict
