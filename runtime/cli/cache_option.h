// --cache auto|on|off, and what --stats says of the cache.
#ifndef EDICT_RUNTIME_CLI_CACHE_OPTION_H_
#define EDICT_RUNTIME_CLI_CACHE_OPTION_H_

#include <string>

#include "runtime/cli/command_line.h"
#include "runtime/engine.h"

namespace edict::cli {

// `mode` holds the default.
void AddCacheOption(Command command, std::string& mode);
CacheMode ToCacheMode(const std::string& mode);

// One line. "": nobody has looked for anything.
std::string CacheStatsText(const CacheStats& stats);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_CACHE_OPTION_H_
