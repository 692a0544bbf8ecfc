#include "runtime/cli/native_options.h"

namespace edict::cli {

void AddObjectCacheOption(Command command, NativeArguments& arguments) {
  command
      .Add("--object-cache", arguments.object_cache,
           "folder where native code is kept for the next start (default $EDICT_CACHE_DIR, $XDG_CACHE_HOME/edict or "
           "~/.cache/edict), or off")
      .TypeName("FOLDER|off");
}

void AddProfilerOptions(Command command, NativeArguments& arguments) {
  command.AddFlag("--perf-map", arguments.link.perf_map, "name native code for `perf report`, in /tmp/perf-PID.map");
  command.AddFlag("--gdb", arguments.link.gdb, "tell GDB of native code, and which lines of the rules it is made of");
}

compiler::NativeOptions ToNativeOptions(const NativeArguments& arguments) {
  compiler::NativeOptions options;
  options.link = arguments.link;
  if (arguments.object_cache == "off") return options;
  options.cache =
      std::make_shared<ObjectCache>(arguments.object_cache.empty() ? DefaultObjectCacheFolder() : arguments.object_cache);
  return options;
}

}  // namespace edict::cli
