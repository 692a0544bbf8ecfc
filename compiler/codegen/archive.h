// Several object files as one.
#ifndef EDICT_COMPILER_CODEGEN_ARCHIVE_H_
#define EDICT_COMPILER_CODEGEN_ARCHIVE_H_

#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace edict::codegen {

// A single one as it is; more as an archive (ar), without index, dates and owners.
Result<std::string> JoinObjects(std::vector<std::string> objects);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_ARCHIVE_H_
