#include "runtime/program/serialize.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace edict {
namespace {

uint32_t AddNode(Program& p, Op op, uint32_t imm, std::vector<uint32_t> args = {}) {
  Node node;
  node.op = op;
  node.imm = imm;
  node.args = static_cast<uint32_t>(p.args.size());
  node.arg_count = static_cast<uint32_t>(args.size());
  p.args.insert(p.args.end(), args.begin(), args.end());
  p.nodes.push_back(node);
  return static_cast<uint32_t>(p.nodes.size()) - 1;
}

void AddConstants(Program& p) {
  Value* items = p.memory->AllocateArray<Value>(3);
  items[0] = Value::Int(-7);
  items[1] = Value::Double(1.5);
  items[2] = Value::Optional(&items[0]);
  auto* entries = p.memory->AllocateArray<MapEntry>(1);
  entries[0] = {Value::String("k"), Value::List(items, 3)};
  p.constants = {Value::String("type"),   Value::String("A"),     Value::Bytes("\x01"),     Value::Null(),
                 Value::Bool(true),       Value::Map(entries, 1), Value::Uint(9),           Value::Timestamp(-5, 999999),
                 Value::Duration(-1, -5), Value::Type("int"),     Value::Optional(nullptr), Value::String("delta")};
}

void AddPlan(Program& p) {
  const uint32_t slot = AddNode(p, Op::kSlot, 0);
  const uint32_t local = AddNode(p, Op::kLocal, 0);
  const uint32_t test = AddNode(p, Op::kAnd, kNone, {AddNode(p, Op::kConst, 4), AddNode(p, Op::kNot, kNone, {local})});
  EventType event;
  event.name = "A";
  event.shape = 1;
  event.slot_count = 1;
  event.slot_names = {"delta"};
  Check check;
  check.code = 0;
  check.order = 3;
  check.after = {1};
  Clause clause;
  clause.condition = test;
  Loop loop;
  loop.range = slot;
  loop.element = 0;
  loop.path.steps.push_back({11, kNone});
  loop.known = true;
  clause.loops.push_back(loop);
  clause.blame.base_loop = 0;
  clause.blame.steps.push_back({kNone, slot});
  clause.message.parts = {"got ", "!"};
  clause.message.nodes = {slot};
  check.clauses.push_back(clause);
  event.checks.push_back(check);
  Effect effect;
  effect.kind = EffectKind::kInsert;
  effect.target = 0;
  effect.keys = {slot};
  effect.span = 0;
  event.effects.push_back(effect);
  p.events.push_back(event);
}

// A lifecycle's keeps and a document, with effects that change them and nodes that read them.
void AddKeepsAndDocument(Program& p) {
  p.lifecycles[0].keeps.push_back({"text", Kind::kString, kNone, 1000, 1, 0});
  p.lifecycles[0].keeps.push_back({"n", Kind::kUint, 6, 0, kNone, kNone});
  p.documents.push_back({"shared", 5000, 1, 0, 0});
  const uint32_t key = AddNode(p, Op::kSlot, 0);
  const uint32_t kept = AddNode(p, Op::kLifeKeep, 0, {key});
  p.nodes[kept].imm2 = 1;
  const uint32_t at = AddNode(p, Op::kDocumentAt, 0, {key});
  Effect effect;
  effect.kind = EffectKind::kKeep;
  effect.target = 0;
  effect.member = 1;
  effect.keys = {key};
  effect.value = kept;
  p.events[0].effects.push_back(effect);
  effect = {};
  effect.kind = EffectKind::kDocumentPatch;
  effect.target = 0;
  effect.value = at;
  effect.code = 1;
  p.events[0].effects.push_back(effect);
}

// A clock, a window and a deadline with one key each.
void AddTimed(Program& p) {
  p.clock.unit = TimeUnit::kMilliseconds;
  p.clock.late = 5'000'000'000;
  Window window;
  window.name = "burst";
  window.function = WindowFunction::kSum;
  window.rep = Kind::kInt;
  window.key_count = 1;
  window.length = 10;
  window.tumbling = true;
  window.bound_keys = 3;
  window.bound_entries = 1ull << 40;
  window.scope = 0;
  p.windows.push_back(window);
  Timer timer;
  timer.name = "answer";
  timer.key_count = 1;
  timer.within = 7;
  timer.bound = 9;
  timer.deadline = true;
  Check check;
  check.code = 1;
  p.local_count = 4;
  timer.expiry.push_back(check);
  p.timers.push_back(timer);
  p.events[0].time_slot = 0;
  Effect effect;
  effect.kind = EffectKind::kWindowAdd;
  effect.target = 0;
  effect.keys = {0};
  effect.value = 0;
  p.events[0].effects.push_back(effect);
  effect.kind = EffectKind::kArm;
  effect.value = kNone;
  p.events[0].effects.push_back(effect);
}

Program MakeProgram() {
  Program p;
  p.package = "test.pack";
  p.version = "1.2.3";
  p.files = {"a.rules"};
  p.spans.push_back({0, 1, 2, 3, 4});
  AddConstants(p);
  p.local_count = 2;
  p.enums.push_back({"phase", {"absent", "open"}});
  Shape any;
  Shape record;
  record.kind = ShapeKind::kRecord;
  record.fields.push_back({11, 0, false, 0});
  p.shapes = {any, record};
  for (const char* name : {"T1", "T2"}) {
    Code code;
    code.code = name;
    code.severity = Severity::kCritical;
    code.tags = {"x", "y"};
    p.codes.push_back(code);
  }
  for (uint32_t& fault : p.faults) fault = 1;
  AddPlan(p);
  p.unknown_event = 0;
  p.discriminator = 0;
  Cell cell;
  cell.name = "seen";
  cell.kind = CellKind::kSet;
  cell.bound = 1ull << 40;
  p.cells.push_back(cell);
  Lifecycle life;
  life.states = 0;
  p.lifecycles.push_back(life);
  p.scopes.push_back({"run", kNone});
  AddKeepsAndDocument(p);
  AddTimed(p);
  p.dependencies.push_back({"rule T1", DepKind::kAfter, "rule T2"});
  return p;
}

TEST(Serialize, RoundTripKeepsEverything) {
  const Program program = MakeProgram();
  ASSERT_TRUE(CheckProgram(program).ok()) << CheckProgram(program).error().message;
  const std::string bytes = Serialize(program);
  Result<Program> loaded = Deserialize(bytes);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(Serialize(loaded.value()), bytes);
  EXPECT_EQ(ContentHashOf(loaded.value()), ContentHashOf(program));
  const Program& p = loaded.value();
  EXPECT_EQ(p.package, "test.pack");
  EXPECT_EQ(p.constants[5].entries[0].value.items[2].inner->i, -7);
  EXPECT_EQ(p.constants[8].nanos(), -5);
  EXPECT_EQ(p.events[0].checks[0].clauses[0].message.parts[1], "!");
  EXPECT_EQ(p.cells[0].bound, 1ull << 40);
  EXPECT_EQ(p.lifecycles[0].keeps[0].bound, 1000u);
  EXPECT_EQ(p.lifecycles[0].keeps[1].initial, 6u);
  EXPECT_EQ(p.documents[0].name, "shared");
  EXPECT_EQ(p.documents[0].scope, 0u);
  EXPECT_EQ(p.events[0].effects[1].member, 1u);
  EXPECT_EQ(p.events[0].effects[2].code, 1u);
  EXPECT_EQ(p.codes[1].severity, Severity::kCritical);
}

TEST(Serialize, EmptyProgram) {
  Result<Program> loaded = Deserialize(Serialize(Program()));
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
}

TEST(Serialize, HashTellsProgramsApart) {
  Program other = MakeProgram();
  other.events[0].checks[0].order = 4;
  EXPECT_NE(ContentHashOf(MakeProgram()), ContentHashOf(other));
}

TEST(Deserialize, EveryTruncationIsAnError) {
  const std::string bytes = Serialize(MakeProgram());
  for (size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(Deserialize(std::string_view(bytes).substr(0, n)).ok()) << n;
  EXPECT_FALSE(Deserialize(bytes + '\0').ok());
}

TEST(Deserialize, EveryBitFlipIsAnError) {
  const std::string bytes = Serialize(MakeProgram());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Deserialize(damaged).ok()) << bit;
  }
}

