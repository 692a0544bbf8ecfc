#include "compiler/ir/print.h"

#include <algorithm>

#include "compiler/ir/node_printer.h"
#include "compiler/ir/print_time.h"
#include "compiler/ir/roots.h"
#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

bool IsPlain(const Shape& shape) {
  return IsPlainKind(shape.kind) && !shape.closed && shape.name.empty() && shape.element == kNone && shape.tag_field == kNone &&
         shape.literals.empty() && shape.fields.empty() && shape.alternatives.empty() && shape.otherwise == kNone &&
         shape.members.empty() && shape.constraints.empty();
}

// Numbers the shapes that get lines of their own.
std::vector<uint32_t> NumberShapes(const Program& p) {
  std::vector<uint32_t> numbers;
  uint32_t next = 0;
  for (const Shape& shape : p.shapes) numbers.push_back(IsPlain(shape) ? kNone : next++);
  return numbers;
}

class Printer {
 public:
  explicit Printer(const Program& program) : p_(program), shape_numbers_(NumberShapes(program)) {}

  std::string Run() {
    text_ = "program " + Name(p_.package) + " " + Name(p_.version) + "\n";
    if (p_.discriminator != kNone) text_ += "discriminator " + Name(p_.constants[p_.discriminator].text()) + "\n";
    Codes();
    for (const HostDecl& host : p_.host_functions) OneHostFunction(host);
    State();
    for (uint32_t i = 0; i < p_.shapes.size(); ++i) {
      if (shape_numbers_[i] != kNone) OneShape(i);
    }
    for (const EventType& event : p_.events) Event(event);
    for (const Timer& timer : p_.timers) {
      if (timer.expiry.empty()) continue;
      text_ += "\npassed " + Reference(p_.timers, static_cast<uint32_t>(&timer - p_.timers.data()), &Timer::name) + "\n";
      Plan(nullptr, timer.expiry, {});
    }
    text_ += "\nend of stream\n";
    Plan(nullptr, p_.end_checks, {});
    return std::move(text_);
  }

 private:
  void Codes();
  void OneCode(const Code& code);
  void OneHostFunction(const HostDecl& host);
  void State();
  void OneCell(const Cell& cell);
  void OneKeep(const Keep& keep);
  void OneReload(const ReloadClause& reload);
  void Bound(uint64_t bound, uint32_t code);
  std::string ShapeText(uint32_t id) const;
  void OneShape(uint32_t id);
  void Constraints(const Shape& shape);
  void Event(const EventType& event);
  void Plan(const EventType* event, const std::vector<Check>& checks, const std::vector<Effect>& effects);

  std::string CodeText(uint32_t code) const { return Reference(p_.codes, code, &Code::code); }
  std::string ScopeText(uint32_t scope) const { return scope == kNone ? "" : " in " + Reference(p_.scopes, scope, &Scope::name); }

  const Program& p_;
  std::vector<uint32_t> shape_numbers_;
  std::string text_;
};

// ---- codes, state ----------------------------------------------------------------------------------------------------

void Printer::OneCode(const Code& code) {
  text_ += "code " + Name(code.code) + " " + SeverityName(code.severity) + " " + Quoted(code.title);
  if (code.rule != code.code) text_ += " rule " + Name(code.rule);
  if (code.package != p_.package) text_ += " package " + Name(code.package);
  text_ += "\n";
  if (!code.fix.empty()) text_ += "  fix " + Quoted(code.fix) + "\n";
  if (!code.see.empty()) text_ += "  see " + Quoted(code.see) + "\n";
  if (!code.tags.empty()) {
    text_ += "  tags";
    for (const std::string& tag : code.tags) text_ += " " + Name(tag);
    text_ += "\n";
  }
  if (!code.doc.empty()) text_ += "  doc " + Quoted(code.doc) + "\n";
}

void Printer::Codes() {
  for (const Code& code : p_.codes) OneCode(code);
  for (int i = 0; i < kFaultCount; ++i) {
    if (p_.faults[i] != kNone) text_ += "fault " + std::string(kFaultWords[i]) + " " + CodeText(p_.faults[i]) + "\n";
  }
}

void Printer::OneHostFunction(const HostDecl& host) {
  text_ += "host " + Name(host.name) + ":";
  for (const Kind kind : host.params) text_ += " " + std::string(kKindWords[static_cast<int>(kind)]);
  text_ += " -> " + std::string(kKindWords[static_cast<int>(host.result)]) + " cost " + std::to_string(host.cost) + "\n";
}

