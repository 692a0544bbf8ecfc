#include "compiler/ir/node_printer.h"

#include <algorithm>
#include <utility>

#include "compiler/ir/print.h"
#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

// Nodes nested deeper than this in one line get a name and a line of their own.
constexpr int kMaxPrintedDepth = 40;

// Whether the node is as short as a name for it.
bool IsLeaf(const Node& n) { return n.arg_count == 0; }

std::string Local(uint32_t local) { return "$" + std::to_string(local); }

bool IsFunctionWord(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.find_first_of(" ()\"\n\t#$%") == std::string_view::npos;
}

}  // namespace

void NodePrinter::Count(uint32_t root) {
  if (root == kNone) return;
  std::vector<uint32_t> open = {root};
  while (!open.empty()) {
    uint32_t id = open.back();
    open.pop_back();
    if (uses_[id]++ != 0) continue;
    const Node& n = p_.nodes[id];
    for (uint32_t i = 0; i < n.arg_count; ++i) open.push_back(p_.args[n.args + i]);
  }
}

std::string NodePrinter::Text(uint32_t root, const std::string& indent, std::string& definitions) {
  if (root == kNone) return "-";
  for (uint32_t id : Unnamed(root)) {
    const Node& n = p_.nodes[id];
    for (uint32_t a = 0; a < n.arg_count; ++a) {
      uint32_t child = p_.args[n.args + a];
      depth_[id] = std::max(depth_[id], names_[child] != kNone ? 0 : depth_[child] + 1);
    }
    if (uses_[id] < 2 && depth_[id] < kMaxPrintedDepth) continue;
    std::string text = Expand(id);
    names_[id] = next_name_++;
    definitions += indent + "%" + std::to_string(names_[id]) + " = " + text + "\n";
  }
  return NameOf(root);
}

// What is below the root, and the root, that has operands and no name yet: operands first, left to right. The order, and
// so each name, follows from the expressions' structure alone, not from the nodes' numbers.
std::vector<uint32_t> NodePrinter::Unnamed(uint32_t root) const {
  std::vector<uint32_t> all;
  std::vector<std::pair<uint32_t, uint32_t>> open;  // node, next operand
  std::vector<bool> seen(root + 1);
  auto enter = [&](uint32_t id) {
    if (IsLeaf(p_.nodes[id]) || names_[id] != kNone || seen[id]) return;
    seen[id] = true;
    open.emplace_back(id, 0);
  };
  enter(root);
  while (!open.empty()) {
    auto& [id, next] = open.back();
    const Node& n = p_.nodes[id];
    if (next < n.arg_count) {
      enter(p_.args[n.args + next++]);
    } else {
      all.push_back(id);
      open.pop_back();
    }
  }
  return all;
}

std::string NodePrinter::Slot(uint32_t slot) const {
  if (event_ != nullptr && slot < event_->slot_names.size()) {
    const std::vector<std::string>& names = event_->slot_names;
    auto first = std::find(names.begin(), names.end(), names[slot]);
    if (first == names.begin() + slot) return "e." + Name(names[slot]);
  }
  return "slot " + std::to_string(slot);
}

std::string NodePrinter::StateName(const Node& n) const {
  const bool of_keep = n.op == Op::kLifeKeep || n.op == Op::kLifeComplete;
  if (of_keep) return " " + Reference(p_.lifecycles[n.imm].keeps, n.imm2, &Keep::name);
  if (n.imm2 == kNone || n.op == Op::kLifeState) return "";
  const std::vector<std::string>& names = p_.enums[p_.lifecycles[n.imm].states].names;
  return n.imm2 < names.size() ? " " + Name(names[n.imm2]) : " #" + std::to_string(n.imm2);
}

std::string NodePrinter::Function(const Node& n) const {
  const OverloadText& overload = Overloads()[n.imm];
  std::vector<Kind> kinds;
  for (uint32_t arg : Args(n)) kinds.push_back(p_.nodes[arg].rep);
  if (detail_ == Detail::kBrief || UsualOverload(overload.function, kinds) == n.imm) return overload.function;
  return std::string(overload.function) + "#" + overload.symbol;
}

