// The options of commands that make native code.
#ifndef EDICT_RUNTIME_CLI_NATIVE_OPTIONS_H_
#define EDICT_RUNTIME_CLI_NATIVE_OPTIONS_H_

#include <string>

#include "compiler/native.h"
#include "runtime/cli/command_line.h"

namespace edict::cli {

struct NativeArguments {
  std::string object_cache;  // a folder, "off", or empty: the default folder
  LinkOptions link;
};

// --object-cache.
void AddObjectCacheOption(Command command, NativeArguments& arguments);
// --perf-map, --gdb.
void AddProfilerOptions(Command command, NativeArguments& arguments);
// Opens the cache: not for commands that will need no native code.
compiler::NativeOptions ToNativeOptions(const NativeArguments& arguments);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_NATIVE_OPTIONS_H_