void Printer::Bound(uint64_t bound, uint32_t code) {
  if (bound != 0) text_ += " bound " + std::to_string(bound);
  if (code != kNone) text_ += " else " + CodeText(code);
}

void Printer::OneCell(const Cell& cell) {
  auto word = [](Kind kind) { return " " + std::string(kKindWords[static_cast<int>(kind)]); };
  text_ += std::string(kCellWords[static_cast<int>(cell.kind)]) + " " + Name(cell.name) + (cell.optional ? "?" : "") + ":";
  bool keyed = cell.kind != CellKind::kScalar || cell.key_rep != Node::kAny;
  bool valued = cell.kind != CellKind::kSet || cell.rep != Node::kAny;
  if (keyed) text_ += word(cell.key_rep);
  if (keyed && valued) text_ += " ->";
  if (valued) text_ += word(cell.rep);
  if (cell.enum_id != kNone) text_ += " of " + Reference(p_.enums, cell.enum_id, &Enum::name);
  if (cell.initial != kNone) {
    const Value& initial = p_.constants[cell.initial];
    bool ordinal = cell.enum_id != kNone && initial.kind == Kind::kInt &&
                   static_cast<uint64_t>(initial.i) < p_.enums[cell.enum_id].names.size();
    text_ += " = " + Literal(initial);
    // The ordinal counts, its name is for who reads the text.
    if (ordinal) text_ += " " + Name(p_.enums[cell.enum_id].names[static_cast<size_t>(initial.i)]);
  }
  Bound(cell.bound, cell.bound_code);
  if (cell.bound_bytes != 0) text_ += " bytes " + std::to_string(cell.bound_bytes);
  text_ += ScopeText(cell.scope) + "\n";
}

void Printer::OneKeep(const Keep& keep) {
  text_ += "  keep " + Name(keep.name) + ": " + std::string(kKindWords[static_cast<int>(keep.rep)]);
  if (keep.initial != kNone) text_ += " = " + Literal(p_.constants[keep.initial]);
  Bound(keep.bound, keep.bound_code);
  text_ += "\n";
}

void Printer::State() {
  for (const Enum& e : p_.enums) {
    text_ += "enum " + Name(e.name) + ":";
    for (const std::string& name : e.names) text_ += " " + Name(name);
    text_ += "\n";
  }
  for (const Scope& scope : p_.scopes) text_ += "scope " + Name(scope.name) + ScopeText(scope.parent) + "\n";
  for (const Cell& cell : p_.cells) OneCell(cell);
  for (const Lifecycle& lifecycle : p_.lifecycles) {
    text_ += "lifecycle " + Name(lifecycle.name) + " of " + std::to_string(lifecycle.key_count) +
             (lifecycle.key_count == 1 ? " key" : " keys") + ", states " + Reference(p_.enums, lifecycle.states, &Enum::name);
    Bound(lifecycle.bound, lifecycle.bound_code);
    text_ += ScopeText(lifecycle.scope) + "\n";
    for (const Keep& keep : lifecycle.keeps) OneKeep(keep);
  }
  for (const Document& document : p_.documents) {
    text_ += "document " + Name(document.name);
    Bound(document.bound, document.bound_code);
    text_ += ScopeText(document.scope) + "\n";
  }
  text_ += TimeText(p_);
  for (const ReloadClause& reload : p_.reloads) OneReload(reload);
}

void Printer::OneReload(const ReloadClause& reload) {
  using Of = ReloadClause::Of;
  const std::string names[] = {
      reload.of == Of::kCell ? Reference(p_.cells, reload.target, &Cell::name) : "",
      reload.of == Of::kLifecycle || reload.of == Of::kKeep ? Reference(p_.lifecycles, reload.target, &Lifecycle::name) : "",
      reload.of == Of::kKeep ? " " + Reference(p_.lifecycles[reload.target].keeps, reload.member, &Keep::name) : "",
      reload.of == Of::kDocument ? Reference(p_.documents, reload.target, &Document::name) : "",
      reload.of == Of::kWindow ? Reference(p_.windows, reload.target, &Window::name) : "",
      reload.of == Of::kTimer ? Reference(p_.timers, reload.target, &Timer::name) : ""};
  text_ += "reload " + std::string(kReloadWords[static_cast<int>(reload.of)]) + " ";
  for (const std::string& name : names) text_ += name;
  text_ += " " + std::string(kPolicyWords[static_cast<int>(reload.policy)]);
  if (reload.value == kNone) {
    text_ += "\n";
    return;
  }
  text_ += " " + Quoted(reload.text) + "\n";
  NodePrinter printer(p_, nullptr, Detail::kWhole);
  printer.Count(reload.value);
  std::string definitions;
  const std::string line = "  to " + printer.Text(reload.value, "  ", definitions);
  text_ += definitions + line + "\n";
}