TEST(Deserialize, ANewerFormatSaysSo) {
  std::string bytes = Serialize(MakeProgram());
  bytes[8] = static_cast<char>(kProgramFormat + 1);
  Result<Program> loaded = Deserialize(bytes);
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("format"), std::string::npos);
}

// Damage under a checksum that is right: nothing may crash, and what loads is sound.
TEST(Deserialize, DamageBehindTheChecksumNeverCrashes) {
  const std::string bytes = Serialize(MakeProgram());
  std::mt19937 random(1);
  int loaded = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string damaged = bytes;
    for (int n = 0; n < 1 + round % 3; ++n) {
      damaged[28 + random() % (damaged.size() - 28)] = static_cast<char>(random());
    }
    if (round % 5 == 0) damaged.resize(28 + random() % (damaged.size() - 28));
    const Hash128 hash = ContentHash(std::string_view(damaged).substr(28));
    std::memcpy(damaged.data() + 12, &hash.high, 8);
    std::memcpy(damaged.data() + 20, &hash.low, 8);
    Result<Program> result = Deserialize(damaged);
    if (!result.ok()) continue;
    ++loaded;
    EXPECT_TRUE(CheckProgram(result.value()).ok());
  }
  EXPECT_GT(loaded, 0);
}

TEST(CheckProgram, FindsEachWrongIndex) {
  const std::vector<std::function<void(Program&)>> damages = {
      [](Program& p) { p.nodes[0].imm = 1; },  // a slot the event does not have
      [](Program& p) { p.args[0] = 99; },
      [](Program& p) { p.nodes[1].imm = 4; },   // a local
      [](Program& p) { p.nodes[2].imm = 99; },  // a constant
      [](Program& p) { p.events[0].shape = 7; },
      [](Program& p) { p.events[0].checks[0].code = 2; },
      [](Program& p) { p.events[0].checks[0].clauses[0].condition = kNone; },
      [](Program& p) { p.events[0].checks[0].clauses[0].message.parts.pop_back(); },
      [](Program& p) { p.events[0].checks[0].clauses[0].blame.base_loop = 1; },
      [](Program& p) { p.events[0].checks[0].clauses[0].loops[0].path.base_loop = 0; },
      [](Program& p) { p.events[0].effects[0].target = 1; },
      [](Program& p) { p.events[0].effects[0].keys.clear(); },
      [](Program& p) { p.events[0].effects[0].kind = EffectKind::kSet; },
      [](Program& p) { p.lifecycles[0].keeps.pop_back(); },
      [](Program& p) { p.lifecycles[0].keeps[0].bound = kMaxTextBound + 1; },
      [](Program& p) { p.lifecycles[0].keeps[0].bound_code = 2; },
      [](Program& p) { p.lifecycles[0].keeps[1].initial = kNone; },
      [](Program& p) { p.lifecycles[0].keeps[1].initial = 7; },
      [](Program& p) { p.documents.clear(); },
      [](Program& p) { p.documents[0].scope = 1; },
      [](Program& p) { p.documents[0].bound_code = 2; },
      [](Program& p) { p.events[0].effects[1].member = kNone; },
      [](Program& p) { p.events[0].effects[1].value = kNone; },
      [](Program& p) { p.events[0].effects[2].target = 1; },
      [](Program& p) { p.events[0].effects[2].code = 2; },
      [](Program& p) { p.events[0].effects[2].value = kNone; },
      [](Program& p) { p.shapes[1].fields[0].slot = 1; },
      [](Program& p) { p.lifecycles[0].states = 1; },
      [](Program& p) { p.scopes[0].parent = 0; },
      [](Program& p) { p.faults[3] = 2; },
      [](Program& p) { p.discriminator = 3; },
      [](Program& p) { p.constants[3] = Value::Absent(); },
      [](Program& p) { p.end_checks = p.events[0].checks; },  // reads a slot where there is no event
      [](Program& p) { p.windows[0].length = 0; },
      [](Program& p) { p.windows[0].length = ~uint64_t{0}; },
      [](Program& p) { p.windows[0].rep = Kind::kString; },
      [](Program& p) { p.windows[0].bound_entries = 0; },
      [](Program& p) { p.windows[0].scope = 1; },
      [](Program& p) { p.windows.clear(); },
      [](Program& p) { p.timers[0].bound = 0; },
      [](Program& p) { p.timers[0].first_local = 1; },
      [](Program& p) { p.timers[0].expiry[0].code = 2; },
      [](Program& p) { p.timers[0].expiry[0].guard = p.events[0].effects[0].keys[0]; },  // reads a slot of an event
      [](Program& p) { p.events[0].time_slot = 1; },
      [](Program& p) { p.events[0].effects[3].value = kNone; },
      [](Program& p) { p.events[0].effects[4].keys.clear(); },
      [](Program& p) { p.clock.late = ~uint64_t{0}; },
      [](Program& p) {
        p.shapes[0].kind = ShapeKind::kUnion;
        p.shapes[0].members = {0};
      },
  };
  for (size_t i = 0; i < damages.size(); ++i) {
    Program program = MakeProgram();
    damages[i](program);
    EXPECT_FALSE(CheckProgram(program).ok()) << i;
  }
}

}  // namespace
}  // namespace edict
