#include "runtime/program/program.h"

namespace edict {

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
    case Severity::kCritical:
      return "critical";
  }
  return "?";
}

const char* OpName(Op op) {
  switch (op) {
    case Op::kConst:
      return "const";
    case Op::kSlot:
      return "slot";
    case Op::kPresent:
      return "present";
    case Op::kOptSlot:
      return "opt_slot";
    case Op::kEvent:
      return "event";
    case Op::kLocal:
      return "local";
    case Op::kLet:
      return "let";
    case Op::kField:
      return "field";
    case Op::kHasField:
      return "has_field";
    case Op::kOptField:
      return "opt_field";
    case Op::kIndex:
      return "index";
    case Op::kOptIndex:
      return "opt_index";
    case Op::kAnd:
      return "and";
    case Op::kOr:
      return "or";
    case Op::kNot:
      return "not";
    case Op::kCond:
      return "cond";
    case Op::kCall:
      return "call";
    case Op::kCallDyn:
      return "call_dyn";
    case Op::kList:
      return "list";
    case Op::kMap:
      return "map";
    case Op::kFold:
      return "fold";
    case Op::kOptOr:
      return "opt_or";
    case Op::kOptOrValue:
      return "opt_or_value";
    case Op::kCell:
      return "cell";
    case Op::kCellHas:
      return "cell_has";
    case Op::kCellOpt:
      return "cell_opt";
    case Op::kEntry:
      return "entry";
    case Op::kEntryHas:
      return "entry_has";
    case Op::kEntryOpt:
      return "entry_opt";
    case Op::kCellSize:
      return "cell_size";
    case Op::kCellKeys:
      return "cell_keys";
    case Op::kLifeState:
      return "life_state";
    case Op::kLifeCount:
      return "life_count";
    case Op::kLifeKeys:
      return "life_keys";
    case Op::kScopeOpen:
      return "scope_open";
    case Op::kEnumName:
      return "enum_name";
  }
  return "?";
}

}  // namespace edict
