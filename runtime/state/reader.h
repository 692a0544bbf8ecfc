// What expressions can ask of a stream's state. Strings and lists that come back live until the state next changes.
#ifndef EDICT_RUNTIME_STATE_READER_H_
#define EDICT_RUNTIME_STATE_READER_H_

#include <cstdint>

#include "runtime/base/arena.h"
#include "runtime/value/value.h"

namespace edict {

// Indices are those of Program::cells, lifecycles and scopes; keys are scalars; `state` kNone means any but absent.
class StateReader {
 public:
  virtual ~StateReader() = default;

  // A scalar's value; kAbsent when unset.
  virtual Value Cell(uint32_t cell) const = 0;
  // The entry of a map. kAbsent: there is no such key; an empty kOptional: the key is stored without a value.
  virtual Value Entry(uint32_t cell, const Value& key) const = 0;
  virtual bool EntryHas(uint32_t cell, const Value& key) const = 0;  // maps and sets
  virtual uint32_t CellSize(uint32_t cell) const = 0;
  virtual Value CellKeys(uint32_t cell, Arena& arena) const = 0;  // list in insertion order
  // The ordinal of the lifecycle's state for its keys (as many as it declares); 0: absent.
  virtual uint32_t LifeState(uint32_t lifecycle, const Value* keys) const = 0;
  virtual uint64_t LifeCount(uint32_t lifecycle, uint32_t state) const = 0;
  // List of keys in insertion order; of composite keys, a list of lists.
  virtual Value LifeKeys(uint32_t lifecycle, uint32_t state, Arena& arena) const = 0;
  // What the lifecycle keeps for its keys; the initial value where they are absent.
  virtual Value LifeKeep(uint32_t lifecycle, uint32_t keep, const Value* keys) const = 0;
  // Whether all of a text that is kept is there.
  virtual bool LifeComplete(uint32_t lifecycle, uint32_t keep, const Value* keys) const = 0;
  // The document's value; kAbsent while it is not known.
  virtual Value Document(uint32_t document) const = 0;
  // Why the patch does not apply to the document: a map of reason, index, op, path and member. Null: it applies. kAbsent:
  // finding out takes more than `work` steps. `work` is left at the steps taken.
  virtual Value PatchFault(uint32_t document, const Value& patch, uint64_t& work, Arena& arena) const = 0;
  // The window's value at the event's time. kAbsent: min and max of nothing, or a sum beyond int64. `walked` gets how many
  // entries were looked at.
  virtual Value Window(uint32_t window, const Value* keys, uint32_t* walked) const = 0;
  // Whether the timer has begun for its keys and the event's time is not past what is due.
  virtual bool Armed(uint32_t timer, const Value* keys) const = 0;
  virtual bool ScopeOpen(uint32_t scope) const = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_READER_H_