// ---- shapes ----------------------------------------------------------------------------------------------------------

std::string Printer::ShapeText(uint32_t id) const {
  if (shape_numbers_[id] != kNone) return "#" + std::to_string(shape_numbers_[id]);
  const Shape& shape = p_.shapes[id];
  return std::string(kShapeWords[static_cast<int>(shape.kind)]) + (shape.nullable ? " or null" : "");
}

void Printer::OneShape(uint32_t id) {
  const Shape& shape = p_.shapes[id];
  text_ += "shape " + ShapeText(id) + " " + std::string(kShapeWords[static_cast<int>(shape.kind)]);
  if (!shape.name.empty()) text_ += " named " + Name(shape.name);
  if (shape.closed) text_ += " closed";
  if (shape.nullable) text_ += " or null";
  if (shape.element != kNone) text_ += " of " + ShapeText(shape.element);
  if (shape.tag_field != kNone) text_ += " by " + Name(p_.constants[shape.tag_field].text());
  if (!shape.literals.empty()) text_ += " values";
  for (uint32_t literal : shape.literals) text_ += " " + Literal(p_.constants[literal]);
  if (!shape.members.empty()) text_ += " members";
  for (uint32_t member : shape.members) text_ += " " + ShapeText(member);
  text_ += "\n";
  for (const ShapeField& field : shape.fields) {
    text_ += "  " + Name(p_.constants[field.name].text()) + (field.optional ? "?" : "") + ": " + ShapeText(field.shape);
    if (field.slot != kNone) text_ += " in slot " + std::to_string(field.slot);
    text_ += "\n";
  }
  for (const ShapeAlternative& alternative : shape.alternatives) {
    text_ += "  tag " + Name(p_.constants[alternative.tag].text()) + ": " + ShapeText(alternative.shape) + "\n";
  }
  if (shape.otherwise != kNone) text_ += "  otherwise " + ShapeText(shape.otherwise) + "\n";
  if (!shape.constraints.empty()) Constraints(shape);
}

void Printer::Constraints(const Shape& shape) {
  NodePrinter printer(p_, nullptr, Detail::kWhole);
  for (const ShapeConstraint& constraint : shape.constraints) printer.Count(constraint.condition);
  for (const ShapeConstraint& constraint : shape.constraints) {
    std::string definitions;
    std::string line = "  where " + printer.Text(constraint.condition, "  ", definitions);
    if (constraint.code != kNone) line += " else " + CodeText(constraint.code);
    if (!constraint.message.empty()) line += " message " + Quoted(constraint.message);
    text_ += definitions + line + "\n";
  }
}

// ---- plans -----------------------------------------------------------------------------------------------------------

std::string PlaceText(const Program& p, uint32_t span) {
  if (span == kNone) return "";
  const Span& s = p.spans[span];
  return " from " + Quoted(p.files[s.file]) + ":" + std::to_string(s.line) + ":" + std::to_string(s.column);
}

class PlanPrinter {
 public:
  PlanPrinter(const Program& program, const EventType* event) : p_(program), printer_(program, event, Detail::kWhole) {}

  void Print(const std::vector<Check>& checks, const std::vector<Effect>& effects, std::string& text) {
    auto count = [this](uint32_t node) { printer_.Count(node); };
    for (const Check& check : checks) VisitRoots(check, count);
    for (const Effect& effect : effects) VisitRoots(effect, count);
    for (const Check& check : checks) OneCheck(check, text);
    for (const Effect& effect : effects) OneEffect(effect, text);
  }

 private:
  std::string Text(uint32_t node) { return printer_.Text(node, "  ", definitions_); }
  void Line(const std::string& line, std::string& text) {
    text += definitions_ + line + "\n";
    definitions_.clear();
  }
  // The event itself is "/".
  std::string PathText(const Blame& blame) {
    std::string text;
    if (blame.base_loop != kNone) text += "loop " + std::to_string(blame.base_loop);
    for (const BlameStep& step : blame.steps) {
      text += "/" + (step.key != kNone ? Name(p_.constants[step.key].text()) : "[" + Text(step.node) + "]");
    }
    return text.empty() ? "/" : text;
  }
  static bool Says(const Blame& blame) { return blame.base_loop != kNone || !blame.steps.empty(); }