// What stands before the operands.
std::string NodePrinter::Head(const Node& n) const {
  std::string op = OpWord(n.op);
  switch (n.op) {
    case Op::kLet:
      return op + " " + Local(n.imm);
    case Op::kField:
    case Op::kHasField:
    case Op::kOptField:
      return op + " " + Literal(p_.constants[n.imm]);
    case Op::kCall:
      return Function(n);
    case Op::kCallDyn: {
      std::string_view function = p_.constants[n.imm].text();
      bool receiver = n.imm2 == 1 && detail_ == Detail::kWhole;
      return op + (receiver ? " ." : " ") + (IsFunctionWord(function) ? std::string(function) : Quoted(function));
    }
    case Op::kCallHost:
      return op + " " + Reference(p_.host_functions, n.imm, &HostDecl::name);
    case Op::kFold: {
      const Fold& fold = p_.folds[n.imm];
      std::string second = fold.second == kNone ? "" : ", " + Local(fold.second);
      return op + " " + Local(fold.accu) + " over " + Local(fold.element) + second;
    }
    case Op::kCell:
    case Op::kCellHas:
    case Op::kCellOpt:
    case Op::kEntry:
    case Op::kEntryHas:
    case Op::kEntryOpt:
    case Op::kCellSize:
    case Op::kCellKeys:
      return op + " " + Reference(p_.cells, n.imm, &Cell::name);
    case Op::kLifeState:
    case Op::kLifeCount:
    case Op::kLifeKeys:
    case Op::kLifeKeep:
    case Op::kLifeComplete:
      return op + " " + Reference(p_.lifecycles, n.imm, &Lifecycle::name) + StateName(n);
    case Op::kDocument:
    case Op::kDocumentHas:
    case Op::kDocumentAt:
    case Op::kPatchFault:
      return op + " " + Reference(p_.documents, n.imm, &Document::name);
    case Op::kWindow:
      return op + " " + Reference(p_.windows, n.imm, &Window::name);
    case Op::kArmed:
      return op + " " + Reference(p_.timers, n.imm, &Timer::name);
    case Op::kScopeOpen:
      return op + " " + Reference(p_.scopes, n.imm, &Scope::name);
    case Op::kEnumName:
      return op + " " + Reference(p_.enums, n.imm, &Enum::name);
    default:
      return op;
  }
}

bool NodePrinter::OptionalPart(const Node& n, uint32_t i) const {
  if ((n.op != Op::kList && n.op != Op::kMap) || n.imm == kNone) return false;
  std::string_view marks = p_.constants[n.imm].text();
  return n.op == Op::kList ? marks[i] != '\0' : i % 2 == 0 && marks[i / 2] != '\0';
}

std::vector<uint32_t> NodePrinter::Args(const Node& n) const {
  return {p_.args.begin() + n.args, p_.args.begin() + n.args + n.arg_count};
}

std::string NodePrinter::KindMark(const Node& n) const {
  if (detail_ == Detail::kBrief || UsualKind(p_, event_, n, Args(n)) == n.rep) return "";
  return ":" + std::string(kKindWords[static_cast<int>(n.rep)]);
}

// By recursion, which named nodes end after kMaxPrintedDepth.
std::string NodePrinter::Expand(uint32_t id) const {
  const Node& n = p_.nodes[id];
  switch (n.op) {
    case Op::kConst:
      return Literal(p_.constants[n.imm]);
    case Op::kSlot:
      return Slot(n.imm) + KindMark(n);
    case Op::kPresent:
    case Op::kOptSlot:
      return "(" + OpWord(n.op) + " " + Slot(n.imm) + ")" + KindMark(n);
    case Op::kEvent:
      return "event" + KindMark(n);
    case Op::kLocal:
      return Local(n.imm) + KindMark(n);
    default:
      break;
  }
  std::string text = "(" + Head(n);
  for (uint32_t i = 0; i < n.arg_count; ++i) text += (OptionalPart(n, i) ? " ?" : " ") + NameOf(p_.args[n.args + i]);
  return text + ")" + KindMark(n);
}

std::string PrintNode(const Program& program, uint32_t node) {
  NodePrinter printer(program, nullptr, Detail::kBrief);
  printer.Count(node);
  std::string definitions;
  std::string text = printer.Text(node, "", definitions);
  return definitions + text;
}

}  // namespace edict::ir
