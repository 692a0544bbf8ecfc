// Files that are read or written as a whole.
#ifndef EDICT_RUNTIME_BASE_WHOLE_FILE_H_
#define EDICT_RUNTIME_BASE_WHOLE_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/result.h"

namespace edict {

// The first `size` bytes of a regular file, or fewer if it ends. Empty for what is none, or cannot be read.
std::string ReadBeginning(const std::string& path, size_t size);
// Of a regular file. The Error names it; also of one with more than `most` bytes.
Result<std::string> ReadWholeFile(const std::string& path, uint64_t most);
// All of it or nothing: other processes see the file as it was, or as it is. A link stays a link. The Error names the file.
Status WriteWholeFile(const std::string& path, std::string_view bytes);

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_WHOLE_FILE_H_
