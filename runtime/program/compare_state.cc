#include "runtime/program/compare_state.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace edict {
namespace {

using Fate = StateChange::Fate;
using Names = std::vector<std::string>;

template <typename T>
uint32_t FindNamed(const std::vector<T>& declared, const std::string& name) {
  const auto found = std::find_if(declared.begin(), declared.end(), [&](const T& one) { return one.name == name; });
  return found == declared.end() ? kNone : static_cast<uint32_t>(found - declared.begin());
}

std::string KindText(Kind rep) { return rep == Node::kAny ? "any" : KindName(rep); }

// idle | active
std::string Alternatives(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " | ") + name;
  return text;
}

std::string TypeText(const Program& program, const Cell& cell) {
  const std::string value =
      (cell.enum_id != kNone ? Alternatives(program.enums[cell.enum_id].names) : KindText(cell.rep)) + (cell.optional ? "?" : "");
  switch (cell.kind) {
    case CellKind::kSet:
      return "set<" + KindText(cell.key_rep) + ">";
    case CellKind::kMap:
      return "map<" + KindText(cell.key_rep) + ", " + value + ">";
    case CellKind::kScalar:
      break;
  }
  return value;
}

const char* FunctionName(WindowFunction function) {
  switch (function) {
    case WindowFunction::kCount:
      return "count";
    case WindowFunction::kSum:
      return "sum";
    case WindowFunction::kMin:
      return "min";
    case WindowFunction::kMax:
      return "max";
    case WindowFunction::kDistinct:
      return "distinct";
    case WindowFunction::kRate:
      return "rate";
  }
  return "?";
}

std::string TypeText(const Window& window) {
  const bool of_numbers =
      window.function == WindowFunction::kSum || window.function == WindowFunction::kMin || window.function == WindowFunction::kMax;
  return std::string(FunctionName(window.function)) + (of_numbers ? " of " + KindText(window.rep) : "") + " by " +
         std::to_string(window.key_count) + " keys" + (window.tumbling ? ", tumbling" : "");
}

// The new ordinal of each old one, or nothing where the states are not the same. `more`: there may be new ones.
std::optional<std::vector<uint32_t>> Ordinals(const Names& from, const Names& to, bool more) {
  if (from.size() > to.size() || (from.size() < to.size() && !more)) return std::nullopt;
  std::vector<uint32_t> ordinals;
  for (const std::string& name : from) {
    const auto found = std::find(to.begin(), to.end(), name);
    if (found == to.end()) return std::nullopt;
    ordinals.push_back(static_cast<uint32_t>(found - to.begin()));
  }
  return ordinals;
}

bool InOrder(const std::vector<uint32_t>& ordinals) {
  for (uint32_t i = 0; i < ordinals.size(); ++i) {
    if (ordinals[i] != i) return false;
  }
  return true;
}

class Comparison {
 public:
  Comparison(const Program& from, const Program& to) : from_(from), to_(to) {}

  StateCarry Run() && {
    for (const Scope& scope : to_.scopes) AddScope(scope);
    for (const Cell& cell : to_.cells) AddCell(cell);
    for (const Lifecycle& lifecycle : to_.lifecycles) AddLifecycle(lifecycle);
    for (const Document& document : to_.documents) AddDocument(document);
    for (const Window& window : to_.windows) AddWindow(window);
    for (const Timer& timer : to_.timers) AddTimer(timer);
    NoteDropped();
    return std::move(carry_);
  }

 private:
  void Note(Fate fate, std::string what, std::string why = "") {
    carry_.changes.push_back({fate, std::move(what), std::move(why)});
  }

  // Whether what stood in one scope stands in the other, which is the same and has been open or closed as long.
  bool SameScope(uint32_t before, uint32_t now) const {
    return before == kNone || now == kNone ? before == now : carry_.scopes[now] == before;
  }
  std::string ScopeFault(uint32_t before, uint32_t now) const {
    const auto name = [](const Program& program, uint32_t scope) {
      return scope == kNone ? std::string("no scope") : "scope " + program.scopes[scope].name;
    };
    const std::string was = name(from_, before);
    const std::string is = name(to_, now);
    return was == is ? is + " stands elsewhere" : "it was in " + was + ", and is in " + is;
  }

  using Of = ReloadClause::Of;
  using Policy = ReloadClause::Policy;
  // Null: nothing is said.
  static const ReloadClause* ClauseOf(const Program& program, Of of, uint32_t target, uint32_t member = kNone) {
    for (const ReloadClause& reload : program.reloads) {
      if (reload.of == of && reload.target == target && reload.member == member) return &reload;
    }
    return nullptr;
  }
  bool Says(Policy policy, Of of, uint32_t target) const {
    const ReloadClause* const clause = ClauseOf(to_, of, target);
    return clause != nullptr && clause->policy == policy;
  }

