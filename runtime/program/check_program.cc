// CheckProgram: what a runner of Programs may rely on. One small checker per kind of entity; the first fault wins.
#include <algorithm>
#include <initializer_list>

#include "runtime/program/host_function.h"
#include "runtime/program/op_info.h"
#include "runtime/program/serialize.h"

namespace edict {
namespace {

constexpr uint32_t kOverloads = 0
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) +1
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
    ;

class Checker {
 public:
  explicit Checker(const Program& program) : p_(program) {}

  Status Run() {
    Constants();
    for (const HostDecl& host : p_.host_functions) OneHostFunction(host);
    Nodes();
    Tables();
    Shapes();
    for (const EventType& event : p_.events) Event(event);
    for (const Check& check : p_.end_checks) OneCheck(check, 0);
    for (const Timer& timer : p_.timers) OneTimer(timer);
    if (wrong_.empty()) return {};
    return Error{"the compiled program is damaged: " + wrong_};
  }

 private:
  void Need(bool condition, const char* what) {
    if (!condition && wrong_.empty()) wrong_ = what;
  }
  template <typename T>
  void Index(uint32_t i, const std::vector<T>& in, const char* what) {
    Need(i < in.size(), what);
  }
  template <typename T>
  void Maybe(uint32_t i, const std::vector<T>& in, const char* what) {
    Need(i == kNone || i < in.size(), what);
  }
  template <typename E>
  void InRange(E v, E last, const char* what) {
    Need(static_cast<uint8_t>(v) <= static_cast<uint8_t>(last), what);
  }
  void StringConstant(uint32_t i) {
    Need(i < p_.constants.size() && p_.constants[i].kind == Kind::kString, "a string constant is missing");
  }
  void LocalVar(uint32_t i) { Need(i < p_.local_count, "a local is out of range"); }
  void MaybeSpan(uint32_t i) { Maybe(i, p_.spans, "a span is out of range"); }

  static bool Storable(const Value& v) { return v.kind != Kind::kAbsent && v.kind != Kind::kError; }
  void Constants() {
    for (const Value& v : p_.constants) Need(Storable(v), "a constant has no value");
  }

  void OneHostFunction(const HostDecl& host);
  void Nodes();
  void Operands(const Node& n);
  void Arguments(const Node& n);
  void Tables();
  void OneReload(const ReloadClause& reload);
  void OneKeep(const Keep& keep);
  void Shapes();
  void OneShape(const Shape& shape);
  bool ShapeEnds(uint32_t shape, std::vector<uint8_t>& seen);
  // A node that runs where `slots` slots exist.
  void Root(uint32_t node, uint32_t slots) {
    Index(node, p_.nodes, "a node is out of range");
    if (wrong_.empty()) Need(slots_used_[node] <= slots, "a node reads a slot that its event does not have");
  }
  void MaybeRoot(uint32_t node, uint32_t slots) {
    if (node != kNone) Root(node, slots);
  }
  void OneBlame(const Blame& blame, size_t loops, uint32_t slots);
  void Loops(const std::vector<Loop>& loops, uint32_t slots);
  void OneCheck(const Check& check, uint32_t slots);
  void OneEffect(const Effect& effect, uint32_t slots);
  void Event(const EventType& event);
  void Times();
  void OneTimer(const Timer& timer);

