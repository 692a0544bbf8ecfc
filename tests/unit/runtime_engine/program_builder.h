// Small Programs by hand, for the tests of the engine.
#ifndef EDICT_TESTS_UNIT_RUNTIME_ENGINE_PROGRAM_BUILDER_H_
#define EDICT_TESTS_UNIT_RUNTIME_ENGINE_PROGRAM_BUILDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/program/program.h"
#include "runtime/program/serialize.h"

namespace edict {

// One family told apart by `type`. Event A { id: string, ok: bool?, items: any? }: slots 0, 1, 2; event END {}.
class ProgramBuilder {
 public:
  enum : uint32_t { kId = 0, kOk = 1, kItems = 2 };

  ProgramBuilder() {
    const char* names[kFaultCount] = {"NOT_OBJECT", "MISSING_TYPE", "UNKNOWN_TYPE", "MISSING_FIELD", "WRONG_TYPE",
                                      "CONSTRAINT", "EXTRA_FIELD",  "MALFORMED",    "EDICT_EVAL",    "BOUND",
                                      "LATE",       "BAD_TIME",     "FRAMING"};
    for (int i = 0; i < kFaultCount; ++i) p.faults[i] = AddCode(names[i], Severity::kError);
    p.discriminator = Text("type");
    p.local_count = 4;
    AddEvent("A", {{"id", ShapeKind::kString, false}, {"ok", ShapeKind::kBool, true}, {"items", ShapeKind::kAnything, true}});
    AddEvent("END", {});
  }

  uint32_t Text(const std::string& text) {
    p.constants.push_back(Value::String({p.memory->Copy(text), text.size()}));
    return static_cast<uint32_t>(p.constants.size()) - 1;
  }
  uint32_t Const(const Value& v) {
    p.constants.push_back(v);
    return N(Op::kConst, static_cast<uint32_t>(p.constants.size()) - 1);
  }
  uint32_t N(Op op, uint32_t imm, std::vector<uint32_t> args = {}) {
    Node node;
    node.op = op;
    node.imm = imm;
    node.args = static_cast<uint32_t>(p.args.size());
    node.arg_count = static_cast<uint32_t>(args.size());
    p.args.insert(p.args.end(), args.begin(), args.end());
    p.nodes.push_back(node);
    return static_cast<uint32_t>(p.nodes.size()) - 1;
  }
  uint32_t Not(uint32_t a) { return N(Op::kNot, kNone, {a}); }
  uint32_t Slot(uint32_t slot) { return N(Op::kSlot, slot); }

  uint32_t AddCode(const std::string& name, Severity severity) {
    Code code;
    code.code = name;
    code.rule = name + " rule";
    code.package = "test";
    code.severity = severity;
    p.codes.push_back(code);
    return static_cast<uint32_t>(p.codes.size()) - 1;
  }
  static Message Says(const std::string& text) { return {{text}, {}}; }

  // A check with one clause without loops, blaming `blame`.
  Check& AddCheck(uint32_t code, uint32_t condition, Blame blame = {}, uint32_t event = 0) {
    Check check;
    check.code = code;
    check.order = static_cast<uint32_t>(p.events[event].checks.size());
    Clause clause;
    clause.condition = condition;
    clause.blame = std::move(blame);
    clause.message = Says("no");
    check.clauses.push_back(clause);
    p.events[event].checks.push_back(check);
    return p.events[event].checks.back();
  }
  Blame At(const std::string& field) {
    Blame blame;
    blame.steps.push_back({Text(field), kNone});
    return blame;
  }
  Effect& AddEffect(EffectKind kind, uint32_t target, std::vector<uint32_t> keys, uint32_t value = kNone, uint32_t event = 0) {
    Effect effect;
    effect.kind = kind;
    effect.target = target;
    effect.keys = std::move(keys);
    effect.value = value;
    p.events[event].effects.push_back(effect);
    return p.events[event].effects.back();
  }
  uint32_t AddSet(uint64_t bound) {
    Cell cell;
    cell.name = "seen";
    cell.kind = CellKind::kSet;
    cell.key_rep = Kind::kString;
    cell.bound = bound;
    p.cells.push_back(cell);
    return static_cast<uint32_t>(p.cells.size()) - 1;
  }

  std::shared_ptr<const Program> Take() { return std::make_shared<const Program>(std::move(p)); }

  Program p;

 private:
  struct Field {
    std::string name;
    ShapeKind kind;
    bool optional;
  };
  uint32_t AddShape(ShapeKind kind) {
    Shape shape;
    shape.kind = kind;
    p.shapes.push_back(shape);
    return static_cast<uint32_t>(p.shapes.size()) - 1;
  }
  void AddEvent(const std::string& name, const std::vector<Field>& fields) {
    Shape record;
    record.kind = ShapeKind::kRecord;
    record.name = name;
    EventType event;
    event.name = name;
    for (const Field& field : fields) {
      record.fields.push_back({Text(field.name), AddShape(field.kind), field.optional, event.slot_count++});
      event.slot_names.push_back(field.name);
    }
    p.shapes.push_back(record);
    event.shape = static_cast<uint32_t>(p.shapes.size()) - 1;
    p.events.push_back(event);
  }
};

}  // namespace edict

#endif  // EDICT_TESTS_UNIT_RUNTIME_ENGINE_PROGRAM_BUILDER_H_
