// What becomes of a stream's state when another Program takes over: the declarations of both are compared by name and type.
// The result says where each declaration of the new Program takes its state from, and tells a person why.
#ifndef EDICT_RUNTIME_PROGRAM_COMPARE_STATE_H_
#define EDICT_RUNTIME_PROGRAM_COMPARE_STATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/program/program.h"

namespace edict {

// Of one declaration.
struct StateChange {
  enum class Fate : uint8_t { kKept, kMigrated, kReset, kNew, kDropped };
  Fate fate = Fate::kKept;
  std::string what;  // "state phase", "lifecycle message", "keep text of lifecycle message" ...
  std::string why;   // of kReset: "its type was int, and is string"; of kMigrated likewise
};
const char* FateName(StateChange::Fate fate);

struct StateCarry {
  // By index of the new Program: that of the old one whose state it takes over. kNone: it begins anew.
  std::vector<uint32_t> cells;
  std::vector<uint32_t> lifecycles;
  std::vector<uint32_t> documents;
  std::vector<uint32_t> windows;
  std::vector<uint32_t> timers;
  std::vector<uint32_t> scopes;
  // By lifecycle: of each of its keeps, that of the old lifecycle; kNone: it begins with its initial value.
  std::vector<std::vector<uint32_t>> keeps;
  // By cell and lifecycle: the new ordinal of each old one. Empty: they are the same, or there are none.
  std::vector<std::vector<uint32_t>> cell_ordinals;
  std::vector<std::vector<uint32_t>> life_ordinals;
  // By cell: the cell of the old Program whose value it is migrated from; it is then not in `cells`. kNone: none.
  std::vector<uint32_t> migrated;
  // In the order of the new Program, then what it has no longer.
  std::vector<StateChange> changes;
};

StateCarry CompareState(const Program& from, const Program& to);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_COMPARE_STATE_H_