  const Program& p_;
  std::vector<uint32_t> slots_used_;  // by node: 1 + the highest slot that it or its operands read
  std::string wrong_;
};

void Checker::OneHostFunction(const HostDecl& host) {
  Need(!host.name.empty(), "a host function has no name");
  Need(host.params.size() <= kMaxHostParams, "a host function has too many parameters");
  Need(std::all_of(host.params.begin(), host.params.end(), IsHostKind) && IsHostKind(host.result),
       "a host function's type is none that it may have");
  Need(host.cost >= 1 && host.cost <= kMaxHostCost, "a host function's cost is out of range");
  MaybeSpan(host.span);
}

void Checker::Nodes() {
  slots_used_.resize(p_.nodes.size());
  for (size_t i = 0; i < p_.nodes.size() && wrong_.empty(); ++i) {
    const Node& n = p_.nodes[i];
    InRange(n.op, Op::kEnumName, "an unknown operation");
    InRange(n.rep, Kind::kError, "an unknown kind");
    Need(n.args <= p_.args.size() && n.arg_count <= p_.args.size() - n.args, "operands are out of range");
    MaybeSpan(n.span);
    if (!wrong_.empty()) return;
    uint32_t slots = 0;
    for (uint32_t a = 0; a < n.arg_count; ++a) {
      const uint32_t child = p_.args[n.args + a];
      Need(child < i, "an operand does not precede its node");
      if (!wrong_.empty()) return;
      slots = std::max(slots, slots_used_[child]);
    }
    if (n.op == Op::kSlot || n.op == Op::kPresent || n.op == Op::kOptSlot) {
      Need(n.imm != kNone, "a node reads no slot");
      slots = n.imm + 1;
    }
    slots_used_[i] = slots;
    Operands(n);
    Arguments(n);
  }
}

// What imm and imm2 refer to.
void Checker::Operands(const Node& n) {
  switch (n.op) {
    case Op::kConst:
      return Index(n.imm, p_.constants, "a constant is out of range");
    case Op::kLocal:
    case Op::kLet:
      return LocalVar(n.imm);
    case Op::kField:
    case Op::kHasField:
    case Op::kOptField:
    case Op::kCallDyn:
      return StringConstant(n.imm);
    case Op::kCall:
      return Need(n.imm < kOverloads, "an unknown builtin");
    case Op::kCallHost:
      Index(n.imm, p_.host_functions, "a host function is out of range");
      if (wrong_.empty()) Need(n.rep == p_.host_functions[n.imm].result, "a host function's value is of another kind");
      return;
    case Op::kList:
    case Op::kMap: {
      if (n.imm == kNone) return;
      const uint32_t marks = n.op == Op::kMap ? n.arg_count / 2 : n.arg_count;
      return Need(n.imm < p_.constants.size() && p_.constants[n.imm].kind == Kind::kBytes && p_.constants[n.imm].size == marks,
                  "the marks of optional elements are missing");
    }
    case Op::kFold: {
      Index(n.imm, p_.folds, "a comprehension is out of range");
      if (!wrong_.empty()) return;
      const Fold& fold = p_.folds[n.imm];
      LocalVar(fold.element);
      LocalVar(fold.accu);
      if (fold.second != kNone) LocalVar(fold.second);
      return;
    }
    case Op::kCell:
    case Op::kCellHas:
    case Op::kCellOpt:
      return Need(n.imm < p_.cells.size() && p_.cells[n.imm].kind == CellKind::kScalar, "a scalar cell is missing");
    case Op::kEntry:
    case Op::kEntryOpt:
      return Need(n.imm < p_.cells.size() && p_.cells[n.imm].kind == CellKind::kMap, "a map cell is missing");
    case Op::kEntryHas:
    case Op::kCellSize:
    case Op::kCellKeys:
      return Need(n.imm < p_.cells.size() && p_.cells[n.imm].kind != CellKind::kScalar, "a map or set cell is missing");
    case Op::kLifeState:
    case Op::kLifeCount:
    case Op::kLifeKeys:
      return Index(n.imm, p_.lifecycles, "a lifecycle is out of range");
    case Op::kLifeKeep:
    case Op::kLifeComplete:
      return Need(n.imm < p_.lifecycles.size() && n.imm2 < p_.lifecycles[n.imm].keeps.size(), "a keep is out of range");
    case Op::kDocument:
    case Op::kDocumentHas:
    case Op::kDocumentAt:
    case Op::kPatchFault:
      return Index(n.imm, p_.documents, "a document is out of range");
    case Op::kWindow:
      return Index(n.imm, p_.windows, "a window is out of range");
    case Op::kArmed:
      return Index(n.imm, p_.timers, "a timer is out of range");
    case Op::kScopeOpen:
      return Index(n.imm, p_.scopes, "a scope is out of range");
    case Op::kEnumName:
      return Index(n.imm, p_.enums, "an enum is out of range");
    default:
      return;
  }
}

// How many operands the operation takes.
void Checker::Arguments(const Node& n) {
  uint32_t want = InfoOf(n.op).operands;
  if (n.op == Op::kMap) return Need(n.arg_count % 2 == 0, "a map has a key without value");
  const bool keyed = n.op == Op::kLifeState || n.op == Op::kLifeKeep || n.op == Op::kLifeComplete;
  if (keyed && wrong_.empty()) want = p_.lifecycles[n.imm].key_count;
  if (n.op == Op::kWindow && wrong_.empty()) want = p_.windows[n.imm].key_count;
  if (n.op == Op::kCallHost && wrong_.empty()) want = static_cast<uint32_t>(p_.host_functions[n.imm].params.size());
  if (n.op == Op::kArmed && wrong_.empty()) want = p_.timers[n.imm].key_count;
  if (want == OpInfo::kVaries) return;
  Need(n.arg_count == want, "a node has the wrong number of operands");
}

void Checker::Tables() {
  for (const Code& code : p_.codes) {
    InRange(code.severity, Severity::kCritical, "an unknown severity");
    MaybeSpan(code.span);
  }
  for (const Span& span : p_.spans) Index(span.file, p_.files, "a span's file is out of range");
  for (const uint32_t fault : p_.faults) Maybe(fault, p_.codes, "a fault's code is out of range");
  for (const Cell& cell : p_.cells) {
    InRange(cell.kind, CellKind::kMap, "an unknown kind of cell");
    InRange(cell.rep, Kind::kError, "an unknown kind");
    InRange(cell.key_rep, Kind::kError, "an unknown kind");
    Maybe(cell.enum_id, p_.enums, "a cell's enum is out of range");
    Maybe(cell.initial, p_.constants, "a cell's initial value is out of range");
    Maybe(cell.bound_code, p_.codes, "a cell's code is out of range");
    Maybe(cell.scope, p_.scopes, "a cell's scope is out of range");
    MaybeSpan(cell.span);
  }
  for (const Lifecycle& life : p_.lifecycles) {
    Index(life.states, p_.enums, "a lifecycle's states are out of range");
    if (wrong_.empty()) Need(!p_.enums[life.states].names.empty(), "a lifecycle has no states");
    Need(life.key_count >= 1 && life.key_count <= 64, "a lifecycle has no keys, or too many");
    Maybe(life.bound_code, p_.codes, "a lifecycle's code is out of range");
    Maybe(life.scope, p_.scopes, "a lifecycle's scope is out of range");
    MaybeSpan(life.span);
    for (const Keep& keep : life.keeps) OneKeep(keep);
  }
  for (const Document& document : p_.documents) {
    Maybe(document.bound_code, p_.codes, "a document's code is out of range");
    Maybe(document.scope, p_.scopes, "a document's scope is out of range");
    MaybeSpan(document.span);
  }
  for (const Scope& scope : p_.scopes) Maybe(scope.parent, p_.scopes, "a scope's parent is out of range");
  for (size_t i = 0; i < p_.scopes.size() && wrong_.empty(); ++i) {
    size_t steps = 0;
    for (uint32_t s = p_.scopes[i].parent; s != kNone && steps <= p_.scopes.size(); s = p_.scopes[s].parent) ++steps;
    Need(steps <= p_.scopes.size(), "scopes contain each other");
  }
  Times();
  for (const ReloadClause& reload : p_.reloads) OneReload(reload);
  for (const Dependency& dep : p_.dependencies) InRange(dep.kind, DepKind::kAfter, "an unknown dependency");
  if (p_.discriminator != kNone) StringConstant(p_.discriminator);
  Maybe(p_.unknown_event, p_.events, "the plan of unknown events is out of range");
  Need(p_.local_count <= (1u << 20), "too many locals");
}

void Checker::OneReload(const ReloadClause& reload) {
  using Of = ReloadClause::Of;
  InRange(reload.of, Of::kTimer, "an unknown kind of state");
  InRange(reload.policy, ReloadClause::Policy::kMigrate, "an unknown policy");
  const size_t declared[] = {p_.cells.size(),     p_.lifecycles.size(), p_.lifecycles.size(),
                             p_.documents.size(), p_.windows.size(),    p_.timers.size()};
  if (!wrong_.empty()) return;
  Need(reload.target < declared[static_cast<int>(reload.of)], "what is reloaded is out of range");
  if (!wrong_.empty()) return;
  if (reload.of == Of::kKeep)
    Need(reload.member < p_.lifecycles[reload.target].keeps.size(), "a keep that is reloaded is out of range");
  if (reload.policy != ReloadClause::Policy::kMigrate) return;
  Need(reload.of == Of::kCell && p_.cells[reload.target].kind == CellKind::kScalar, "what is migrated is no scalar");
  Index(reload.value, p_.nodes, "a migrated value is out of range");
  Need(p_.local_count >= 1, "a migrated value has no local");
  if (wrong_.empty()) Need((p_.nodes[reload.value].flags & Node::kReadsState) == 0, "a migrated value reads state");
}

void Checker::OneKeep(const Keep& keep) {
  InRange(keep.rep, Kind::kError, "an unknown kind");
  Maybe(keep.initial, p_.constants, "a keep's initial value is out of range");
  const bool text = keep.rep == Kind::kString;
  Need(text || keep.initial != kNone, "a keep has no initial value");
  Need(!text || keep.bound <= kMaxTextBound, "a keep's bound is too large");
  if (wrong_.empty() && !text) Need(p_.constants[keep.initial].kind == keep.rep, "a keep's initial value is of another kind");
  Maybe(keep.bound_code, p_.codes, "a keep's code is out of range");
  MaybeSpan(keep.span);
}

// Windows and timers, but for what a timer runs.
void Checker::Times() {
  InRange(p_.clock.unit, TimeUnit::kText, "an unknown unit of time");
  Need(p_.clock.late <= uint64_t{INT64_MAX}, "the tolerated lateness is too long");
  for (const Window& window : p_.windows) {
    InRange(window.function, WindowFunction::kRate, "an unknown function of a window");
    InRange(window.rep, Kind::kError, "an unknown kind");
    const bool adds_up = window.function == WindowFunction::kSum || window.function == WindowFunction::kMin ||
                         window.function == WindowFunction::kMax;
    Need(!adds_up || window.rep == Kind::kInt || window.rep == Kind::kDouble, "a window's values are no numbers");
    Need(window.key_count <= 64, "a window has too many keys");
    Need(window.length >= 1 && window.length <= uint64_t{INT64_MAX}, "a window has no length");
    Need(window.bound_entries >= 1 && (window.bound_keys >= 1 || window.key_count == 0), "a window has no bound");
    Maybe(window.bound_code, p_.codes, "a window's code is out of range");
    Maybe(window.scope, p_.scopes, "a window's scope is out of range");
    MaybeSpan(window.span);
  }
  for (const Timer& timer : p_.timers) {
    Need(timer.key_count <= 64, "a timer has too many keys");
    Need(timer.within <= uint64_t{INT64_MAX}, "a timer's time is too long");
    Need(timer.bound >= 1, "a timer has no bound");
    Maybe(timer.bound_code, p_.codes, "a timer's code is out of range");
    Maybe(timer.scope, p_.scopes, "a timer's scope is out of range");
    MaybeSpan(timer.span);
  }
}

void Checker::OneTimer(const Timer& timer) {
  for (const Check& check : timer.expiry) OneCheck(check, 0);
  if (timer.expiry.empty()) return;
  Need(timer.first_local <= p_.local_count && p_.local_count - timer.first_local >= timer.key_count + 3,
       "a timer's locals are out of range");
}

void Checker::OneShape(const Shape& shape) {
  InRange(shape.kind, ShapeKind::kUnion, "an unknown kind of shape");
  Maybe(shape.element, p_.shapes, "a shape is out of range");
  Maybe(shape.otherwise, p_.shapes, "a shape is out of range");
  if (shape.kind == ShapeKind::kTagged) StringConstant(shape.tag_field);
  for (const uint32_t literal : shape.literals) Index(literal, p_.constants, "a literal is out of range");
  for (const ShapeField& field : shape.fields) {
    StringConstant(field.name);
    Index(field.shape, p_.shapes, "a shape is out of range");
  }
  for (const ShapeAlternative& alternative : shape.alternatives) {
    StringConstant(alternative.tag);
    Index(alternative.shape, p_.shapes, "a shape is out of range");
  }
  for (const uint32_t member : shape.members) Index(member, p_.shapes, "a shape is out of range");
  for (const ShapeConstraint& constraint : shape.constraints) {
    Root(constraint.condition, 0);
    Maybe(constraint.code, p_.codes, "a constraint's code is out of range");
    LocalVar(0);
  }
}

// A value's check must come to an end: shapes that pass the same value on (unions, tags) may not form a cycle.
bool Checker::ShapeEnds(uint32_t shape, std::vector<uint8_t>& seen) {
  if (seen[shape] != 0) return seen[shape] == 2;
  seen[shape] = 1;
  const Shape& s = p_.shapes[shape];
  bool ends = true;
  if (s.kind == ShapeKind::kUnion) {
    for (const uint32_t member : s.members) ends = ends && ShapeEnds(member, seen);
  } else if (s.kind == ShapeKind::kTagged) {
    for (const ShapeAlternative& alternative : s.alternatives) ends = ends && ShapeEnds(alternative.shape, seen);
    if (s.otherwise != kNone) ends = ends && ShapeEnds(s.otherwise, seen);
  }
  if (ends) seen[shape] = 2;
  return ends;
}

void Checker::Shapes() {
  for (const Shape& shape : p_.shapes) OneShape(shape);
  std::vector<uint8_t> seen(p_.shapes.size());
  for (uint32_t i = 0; i < p_.shapes.size() && wrong_.empty(); ++i) {
    Need(ShapeEnds(i, seen), "a shape is made of itself");
  }
}

void Checker::OneBlame(const Blame& blame, size_t loops, uint32_t slots) {
  Need(blame.base_loop == kNone || blame.base_loop < loops, "a blamed loop is out of range");
  for (const BlameStep& step : blame.steps) {
    if (step.key != kNone) {
      StringConstant(step.key);
    } else {
      Root(step.node, slots);
    }
  }
}

void Checker::Loops(const std::vector<Loop>& loops, uint32_t slots) {
  for (size_t i = 0; i < loops.size(); ++i) {
    Root(loops[i].range, slots);
    LocalVar(loops[i].element);
    if (loops[i].index != kNone) LocalVar(loops[i].index);
    OneBlame(loops[i].path, i, slots);
  }
}

void Checker::OneCheck(const Check& check, uint32_t slots) {
  Index(check.code, p_.codes, "a check's code is out of range");
  MaybeRoot(check.guard, slots);
  for (const uint32_t code : check.after) Index(code, p_.codes, "an `after` code is out of range");
  MaybeSpan(check.span);
  for (const Clause& clause : check.clauses) {
    MaybeSpan(clause.span);
    Loops(clause.loops, slots);
    Root(clause.condition, slots);
    OneBlame(clause.blame, clause.loops.size(), slots);
    Need(clause.message.parts.size() == clause.message.nodes.size() + 1, "a message's parts do not add up");
    for (const uint32_t node : clause.message.nodes) Root(node, slots);
  }
}

void Checker::OneEffect(const Effect& effect, uint32_t slots) {
  InRange(effect.kind, EffectKind::kDocumentForget, "an unknown kind of effect");
  MaybeRoot(effect.guard, slots);
  MaybeRoot(effect.value, slots);
  MaybeSpan(effect.span);
  Loops(effect.loops, slots);
  for (const uint32_t key : effect.keys) Root(key, slots);
  const bool of_cell = effect.kind <= EffectKind::kClear;
  if (of_cell) Index(effect.target, p_.cells, "an effect's cell is out of range");
  if (effect.kind == EffectKind::kLifeSet) Index(effect.target, p_.lifecycles, "an effect's lifecycle is out of range");
  if (effect.kind == EffectKind::kWindowAdd) Index(effect.target, p_.windows, "an effect's window is out of range");
  if (effect.kind == EffectKind::kArm || effect.kind == EffectKind::kDisarm) {
    Index(effect.target, p_.timers, "an effect's timer is out of range");
  }
  if (effect.kind == EffectKind::kKeep) {
    Need(effect.target < p_.lifecycles.size() && effect.member < p_.lifecycles[effect.target].keeps.size(),
         "an effect's keep is out of range");
  }
  if (effect.kind >= EffectKind::kDocumentSet) Index(effect.target, p_.documents, "an effect's document is out of range");
  Maybe(effect.code, p_.codes, "an effect's code is out of range");
  if (effect.kind == EffectKind::kScopeOpen || effect.kind == EffectKind::kScopeClose) {
    Index(effect.target, p_.scopes, "an effect's scope is out of range");
  }
  if (!wrong_.empty()) return;
  const CellKind cell = of_cell ? p_.cells[effect.target].kind : CellKind::kScalar;
  size_t keys = 0;
  switch (effect.kind) {
    case EffectKind::kSet:
      Need(cell == CellKind::kScalar, "an effect does not fit its cell");
      break;
    case EffectKind::kPut:
      Need(cell == CellKind::kMap, "an effect does not fit its cell");
      keys = 1;
      break;
    case EffectKind::kErase:
      Need(cell != CellKind::kScalar, "an effect does not fit its cell");
      keys = 1;
      break;
    case EffectKind::kInsert:
      Need(cell == CellKind::kSet, "an effect does not fit its cell");
      keys = 1;
      break;
    case EffectKind::kLifeSet:
      Need(effect.value != kNone, "a transition has no target state");
      keys = p_.lifecycles[effect.target].key_count;
      break;
    case EffectKind::kKeep:
      Need(effect.value != kNone, "a keep has no value");
      keys = p_.lifecycles[effect.target].key_count;
      break;
    case EffectKind::kDocumentSet:
    case EffectKind::kDocumentPatch:
      Need(effect.value != kNone, "a document's effect has no value");
      break;
    case EffectKind::kWindowAdd: {
      const Window& window = p_.windows[effect.target];
      const bool counts = window.function == WindowFunction::kCount || window.function == WindowFunction::kRate;
      Need(counts == (effect.value == kNone), "a window's value is missing, or one too many");
      keys = window.key_count;
      break;
    }
    case EffectKind::kArm:
    case EffectKind::kDisarm:
      keys = p_.timers[effect.target].key_count;
      break;
    default:
      break;
  }
  Need(effect.keys.size() == keys, "an effect has the wrong number of keys");
}

void Checker::Event(const EventType& event) {
  Index(event.shape, p_.shapes, "an event's shape is out of range");
  Need(event.slot_count <= (1u << 20), "an event has too many slots");
  MaybeSpan(event.span);
  if (!wrong_.empty()) return;
  Need(event.time_slot == kNone || event.time_slot < event.slot_count, "an event's time is out of range");
  for (const ShapeField& field : p_.shapes[event.shape].fields) {
    Need(field.slot == kNone || field.slot < event.slot_count, "a field's slot is out of range");
  }
  for (const Check& check : event.checks) OneCheck(check, event.slot_count);
  for (const Effect& effect : event.effects) OneEffect(effect, event.slot_count);
}

}  // namespace

Status CheckProgram(const Program& program) { return Checker(program).Run(); }

}  // namespace edict
