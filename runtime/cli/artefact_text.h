// What commands say of a built artefact.
#ifndef EDICT_RUNTIME_CLI_ARTEFACT_TEXT_H_
#define EDICT_RUNTIME_CLI_ARTEFACT_TEXT_H_

#include <string>

#include "runtime/artefact/artefact.h"

namespace edict::cli {

// The rule set with its hash, and each object code with whether it fits here; a line each.
std::string ArtefactText(const Artefact& artefact);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_ARTEFACT_TEXT_H_
