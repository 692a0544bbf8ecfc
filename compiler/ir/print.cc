#include "compiler/ir/print.h"

#include <iterator>

namespace edict::ir {
namespace {

constexpr const char* kFunctions[] = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) function,
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

constexpr int kMaxDepth = 100;

class Printer {
 public:
  Printer(const Program& program, const EventType* event) : p_(program), event_(event) {}

  std::string Node(uint32_t id, int depth = 0) const {
    if (id == kNone) return "-";
    if (depth > kMaxDepth) return "...";
    const edict::Node& n = p_.nodes[id];
    switch (n.op) {
      case Op::kConst: return ToCelText(p_.constants[n.imm]);
      case Op::kSlot: return Slot(n.imm);
      case Op::kPresent: return "(present " + Slot(n.imm) + ")";
      case Op::kOptSlot: return "(opt " + Slot(n.imm) + ")";
      case Op::kEvent: return "event";
      case Op::kLocal: return "%" + std::to_string(n.imm);
      case Op::kLet: return Form("let %" + std::to_string(n.imm), n, depth);
      case Op::kField:
      case Op::kHasField:
      case Op::kOptField: return Form(std::string(OpName(n.op)) + " " + ToCelText(p_.constants[n.imm]), n, depth);
      case Op::kCall: return Form(kFunctions[n.imm], n, depth);
      case Op::kCallDyn: return Form("dynamic " + std::string(p_.constants[n.imm].text()), n, depth);
      case Op::kFold: {
        const Fold& fold = p_.folds[n.imm];
        std::string second = fold.second == kNone ? "" : ", %" + std::to_string(fold.second);
        return Form("fold %" + std::to_string(fold.accu) + " over %" + std::to_string(fold.element) + second, n, depth);
      }
      case Op::kCell:
      case Op::kCellHas:
      case Op::kCellOpt:
      case Op::kEntry:
      case Op::kEntryHas:
      case Op::kEntryOpt:
      case Op::kCellSize:
      case Op::kCellKeys: return Form(std::string(OpName(n.op)) + " " + p_.cells[n.imm].name, n, depth);
      case Op::kLifeState:
      case Op::kLifeCount:
      case Op::kLifeKeys: return Form(std::string(OpName(n.op)) + " " + p_.lifecycles[n.imm].name, n, depth);
      case Op::kScopeOpen: return "(open " + p_.scopes[n.imm].name + ")";
      default: return Form(OpName(n.op), n, depth);
    }
  }

 private:
  std::string Slot(uint32_t slot) const {
    return event_ != nullptr && slot < event_->slot_names.size() ? "e." + event_->slot_names[slot] : "slot " + std::to_string(slot);
  }
  std::string Form(const std::string& head, const edict::Node& n, int depth) const {
    std::string text = "(" + head;
    for (uint32_t i = 0; i < n.arg_count; ++i) text += " " + Node(p_.args[n.args + i], depth + 1);
    return text + ")";
  }

  const Program& p_;
  const EventType* event_;
};

void PrintLoops(const Printer& printer, const std::vector<Loop>& loops, std::string& text) {
  for (const Loop& loop : loops) {
    text += "for %" + std::to_string(loop.element);
    if (loop.index != kNone) text += ", %" + std::to_string(loop.index);
    text += " in " + printer.Node(loop.range) + " ";
  }
}

void PrintCheck(const Program& p, const Printer& printer, const Check& check, std::string& text) {
  const Code& code = p.codes[check.code];
  text += "  check " + code.code + " " + SeverityName(code.severity);
  for (uint32_t after : check.after) text += " after " + p.codes[after].code;
  text += "\n";
  if (check.guard != kNone) text += "    when " + printer.Node(check.guard) + "\n";
  for (const Clause& clause : check.clauses) {
    text += "    ";
    PrintLoops(printer, clause.loops, text);
    text += "require " + printer.Node(clause.condition) + "\n";
  }
}

void PrintEffect(const Program& p, const Printer& printer, const Effect& effect, std::string& text) {
  static constexpr const char* kNames[] = {"set", "put", "erase", "insert", "clear", "move", "open", "close"};
  text += "  ";
  PrintLoops(printer, effect.loops, text);
  text += kNames[static_cast<int>(effect.kind)];
  bool scope = effect.kind == EffectKind::kScopeOpen || effect.kind == EffectKind::kScopeClose;
  text += " " + (scope                                      ? p.scopes[effect.target].name
                 : effect.kind == EffectKind::kLifeSet ? p.lifecycles[effect.target].name
                                                            : p.cells[effect.target].name);
  for (uint32_t key : effect.keys) text += " [" + printer.Node(key) + "]";
  if (effect.value != kNone) text += " = " + printer.Node(effect.value);
  if (effect.guard != kNone) text += " when " + printer.Node(effect.guard);
  text += "\n";
}

}  // namespace

std::string PrintNode(const Program& program, uint32_t node) { return Printer(program, nullptr).Node(node); }

std::string Print(const Program& p) {
  std::string text = "program " + p.package + " " + p.version + "\n";
  for (const Scope& scope : p.scopes) text += "scope " + scope.name + "\n";
  for (const Cell& cell : p.cells) {
    static constexpr const char* kKinds[] = {"cell", "set", "map"};
    text += std::string(kKinds[static_cast<int>(cell.kind)]) + " " + cell.name;
    if (cell.initial != kNone) text += " = " + ToCelText(p.constants[cell.initial]);
    if (cell.bound != 0) text += " bound " + std::to_string(cell.bound);
    if (cell.scope != kNone) text += " in " + p.scopes[cell.scope].name;
    text += "\n";
  }
  for (const Lifecycle& lifecycle : p.lifecycles) {
    text += "lifecycle " + lifecycle.name + " bound " + std::to_string(lifecycle.bound) + ":";
    for (const std::string& state : p.enums[lifecycle.states].names) text += " " + state;
    text += "\n";
  }
  for (const EventType& event : p.events) {
    Printer printer(p, &event);
    text += "\nevent " + (event.name.empty() ? std::string("(any other)") : event.name) + "\n";
    for (const Check& check : event.checks) PrintCheck(p, printer, check, text);
    for (const Effect& effect : event.effects) PrintEffect(p, printer, effect, text);
  }
  text += "\nend of stream\n";
  for (const Check& check : p.end_checks) PrintCheck(p, Printer(p, nullptr), check, text);
  return text;
}

}  // namespace edict::ir
