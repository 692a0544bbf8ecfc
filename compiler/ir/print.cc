#include "compiler/ir/print.h"

#include <algorithm>

namespace edict::ir {
namespace {

constexpr const char* kFunctions[] = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) function,
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

// Nodes nested deeper than this in one line get a name and a line of their own.
constexpr int kMaxDepth = 40;

// Whether the node is as short as a name for it.
bool IsLeaf(const Node& n) { return n.arg_count == 0; }

// Prints the nodes of one event type's plan, or of another set of roots. Nodes that several places use are named %n; their
// definitions come before the first line that needs them.
class Printer {
 public:
  Printer(const Program& program, const EventType* event)
      : p_(program), event_(event), uses_(program.nodes.size()), named_(program.nodes.size()) {}

  // Every root that will be printed must be counted first.
  void Count(uint32_t root) {
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

  // The node's text; definitions that it needs are appended to `definitions`, a line each.
  std::string Text(uint32_t root, const std::string& indent, std::string& definitions) {
    if (root == kNone) return "-";
    if (IsLeaf(p_.nodes[root])) return Expand(root);
    // Children precede parents, so that a definition only needs earlier ones.
    std::vector<uint32_t> needed = Reach(root);
    std::vector<int> depth(needed.size());
    for (size_t i = 0; i < needed.size(); ++i) {
      uint32_t id = needed[i];
      if (named_[id]) continue;
      const Node& n = p_.nodes[id];
      for (uint32_t a = 0; a < n.arg_count; ++a) {
        uint32_t child = p_.args[n.args + a];
        size_t at = static_cast<size_t>(std::lower_bound(needed.begin(), needed.end(), child) - needed.begin());
        depth[i] = std::max(depth[i], named_[child] ? 0 : depth[at] + 1);
      }
      if (IsLeaf(n) || (uses_[id] < 2 && depth[i] < kMaxDepth)) continue;
      definitions += indent + "%" + std::to_string(id) + " = " + Expand(id) + "\n";
      named_[id] = true;
      depth[i] = 0;
    }
    return Name(root);
  }

 private:
  // The nodes below and the root, in order.
  std::vector<uint32_t> Reach(uint32_t root) const {
    std::vector<bool> seen(root + 1);
    std::vector<uint32_t> open = {root};
    std::vector<uint32_t> all;
    while (!open.empty()) {
      uint32_t id = open.back();
      open.pop_back();
      if (seen[id]) continue;
      seen[id] = true;
      all.push_back(id);
      if (named_[id]) continue;
      const Node& n = p_.nodes[id];
      for (uint32_t i = 0; i < n.arg_count; ++i) open.push_back(p_.args[n.args + i]);
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  std::string Name(uint32_t id) const { return named_[id] ? "%" + std::to_string(id) : Expand(id); }
  std::string Slot(uint32_t slot) const {
    return event_ != nullptr && slot < event_->slot_names.size() ? "e." + event_->slot_names[slot] : "slot " + std::to_string(slot);
  }
  std::string String(uint32_t constant) const { return ToCelText(p_.constants[constant]); }
  static std::string Local(uint32_t local) { return "$" + std::to_string(local); }
  std::string StateName(const Node& n) const {
    const std::vector<std::string>& names = p_.enums[p_.lifecycles[n.imm].states].names;
    return n.imm2 == kNone ? "" : n.imm2 < names.size() ? " " + names[n.imm2] : " state " + std::to_string(n.imm2);
  }
  // What stands before the operands.
  std::string Head(const Node& n) const {
    std::string op = OpName(n.op);
    switch (n.op) {
      case Op::kLet:
        return "let " + Local(n.imm);
      case Op::kField:
      case Op::kHasField:
      case Op::kOptField:
        return op + " " + String(n.imm);
      case Op::kCall:
        return kFunctions[n.imm];
      case Op::kCallDyn:
        return "dynamic " + std::string(p_.constants[n.imm].text());
      case Op::kFold: {
        const Fold& fold = p_.folds[n.imm];
        return "fold " + Local(fold.accu) + " over " + Local(fold.element) +
               (fold.second == kNone ? "" : ", " + Local(fold.second));
      }
      case Op::kCell:
      case Op::kCellHas:
      case Op::kCellOpt:
      case Op::kEntry:
      case Op::kEntryHas:
      case Op::kEntryOpt:
      case Op::kCellSize:
      case Op::kCellKeys:
        return op + " " + p_.cells[n.imm].name;
      case Op::kLifeState:
      case Op::kLifeCount:
      case Op::kLifeKeys:
        return op + " " + p_.lifecycles[n.imm].name + StateName(n);
      case Op::kScopeOpen:
        return "open " + p_.scopes[n.imm].name;
      case Op::kEnumName:
        return op + " " + p_.enums[n.imm].name;
      default:
        return op;
    }
  }
  bool OptionalPart(const Node& n, uint32_t i) const {
    if ((n.op != Op::kList && n.op != Op::kMap) || n.imm == kNone) return false;
    std::string_view marks = p_.constants[n.imm].text();
    return n.op == Op::kList ? marks[i] != '\0' : i % 2 == 0 && marks[i / 2] != '\0';
  }
  // By recursion, which named nodes end after kMaxDepth.
  std::string Expand(uint32_t id) const {
    const Node& n = p_.nodes[id];
    switch (n.op) {
      case Op::kConst:
        return String(n.imm);
      case Op::kSlot:
        return Slot(n.imm);
      case Op::kPresent:
        return "(present " + Slot(n.imm) + ")";
      case Op::kOptSlot:
        return "(opt " + Slot(n.imm) + ")";
      case Op::kEvent:
        return "event";
      case Op::kLocal:
        return Local(n.imm);
      default:
        break;
    }
    std::string text = "(" + Head(n);
    for (uint32_t i = 0; i < n.arg_count; ++i) text += (OptionalPart(n, i) ? " ?" : " ") + Name(p_.args[n.args + i]);
    return text + ")";
  }

  const Program& p_;
  const EventType* event_;
  std::vector<uint32_t> uses_;
  std::vector<bool> named_;
};

// ---- shapes, state -------------------------------------------------------------------------------------------------

std::string ShapeName(const Program& p, uint32_t id) {
  if (id == kNone) return "-";
  static constexpr const char* kPlain[] = {"anything", "any", "null", "bool", "int", "number", "string"};
  const Shape& shape = p.shapes[id];
  auto kind = static_cast<size_t>(shape.kind);
  bool plain = kind < sizeof kPlain / sizeof kPlain[0] && shape.constraints.empty();
  return plain ? kPlain[kind] + std::string(shape.nullable ? " or null" : "") : "#" + std::to_string(id);
}

void PrintFields(const Program& p, const Shape& shape, std::string& text) {
  for (const ShapeField& field : shape.fields) {
    text += "  " + std::string(p.constants[field.name].text()) + ": " + ShapeName(p, field.shape) + (field.optional ? "?" : "");
    if (field.slot != kNone) text += " in slot " + std::to_string(field.slot);
    text += "\n";
  }
}

void PrintShape(const Program& p, uint32_t id, std::string& text) {
  static constexpr const char* kKinds[] = {"anything", "any",    "null",  "bool",   "int",    "number", "string",
                                           "enum",     "object", "array", "record", "tagged", "union"};
  const Shape& shape = p.shapes[id];
  text += "shape #" + std::to_string(id) + " " + kKinds[static_cast<int>(shape.kind)];
  if (!shape.name.empty()) text += " " + shape.name;
  if (shape.closed) text += " closed";
  if (shape.nullable) text += " or null";
  if (shape.element != kNone) text += " of " + ShapeName(p, shape.element);
  if (shape.tag_field != kNone) text += " by " + std::string(p.constants[shape.tag_field].text());
  for (uint32_t literal : shape.literals) text += " " + ToCelText(p.constants[literal]);
  for (uint32_t member : shape.members) text += " " + ShapeName(p, member);
  text += "\n";
  PrintFields(p, shape, text);
  for (const ShapeAlternative& alternative : shape.alternatives) {
    text += "  " + ToCelText(p.constants[alternative.tag]) + ": " + ShapeName(p, alternative.shape) + "\n";
  }
  if (shape.otherwise != kNone) text += "  otherwise " + ShapeName(p, shape.otherwise) + "\n";
  if (shape.constraints.empty()) return;
  Printer printer(p, nullptr);
  for (const ShapeConstraint& constraint : shape.constraints) printer.Count(constraint.condition);
  for (const ShapeConstraint& constraint : shape.constraints) {
    std::string definitions;
    std::string line = "  where " + printer.Text(constraint.condition, "  ", definitions);
    if (constraint.code != kNone) line += " else " + p.codes[constraint.code].code;
    text += definitions + line + "\n";
  }
}

void PrintBound(const Program& p, uint64_t bound, uint32_t code, std::string& text) {
  if (bound != 0) text += " bound " + std::to_string(bound);
  if (code != kNone) text += " else " + p.codes[code].code;
}

void PrintState(const Program& p, std::string& text) {
  for (const Scope& scope : p.scopes) {
    text += "scope " + scope.name + (scope.parent == kNone ? "" : " in " + p.scopes[scope.parent].name) + "\n";
  }
  for (const Cell& cell : p.cells) {
    static constexpr const char* kKinds[] = {"cell", "set", "map"};
    text += std::string(kKinds[static_cast<int>(cell.kind)]) + " " + cell.name + (cell.optional ? "?" : "") + ":";
    if (cell.key_rep != Node::kAny) text += std::string(" ") + KindName(cell.key_rep);
    if (cell.kind == CellKind::kMap) text += " ->";
    if (cell.enum_id != kNone) {
      text += " " + p.enums[cell.enum_id].name;
    } else if (cell.kind != CellKind::kSet) {
      text += std::string(" ") + (cell.rep == Node::kAny ? "dyn" : KindName(cell.rep));
    }
    if (cell.initial != kNone) {
      const Value& initial = p.constants[cell.initial];
      bool named = cell.enum_id != kNone && initial.kind == Kind::kInt &&
                   static_cast<uint64_t>(initial.i) < p.enums[cell.enum_id].names.size();
      text += " = " + (named ? p.enums[cell.enum_id].names[static_cast<size_t>(initial.i)] : ToCelText(initial));
    }
    PrintBound(p, cell.bound, cell.bound_code, text);
    if (cell.bound_bytes != 0) text += " of " + std::to_string(cell.bound_bytes) + " bytes";
    if (cell.scope != kNone) text += " in " + p.scopes[cell.scope].name;
    text += "\n";
  }
  for (const Lifecycle& lifecycle : p.lifecycles) {
    text += "lifecycle " + lifecycle.name + " of " + std::to_string(lifecycle.key_count) +
            (lifecycle.key_count == 1 ? " key:" : " keys:");
    for (const std::string& state : p.enums[lifecycle.states].names) text += " " + state;
    PrintBound(p, lifecycle.bound, lifecycle.bound_code, text);
    if (lifecycle.scope != kNone) text += " in " + p.scopes[lifecycle.scope].name;
    text += "\n";
  }
}

void PrintCodes(const Program& p, std::string& text) {
  static constexpr const char* kFaults[] = {"not_object", "missing_type", "unknown_type", "missing_field", "wrong_type",
                                            "constraint", "extra_field",  "malformed",    "eval",          "bound"};
  for (const Code& code : p.codes) {
    text += "code " + code.code + " " + SeverityName(code.severity);
    if (!code.title.empty()) text += " " + ToCelText(Value::String(code.title));
    text += "\n";
  }
  for (int i = 0; i < kFaultCount; ++i) {
    if (p.faults[i] != kNone) text += std::string("fault ") + kFaults[i] + " " + p.codes[p.faults[i]].code + "\n";
  }
}

// ---- plans -----------------------------------------------------------------------------------------------------------

// Visits every node that a check or effect evaluates.
template <typename Visit>
void RootsOfBlame(const Blame& blame, Visit visit) {
  for (const BlameStep& step : blame.steps) {
    if (step.node != kNone) visit(step.node);
  }
}
template <typename Visit>
void RootsOfLoops(const std::vector<Loop>& loops, Visit visit) {
  for (const Loop& loop : loops) {
    visit(loop.range);
    RootsOfBlame(loop.path, visit);
  }
}
template <typename Visit>
void RootsOf(const Check& check, Visit visit) {
  if (check.guard != kNone) visit(check.guard);
  for (const Clause& clause : check.clauses) {
    RootsOfLoops(clause.loops, visit);
    visit(clause.condition);
    RootsOfBlame(clause.blame, visit);
    for (uint32_t node : clause.message.nodes) visit(node);
  }
}
template <typename Visit>
void RootsOf(const Effect& effect, Visit visit) {
  RootsOfLoops(effect.loops, visit);
  for (uint32_t key : effect.keys) visit(key);
  if (effect.value != kNone) visit(effect.value);
  if (effect.guard != kNone) visit(effect.guard);
}

class PlanPrinter {
 public:
  PlanPrinter(const Program& program, const EventType* event) : p_(program), printer_(program, event) {}

  void Print(const std::vector<Check>& checks, const std::vector<Effect>& effects, std::string& text) {
    auto count = [this](uint32_t node) { printer_.Count(node); };
    for (const Check& check : checks) RootsOf(check, count);
    for (const Effect& effect : effects) RootsOf(effect, count);
    for (const Check& check : checks) OneCheck(check, text);
    for (const Effect& effect : effects) OneEffect(effect, text);
  }

 private:
  std::string Text(uint32_t node) { return printer_.Text(node, "  ", definitions_); }
  void Line(const std::string& line, std::string& text) {
    text += definitions_ + line + "\n";
    definitions_.clear();
  }

  std::string LoopsText(const std::vector<Loop>& loops) {
    std::string text;
    for (const Loop& loop : loops) {
      text += "for $" + std::to_string(loop.element);
      if (loop.index != kNone) text += ", $" + std::to_string(loop.index);
      text += " in " + Text(loop.range) + " ";
    }
    return text;
  }
  std::string BlameText(const Blame& blame) {
    std::string text;
    if (blame.base_loop != kNone) text += "/loop " + std::to_string(blame.base_loop);
    for (const BlameStep& step : blame.steps) {
      text += "/" + (step.key != kNone ? std::string(p_.constants[step.key].text()) : "[" + Text(step.node) + "]");
    }
    return text.empty() ? "" : " at " + text;
  }
  std::string MessageText(const Message& message) {
    std::string text = message.parts[0];
    for (size_t i = 0; i < message.nodes.size(); ++i) text += "{" + Text(message.nodes[i]) + "}" + message.parts[i + 1];
    return "\"" + text + "\"";
  }
  void OneCheck(const Check& check, std::string& text) {
    const Code& code = p_.codes[check.code];
    std::string head = "  check " + code.code + " " + SeverityName(code.severity);
    for (uint32_t after : check.after) head += " after " + p_.codes[after].code;
    Line(head, text);
    if (check.guard != kNone) Line("    when " + Text(check.guard), text);
    for (const Clause& clause : check.clauses) {
      std::string line = "    " + LoopsText(clause.loops) + "require " + Text(clause.condition) + BlameText(clause.blame);
      Line(line + " else " + MessageText(clause.message), text);
    }
  }
  const std::string& TargetName(const Effect& effect) const {
    if (effect.kind == EffectKind::kScopeOpen || effect.kind == EffectKind::kScopeClose) return p_.scopes[effect.target].name;
    return effect.kind == EffectKind::kLifeSet ? p_.lifecycles[effect.target].name : p_.cells[effect.target].name;
  }
  void OneEffect(const Effect& effect, std::string& text) {
    static constexpr const char* kNames[] = {"set", "put", "erase", "insert", "clear", "move", "open", "close"};
    std::string line = "  " + LoopsText(effect.loops) + kNames[static_cast<int>(effect.kind)] + " " + TargetName(effect);
    for (uint32_t key : effect.keys) line += " [" + Text(key) + "]";
    if (effect.value != kNone) line += (effect.optional_value ? " ?= " : " = ") + Text(effect.value);
    if (effect.guard != kNone) line += " when " + Text(effect.guard);
    Line(line, text);
  }

  const Program& p_;
  Printer printer_;
  std::string definitions_;
};

void PrintEvent(const Program& p, const EventType& event, std::string& text) {
  text += "\nevent " + (event.name.empty() ? std::string("(any other)") : event.name) + " #" + std::to_string(event.shape);
  for (size_t i = 0; i < event.slot_names.size(); ++i) text += (i == 0 ? ": " : ", ") + event.slot_names[i];
  text += "\n";
  PlanPrinter(p, &event).Print(event.checks, event.effects, text);
}

}  // namespace

std::string PrintNode(const Program& program, uint32_t node) {
  Printer printer(program, nullptr);
  printer.Count(node);
  std::string definitions;
  std::string text = printer.Text(node, "", definitions);
  return definitions + text;
}

std::string Print(const Program& p) {
  std::string text = "program " + p.package + " " + p.version + "\n";
  PrintCodes(p, text);
  PrintState(p, text);
  for (uint32_t i = 0; i < p.shapes.size(); ++i) {
    if (ShapeName(p, i)[0] == '#') PrintShape(p, i, text);
  }
  for (const EventType& event : p.events) PrintEvent(p, event, text);
  text += "\nend of stream\n";
  PlanPrinter(p, nullptr).Print(p.end_checks, {}, text);
  return text;
}

}  // namespace edict::ir
