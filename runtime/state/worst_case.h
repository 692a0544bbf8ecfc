// The most memory that each declaration of state can take in one stream, by its bounds.
#ifndef EDICT_RUNTIME_STATE_WORST_CASE_H_
#define EDICT_RUNTIME_STATE_WORST_CASE_H_

#include <cstdint>

#include "runtime/program/program.h"
#include "runtime/state/stream_state.h"

namespace edict {

// Bytes. Strings without a bound of their own count as long as `limits` lets them be; numbers that large stop at 2^63.
uint64_t MostBytes(const Cell& cell, const StateLimits& limits);
uint64_t MostBytes(const Lifecycle& lifecycle, const StateLimits& limits);
uint64_t MostBytes(const Document& document);
// Of all of them and what is there anyway; never more than limits.total_bytes, which the engine enforces.
uint64_t MostBytes(const Program& program, const StateLimits& limits);

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_WORST_CASE_H_
