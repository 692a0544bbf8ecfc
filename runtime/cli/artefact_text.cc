#include "runtime/cli/artefact_text.h"

#include "runtime/program/serialize.h"

namespace edict::cli {

std::string ArtefactText(const Artefact& artefact) {
  const Program& program = *artefact.program;
  std::string text = "rule set " + ToHex(ContentHashOf(program)) + ": ";
  text += program.package.empty() ? "no package" : "package " + program.package;
  if (!program.version.empty()) text += " " + program.version;
  text += ", " + std::to_string(program.events.size()) + " event types, " + std::to_string(Serialize(program).size()) + " bytes\n";
  if (artefact.objects.empty()) text += "no object code\n";
  for (const ObjectCode& object : artefact.objects) {
    const Status fits = Fits(object);
    text += "object code for " + object.cpu + ": " + std::to_string(object.bytes.size()) + " bytes, " +
            (fits.ok() ? "fits here" : "not for here: " + fits.error().message) + "\n";
  }
  return text;
}

}  // namespace edict::cli
