// The text of a whole Program.
#include "compiler/ir/print.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/ir/builder.h"

namespace edict::ir {
namespace {

// A small rule set as the compiler would make it.
Program Example() {
  Builder b;
  Program& p = b.program();
  p.package = "demo";
  p.version = "1.0.0";
  Code code;
  code.code = "D1";
  code.title = "ids are not empty";
  code.rule = "D1";
  code.package = "demo";
  p.codes.push_back(code);
  p.faults[static_cast<int>(Fault::kWrongType)] = 0;
  p.enums.push_back({"phase", {"idle", "active"}});
  p.scopes.push_back({"run", kNone});
  Cell phase;
  phase.name = "phase";
  phase.rep = Kind::kInt;
  phase.enum_id = 0;
  phase.initial = b.Constant(Value::Int(1));
  phase.scope = 0;
  p.cells.push_back(phase);
  Cell owner;
  owner.name = "owner";
  owner.kind = CellKind::kMap;
  owner.rep = owner.key_rep = Kind::kString;
  owner.optional = true;
  owner.bound = 100;
  owner.bound_code = 0;
  p.cells.push_back(owner);

  Shape text;
  text.kind = ShapeKind::kString;
  p.shapes.push_back(text);
  Shape record;
  record.kind = ShapeKind::kRecord;
  record.name = "ADD";
  record.closed = true;
  record.fields.push_back({b.StringConstant("id"), 0, false, 0});
  record.fields.push_back({b.StringConstant("tag"), 0, true, 1});
  p.shapes.push_back(record);

  NodeId id = b.Make(Op::kSlot, Kind::kString, 0, {});
  NodeId size = b.Make(Op::kCallDyn, Kind::kInt, b.StringConstant("size"), {id}, 1);
  NodeId zero = b.Const(Value::Int(0));
  EventType event;
  event.name = "ADD";
  event.shape = 1;
  event.slot_count = 2;
  event.slot_names = {"id", "tag"};
  Check check;
  check.code = 0;
  check.guard = b.Make(Op::kCallDyn, Kind::kBool, b.StringConstant("_!=_"), {size, b.Const(Value::Int(7))});
  Clause clause;
  clause.condition = b.Make(Op::kCallDyn, Kind::kBool, b.StringConstant("_>_"), {size, zero});
  clause.blame.steps.push_back({b.StringConstant("id"), kNone});
  clause.message.parts = {"it has ", " bytes"};
  clause.message.nodes = {size};
  check.clauses.push_back(clause);
  event.checks.push_back(check);
  Effect put;
  put.kind = EffectKind::kPut;
  put.target = 1;
  put.keys = {id};
  put.value = b.Make(Op::kOptSlot, Kind::kOptional, 1, {});
  put.optional_value = true;
  event.effects.push_back(put);
  p.events.push_back(event);
  return b.Take();
}

TEST(Print, AWholeProgram) {
  EXPECT_EQ(Print(Example()),
            "program demo 1.0.0\n"
            "code D1 error \"ids are not empty\"\n"
            "fault wrong_type D1\n"
            "enum phase: idle active\n"
            "scope run\n"
            "cell phase: int of phase = 1 active in run\n"
            "map owner?: string -> string bound 100 else D1\n"
            "shape #0 record named ADD closed\n"
            "  id: string in slot 0\n"
            "  tag?: string in slot 1\n"
            "\n"
            "event ADD #0: id, tag\n"
            "  check D1 order 0\n"
            "  %0 = (dynamic .size e.id):int\n"
            "    when (dynamic _!=_ %0 7):bool\n"
            "    require (dynamic _>_ %0 0):bool at /id else \"it has {%0} bytes\"\n"
            "  put owner [e.id] ?= (opt e.tag)\n"
            "\n"
            "end of stream\n");
}

TEST(Print, IsStable) { EXPECT_EQ(Print(Example()), Print(Example())); }

TEST(Print, DeepNodesTakeSeveralLines) {
  Builder b;
  NodeId node = b.Make(Op::kSlot, Kind::kBool, 0, {});
  for (int i = 0; i < 100'000; ++i) node = b.Make(Op::kNot, Kind::kBool, kNone, {node});
  std::string text = PrintNode(b.program(), node);
  EXPECT_GT(std::count(text.begin(), text.end(), '\n'), 2000);
}

}  // namespace
}  // namespace edict::ir
