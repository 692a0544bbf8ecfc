// What a shape says, by content: shapes of two Programs that accept the same values and take the same fuel for that have the
// same hash, whatever their numbers. For results that outlive a Program.
#ifndef EDICT_RUNTIME_PROGRAM_SHAPE_HASH_H_
#define EDICT_RUNTIME_PROGRAM_SHAPE_HASH_H_

#include <optional>

#include "runtime/base/hash.h"
#include "runtime/program/program.h"

namespace edict {

// Of the shape and all that it refers to. Nothing where checking a value depends on more than the value: a condition reads the
// state or the event.
std::optional<Hash128> ShapeHash(const Program& program, uint32_t shape);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_SHAPE_HASH_H_
