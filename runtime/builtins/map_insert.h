// Adding an entry to a map, for the builtin and for comprehensions that grow a map of their own.
#ifndef EDICT_RUNTIME_BUILTINS_MAP_INSERT_H_
#define EDICT_RUNTIME_BUILTINS_MAP_INSERT_H_

#include "runtime/builtins/context.h"

namespace edict {

// Takes the fuel for looking through the map. The error if `key` cannot be added to it (fuel, the key's type, a key that is
// there); kAbsent if it can.
Value CheckInsert(const Value& map, const Value& key, EvalContext& context);

}  // namespace edict

#endif  // EDICT_RUNTIME_BUILTINS_MAP_INSERT_H_
