// Watching a stream being judged, for tools such as coverage. An observed engine runs the interpreter by a path of its
// own, so that others pay nothing for it.
#ifndef EDICT_RUNTIME_ENGINE_OBSERVER_H_
#define EDICT_RUNTIME_ENGINE_OBSERVER_H_

#include <cstdint>

#include "runtime/interp/interp.h"
#include "runtime/program/program.h"

namespace edict {

class EngineObserver {
 public:
  virtual ~EngineObserver() = default;
  // An event of good shape, its rules not run yet. `frame` reads the event, and the state before it.
  virtual void OnEvent(const Frame& frame, uint32_t event) = 0;
  // A rule applied to the event: it was not excused by `after` or `when`. Its clauses follow.
  virtual void OnCheck(const Check& check) = 0;
  // A clause was judged; one with loops: once for each element, until one fails.
  virtual void OnClause(const Check& check, uint32_t clause, bool passed) = 0;
  // A rule that applied is through: no clause failed or could not be evaluated.
  virtual void OnDone(const Check& check, bool passed) = 0;
  // A write was asked for.
  virtual void OnWrite(const Effect& effect) = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_OBSERVER_H_
