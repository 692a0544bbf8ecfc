// Native code for an engine: generated, loaded and handed over. Streams take it up at their next event.
#ifndef EDICT_COMPILER_NATIVE_H_
#define EDICT_COMPILER_NATIVE_H_

#include "runtime/base/result.h"
#include "runtime/engine.h"

namespace edict::compiler {

// Takes some milliseconds; the engine may judge events meanwhile.
Status CompileNative(const Program& program, Engine& engine);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_NATIVE_H_