  // Says what becomes of a declaration, and gives the index that it takes its state from. `fault`: why it does not.
  uint32_t Settle(const std::string& what, uint32_t before, const std::string& fault, const ReloadClause* clause) {
    if (before == kNone) {
      Note(Fate::kNew, what);
    } else if (clause != nullptr && clause->policy == Policy::kReset) {
      Note(Fate::kReset, what, "on reload reset");
      before = kNone;
    } else if (!fault.empty()) {
      Note(Fate::kReset, what, fault);
      before = kNone;
    } else {
      Note(Fate::kKept, what);
    }
    return before;
  }
  std::string TypeFault(const std::string& was, const std::string& is) const {
    return was == is ? "" : "its type was " + was + ", and is " + is;
  }
  template <typename T>
  std::string Fault(const T& before, const T& now, const std::string& type_fault) const {
    if (!type_fault.empty()) return type_fault;
    return SameScope(before.scope, now.scope) ? "" : ScopeFault(before.scope, now.scope);
  }

  void AddScope(const Scope& scope) {
    uint32_t before = FindNamed(from_.scopes, scope.name);
    if (before != kNone && !SameScope(from_.scopes[before].parent, scope.parent)) before = kNone;
    carry_.scopes.push_back(before);
  }

  void AddCell(const Cell& cell) {
    const auto id = static_cast<uint32_t>(carry_.cells.size());
    const uint32_t before = FindNamed(from_.cells, cell.name);
    std::vector<uint32_t> ordinals;
    std::string fault;
    if (before != kNone) {
      const Cell& old = from_.cells[before];
      std::optional<std::vector<uint32_t>> same;
      const bool scalars = old.kind == CellKind::kScalar && cell.kind == CellKind::kScalar;
      if (scalars && old.enum_id != kNone && cell.enum_id != kNone && old.optional == cell.optional) {
        same = Ordinals(from_.enums[old.enum_id].names, to_.enums[cell.enum_id].names, Says(Policy::kKeep, Of::kCell, id));
      }
      if (same && !InOrder(*same)) ordinals = *same;
      fault = Fault(old, cell, same ? "" : TypeFault(TypeText(from_, old), TypeText(to_, cell)));
    }
    const bool migrates = before != kNone && Migrates(before, id, fault);
    if (migrates) Note(Fate::kMigrated, "state " + cell.name, fault);
    carry_.migrated.push_back(migrates ? before : kNone);
    carry_.cells.push_back(migrates ? kNone : Settle("state " + cell.name, before, fault, ClauseOf(to_, Of::kCell, id)));
    carry_.cell_ordinals.push_back(std::move(ordinals));
  }

  // A value is migrated where its type is another, or nothing was said of it, or something else.
  bool Migrates(uint32_t before, uint32_t now, const std::string& type_fault) const {
    const ReloadClause* const clause = ClauseOf(to_, Of::kCell, now);
    if (clause == nullptr || clause->policy != Policy::kMigrate || from_.cells[before].kind != CellKind::kScalar) return false;
    const ReloadClause* const known = ClauseOf(from_, Of::kCell, before);
    return !type_fault.empty() || known == nullptr || known->policy != Policy::kMigrate || known->text != clause->text;
  }

  void AddLifecycle(const Lifecycle& now) {
    const auto id = static_cast<uint32_t>(carry_.lifecycles.size());
    const std::string what = "lifecycle " + now.name;
    uint32_t before = FindNamed(from_.lifecycles, now.name);
    std::vector<uint32_t> ordinals;
    std::string fault;
    if (before != kNone) {
      const Lifecycle& old = from_.lifecycles[before];
      const Names& was = from_.enums[old.states].names;
      const Names& is = to_.enums[now.states].names;
      const std::optional<std::vector<uint32_t>> same = Ordinals(was, is, Says(Policy::kKeep, Of::kLifecycle, id));
      if (old.key_count != now.key_count) {
        fault = "it had " + std::to_string(old.key_count) + " keys, and has " + std::to_string(now.key_count);
      } else if (!same) {
        fault = "its states were " + Alternatives(was) + ", and are " + Alternatives(is);
      } else if (!InOrder(*same)) {
        ordinals = *same;
      }
      fault = Fault(old, now, fault);
    }
    before = Settle(what, before, fault, ClauseOf(to_, Of::kLifecycle, id));
    carry_.lifecycles.push_back(before);
    carry_.life_ordinals.push_back(std::move(ordinals));
    AddKeeps(now, before);
  }

