#include "runtime/program/op_info.h"

#include <cstddef>

namespace edict {
namespace {

constexpr uint32_t kVaries = OpInfo::kVaries;

constexpr OpInfo kOps[] = {
    {Op::kConst, "const", 0, Node::kAny},
    {Op::kSlot, "slot", 0, Node::kAny},
    {Op::kPresent, "present", 0, Kind::kBool},
    {Op::kOptSlot, "opt_slot", 0, Kind::kOptional},
    {Op::kEvent, "event", 0, Kind::kMap},
    {Op::kLocal, "local", 0, Node::kAny},
    {Op::kLet, "let", 2, Node::kAny},
    {Op::kField, "field", 1, Node::kAny},
    {Op::kHasField, "has_field", 1, Kind::kBool},
    {Op::kOptField, "opt_field", 1, Kind::kOptional},
    {Op::kIndex, "index", 2, Node::kAny},
    {Op::kOptIndex, "opt_index", 2, Kind::kOptional},
    {Op::kAnd, "and", 2, Kind::kBool},
    {Op::kOr, "or", 2, Kind::kBool},
    {Op::kNot, "not", 1, Kind::kBool},
    {Op::kCond, "cond", 3, Node::kAny},
    {Op::kCall, "call", kVaries, Node::kAny},
    {Op::kCallDyn, "call_dyn", kVaries, Node::kAny},
    {Op::kCallHost, "call_host", kVaries, Node::kAny},
    {Op::kList, "list", kVaries, Kind::kList},
    {Op::kMap, "map", kVaries, Kind::kMap},
    {Op::kFold, "fold", 5, Node::kAny},
    {Op::kOptOr, "opt_or", 2, Node::kAny},
    {Op::kOptOrValue, "opt_or_value", 2, Node::kAny},
    {Op::kCell, "cell", 0, Node::kAny},
    {Op::kCellHas, "cell_has", 0, Kind::kBool},
    {Op::kCellOpt, "cell_opt", 0, Kind::kOptional},
    {Op::kEntry, "entry", 1, Node::kAny},
    {Op::kEntryHas, "entry_has", 1, Kind::kBool},
    {Op::kEntryOpt, "entry_opt", 1, Kind::kOptional},
    {Op::kCellSize, "cell_size", 0, Kind::kInt},
    {Op::kCellKeys, "cell_keys", 0, Kind::kList},
    {Op::kLifeState, "life_state", kVaries, Kind::kInt},
    {Op::kLifeCount, "life_count", 0, Kind::kInt},
    {Op::kLifeKeys, "life_keys", 0, Kind::kList},
    {Op::kLifeKeep, "life_keep", kVaries, Node::kAny},
    {Op::kLifeComplete, "life_complete", kVaries, Kind::kBool},
    {Op::kDocument, "document", 0, Node::kAny},
    {Op::kDocumentHas, "document_has", 0, Kind::kBool},
    {Op::kDocumentAt, "document_at", 1, Kind::kOptional},
    {Op::kPatchFault, "patch_fault", 1, Node::kAny},
    {Op::kWindow, "window", kVaries, Node::kAny},
    {Op::kArmed, "armed", kVaries, Kind::kBool},
    {Op::kScopeOpen, "scope_open", 0, Kind::kBool},
    {Op::kEnumName, "enum_name", 1, Kind::kString},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < sizeof(kOps) / sizeof(kOps[0]); ++i) {
    if (static_cast<size_t>(kOps[i].op) != i) return false;
  }
  return true;
}
static_assert(InOrder() && sizeof(kOps) / sizeof(kOps[0]) == static_cast<size_t>(Op::kEnumName) + 1);

}  // namespace

const OpInfo& InfoOf(Op op) { return kOps[static_cast<size_t>(op)]; }

const char* OpName(Op op) { return InfoOf(op).name; }

}  // namespace edict