  std::string LoopsText(const std::vector<Loop>& loops) {
    std::string text;
    for (const Loop& loop : loops) {
      text += "for $" + std::to_string(loop.element);
      if (loop.index != kNone) text += ", $" + std::to_string(loop.index);
      text += " in " + Text(loop.range);
      if (loop.known || Says(loop.path)) text += (loop.known ? " at " : " near ") + PathText(loop.path);
      text += " ";
    }
    return text;
  }
  std::string MessageText(const Message& message) {
    std::string text = "\"";
    for (size_t i = 0; i < message.parts.size(); ++i) {
      std::string part = Quoted(message.parts[i]);
      for (char c : part.substr(1, part.size() - 2)) {
        if (c == '{' || c == '}') text += '\\';
        text += c;
      }
      if (i < message.nodes.size()) text += "{" + Text(message.nodes[i]) + "}";
    }
    return text + "\"";
  }

  void OneCheck(const Check& check, std::string& text) {
    std::string head = "  check " + Reference(p_.codes, check.code, &Code::code) + " order " + std::to_string(check.order);
    const char* separator = " after ";
    for (uint32_t after : check.after) {
      head += separator + Reference(p_.codes, after, &Code::code);
      separator = ", ";
    }
    Line(head + PlaceText(p_, check.span), text);
    if (check.guard != kNone) Line("    when " + Text(check.guard), text);
    for (const Clause& clause : check.clauses) {
      std::string line = "    " + LoopsText(clause.loops);
      line += "require " + Text(clause.condition);
      if (Says(clause.blame)) line += " at " + PathText(clause.blame);
      line += " else " + MessageText(clause.message);
      Line(line + PlaceText(p_, clause.span), text);
    }
  }

  std::string TargetName(const Effect& effect) const {
    if (effect.kind == EffectKind::kWindowAdd) return Reference(p_.windows, effect.target, &Window::name);
    if (effect.kind == EffectKind::kArm || effect.kind == EffectKind::kDisarm) {
      return Reference(p_.timers, effect.target, &Timer::name);
    }
    if (effect.kind == EffectKind::kLifeSet) return Reference(p_.lifecycles, effect.target, &Lifecycle::name);
    if (effect.kind == EffectKind::kKeep) {
      return Reference(p_.lifecycles, effect.target, &Lifecycle::name) + " " +
             Reference(p_.lifecycles[effect.target].keeps, effect.member, &Keep::name);
    }
    if (effect.kind >= EffectKind::kDocumentSet) return Reference(p_.documents, effect.target, &Document::name);
    bool scope = effect.kind == EffectKind::kScopeOpen || effect.kind == EffectKind::kScopeClose;
    return scope ? Reference(p_.scopes, effect.target, &Scope::name) : Reference(p_.cells, effect.target, &Cell::name);
  }
  void OneEffect(const Effect& effect, std::string& text) {
    std::string line = "  " + LoopsText(effect.loops);
    line += std::string(kEffectWords[static_cast<int>(effect.kind)]) + " " + TargetName(effect);
    for (uint32_t key : effect.keys) line += " [" + Text(key) + "]";
    if (effect.value != kNone) line += (effect.optional_value ? " ?= " : " = ") + Text(effect.value);
    if (effect.guard != kNone) line += " when " + Text(effect.guard);
    if (effect.code != kNone) line += " else " + Reference(p_.codes, effect.code, &Code::code);
    Line(line + PlaceText(p_, effect.span), text);
  }

  const Program& p_;
  NodePrinter printer_;
  std::string definitions_;
};

void Printer::Plan(const EventType* event, const std::vector<Check>& checks, const std::vector<Effect>& effects) {
  PlanPrinter(p_, event).Print(checks, effects, text_);
}

void Printer::Event(const EventType& event) {
  bool unknown = p_.unknown_event < p_.events.size() && &p_.events[p_.unknown_event] == &event;
  text_ += "\nevent";
  if (!unknown || !event.name.empty()) text_ += " " + Name(event.name);
  if (unknown) text_ += " (any other)";
  text_ += " " + ShapeText(event.shape);
  if (event.slot_count != event.slot_names.size()) text_ += " of " + std::to_string(event.slot_count) + " slots";
  if (event.time_slot != kNone) text_ += " time in " + std::to_string(event.time_slot);
  for (size_t i = 0; i < event.slot_names.size(); ++i) text_ += (i == 0 ? ": " : ", ") + Name(event.slot_names[i]);
  text_ += PlaceText(p_, event.span) + "\n";
  Plan(&event, event.checks, event.effects);
}

}  // namespace

std::string Print(const Program& program) { return Printer(program).Run(); }

}  // namespace edict::ir