  // `before`: kNone where the lifecycle begins anew, and all that it keeps with it.
  void AddKeeps(const Lifecycle& now, uint32_t before) {
    std::vector<uint32_t>& keeps = carry_.keeps.emplace_back();
    for (const Keep& keep : now.keeps) {
      uint32_t old = kNone;
      if (before != kNone) {
        const std::vector<Keep>& known = from_.lifecycles[before].keeps;
        old = FindNamed(known, keep.name);
        const std::string fault = old == kNone ? "" : TypeFault(KindText(known[old].rep), KindText(keep.rep));
        const auto target = static_cast<uint32_t>(carry_.keeps.size() - 1);
        const auto member = static_cast<uint32_t>(keeps.size());
        old = Settle("keep " + keep.name + " of lifecycle " + now.name, old, fault, ClauseOf(to_, Of::kKeep, target, member));
      }
      keeps.push_back(old);
    }
  }

  void AddDocument(const Document& document) {
    const uint32_t before = FindNamed(from_.documents, document.name);
    const std::string fault = before == kNone ? "" : Fault(from_.documents[before], document, "");
    carry_.documents.push_back(Settle("document " + document.name, before, fault, Clause(Of::kDocument, carry_.documents)));
  }

  void AddWindow(const Window& window) {
    const uint32_t before = FindNamed(from_.windows, window.name);
    std::string fault;
    if (before != kNone) {
      const Window& old = from_.windows[before];
      fault = Fault(old, window, TypeFault(TypeText(old), TypeText(window)));
    }
    carry_.windows.push_back(Settle("window " + window.name, before, fault, Clause(Of::kWindow, carry_.windows)));
  }

  void AddTimer(const Timer& timer) {
    const uint32_t before = FindNamed(from_.timers, timer.name);
    std::string fault;
    if (before != kNone) {
      const Timer& old = from_.timers[before];
      if (old.deadline != timer.deadline) {
        fault = std::string("it was a ") + TimerWord(old) + ", and is a " + TimerWord(timer);
      } else if (old.key_count != timer.key_count) {
        fault = "it had " + std::to_string(old.key_count) + " keys, and has " + std::to_string(timer.key_count);
      }
      fault = Fault(old, timer, fault);
    }
    const std::string what = std::string(TimerWord(timer)) + " " + timer.name;
    carry_.timers.push_back(Settle(what, before, fault, Clause(Of::kTimer, carry_.timers)));
  }

  // Of the declaration that comes behind those that are settled.
  const ReloadClause* Clause(Of of, const std::vector<uint32_t>& settled) const {
    return ClauseOf(to_, of, static_cast<uint32_t>(settled.size()));
  }

  template <typename T>
  void NoteDropped(const std::vector<T>& before, const std::vector<T>& now, const std::string& word) {
    for (const T& one : before) {
      if (FindNamed(now, one.name) == kNone) Note(Fate::kDropped, word + one.name);
    }
  }
  void NoteDropped() {
    NoteDropped(from_.cells, to_.cells, "state ");
    NoteDropped(from_.lifecycles, to_.lifecycles, "lifecycle ");
    for (const Lifecycle& now : to_.lifecycles) {
      const uint32_t before = FindNamed(from_.lifecycles, now.name);
      if (before == kNone) continue;
      for (const Keep& keep : from_.lifecycles[before].keeps) {
        if (FindNamed(now.keeps, keep.name) == kNone) Note(Fate::kDropped, "keep " + keep.name + " of lifecycle " + now.name);
      }
    }
    NoteDropped(from_.documents, to_.documents, "document ");
    NoteDropped(from_.windows, to_.windows, "window ");
    for (const Timer& timer : from_.timers) {
      if (FindNamed(to_.timers, timer.name) == kNone) Note(Fate::kDropped, std::string(TimerWord(timer)) + " " + timer.name);
    }
  }

  const Program& from_;
  const Program& to_;
  StateCarry carry_;
};

}  // namespace

const char* FateName(StateChange::Fate fate) {
  switch (fate) {
    case Fate::kKept:
      return "kept";
    case Fate::kMigrated:
      return "migrated";
    case Fate::kReset:
      return "reset";
    case Fate::kNew:
      return "new";
    case Fate::kDropped:
      return "dropped";
  }
  return "?";
}

StateCarry CompareState(const Program& from, const Program& to) { return Comparison(from, to).Run(); }

}  // namespace edict
