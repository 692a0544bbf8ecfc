// The overloads of builtins by name, for calls that are made or recognised here. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_OVERLOAD_H_
#define EDICT_COMPILER_IR_OVERLOAD_H_

#include <cstdint>

namespace edict::ir {

enum Overload : uint32_t {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) k##symbol,
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_OVERLOAD_H_
