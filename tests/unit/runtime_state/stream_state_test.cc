#include "runtime/state/stream_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace edict {
namespace {

// Cells: 0 scalar int (initial 5), 1 scalar string?, 2 set, 3 map<string, string?> bound 50, 4 set inside scope 1.
// Lifecycle 0: one key, states absent/open/done, bound 40; lifecycle 1: two keys, in scope 0. Scope 1 is inside scope 0.
Program MakeProgram() {
  Program p;
  p.constants.push_back(Value::Int(5));
  p.enums.push_back({"phase", {"absent", "open", "done"}});
  p.scopes = {{"run", kNone}, {"step", 0}};
  for (const CellKind kind : {CellKind::kScalar, CellKind::kScalar, CellKind::kSet, CellKind::kMap, CellKind::kSet}) {
    Cell cell;
    cell.name = "c" + std::to_string(p.cells.size());
    cell.kind = kind;
    p.cells.push_back(cell);
  }
  p.cells[0].initial = 0;
  p.cells[1].optional = true;
  p.cells[1].bound = 10;
  p.cells[3].bound = 50;
  p.cells[3].bound_bytes = 20;
  p.cells[4].scope = 1;
  Lifecycle life;
  life.name = "message";
  life.states = 0;
  life.bound = 40;
  p.lifecycles.push_back(life);
  life.key_count = 2;
  life.bound = 0;
  life.scope = 0;
  p.lifecycles.push_back(life);
  return p;
}

class StreamStateTest : public testing::Test {
 protected:
  void Add(EffectKind kind, uint32_t target, std::vector<Value> keys = {}, Value value = Value::Absent()) {
    ASSERT_TRUE(writes_.Add(kind, target, keys.data(), static_cast<uint32_t>(keys.size()), value, 0));
  }
  void Commit() {
    refused_.clear();
    state_.Commit(writes_, refused_);
    writes_.Clear();
  }

  Program program_ = MakeProgram();
  StateLayout layout_{program_, {}, 99};
  StreamState state_{layout_};
  PendingWrites writes_;
  std::vector<RefusedWrite> refused_;
  Arena arena_;
};

TEST_F(StreamStateTest, ScalarsStartAtTheirInitialValueAndCanBeUnset) {
  EXPECT_EQ(state_.Cell(0).i, 5);
  EXPECT_EQ(state_.Cell(1).kind, Kind::kAbsent);
  Add(EffectKind::kSet, 0, {}, Value::Int(6));
  Add(EffectKind::kSet, 1, {}, Value::String("x"));
  Commit();
  EXPECT_EQ(state_.Cell(0).i, 6);
  EXPECT_EQ(state_.Cell(1).text(), "x");
  Add(EffectKind::kClear, 0);
  Add(EffectKind::kSet, 1);
  Commit();
  EXPECT_EQ(state_.Cell(0).i, 5);
  EXPECT_EQ(state_.Cell(1).kind, Kind::kAbsent);
}

TEST_F(StreamStateTest, WritesAreInvisibleUntilCommitAndApplyInOrder) {
  Add(EffectKind::kInsert, 2, {Value::String("a")});
  EXPECT_FALSE(state_.EntryHas(2, Value::String("a")));
  Add(EffectKind::kErase, 2, {Value::String("a")});
  Add(EffectKind::kInsert, 2, {Value::String("b")});
  Commit();
  EXPECT_FALSE(state_.EntryHas(2, Value::String("a")));
  EXPECT_TRUE(state_.EntryHas(2, Value::String("b")));
}

TEST_F(StreamStateTest, OperandsThatPointIntoTheStateAreSafe) {
  Add(EffectKind::kPut, 3, {Value::String("k")}, Value::String("short"));
  Commit();
  Add(EffectKind::kPut, 3, {Value::String("k")}, Value::String("a new text"));
  for (int i = 0; i < 30; ++i)
    Add(EffectKind::kPut, 3, {Value::String("n" + std::to_string(i))}, state_.Entry(3, Value::String("k")));
  Commit();
  EXPECT_EQ(state_.Entry(3, Value::String("n29")).text(), "short");
}

TEST_F(StreamStateTest, AnEntryWithoutValueIsThereAndHasNone) {
  EXPECT_EQ(state_.Entry(3, Value::String("k")).kind, Kind::kAbsent);
  Add(EffectKind::kPut, 3, {Value::String("k")});
  Commit();
  EXPECT_TRUE(state_.EntryHas(3, Value::String("k")));
  const Value entry = state_.Entry(3, Value::String("k"));
  EXPECT_EQ(entry.kind, Kind::kOptional);
  EXPECT_EQ(entry.inner, nullptr);
}

TEST_F(StreamStateTest, AbsentNullAndEmptyAreDifferentKeys) {
  Add(EffectKind::kLifeSet, 1, {Value::String("t"), Value::Absent()}, Value::Int(1));
  Commit();
  const Value absent[2] = {Value::String("t"), Value::Absent()};
  const Value null[2] = {Value::String("t"), Value::Null()};
  const Value empty[2] = {Value::String("t"), Value::String("")};
  EXPECT_EQ(state_.LifeState(1, absent), 1u);
  EXPECT_EQ(state_.LifeState(1, null), 0u);
  EXPECT_EQ(state_.LifeState(1, empty), 0u);
  const Value keys = state_.LifeKeys(1, kNone, arena_);
  ASSERT_EQ(keys.size, 1u);
  EXPECT_EQ(keys.items[0].size, 2u);
  EXPECT_EQ(keys.items[0].items[0].text(), "t");
}

TEST_F(StreamStateTest, ScopesOpenFirstResetWhatIsInsideAndCloseLast) {
  Add(EffectKind::kInsert, 4, {Value::Int(1)});
  Add(EffectKind::kInsert, 2, {Value::Int(1)});
  Add(EffectKind::kLifeSet, 1, {Value::Int(1), Value::Int(2)}, Value::Int(2));
  Add(EffectKind::kScopeOpen, 1);
  Add(EffectKind::kScopeOpen, 0);
  Commit();
  EXPECT_TRUE(state_.ScopeOpen(0));
  EXPECT_TRUE(state_.ScopeOpen(1)) << "an inner scope opened on the same event stays open";
  EXPECT_EQ(state_.CellSize(4), 1u) << "writes of the opening event come after the reset";
  Add(EffectKind::kScopeOpen, 0);
  Commit();
  EXPECT_FALSE(state_.ScopeOpen(1));
  EXPECT_EQ(state_.CellSize(4), 0u);
  EXPECT_EQ(state_.CellSize(2), 1u) << "outside of the scope";
  EXPECT_EQ(state_.LifeCount(1, kNone), 0u);
  Add(EffectKind::kScopeClose, 0);
  Add(EffectKind::kInsert, 4, {Value::Int(2)});
  Commit();
  EXPECT_FALSE(state_.ScopeOpen(0));
  EXPECT_EQ(state_.CellSize(4), 1u);
}

TEST_F(StreamStateTest, BoundsRefuseAndReport) {
  for (int i = 0; i < 41; ++i) Add(EffectKind::kLifeSet, 0, {Value::Int(i)}, Value::Int(1));
  Commit();
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_[0].of, RefusedWrite::Target::kLifecycle);
  EXPECT_EQ(refused_[0].limit, 40u);
  EXPECT_EQ(state_.LifeCount(0, 1), 40u);
  Add(EffectKind::kLifeSet, 0, {Value::Int(0)}, Value::Int(2));
  Add(EffectKind::kSet, 1, {}, Value::String("longer than ten"));
  Add(EffectKind::kPut, 3, {Value::String("k")}, Value::String(std::string(21, 'x')));
  Commit();
  ASSERT_EQ(refused_.size(), 2u);
  EXPECT_EQ(refused_[0].bound, RefusedWrite::Bound::kStringBytes);
  EXPECT_EQ(refused_[1].target, 3u);
  EXPECT_EQ(state_.LifeCount(0, 2), 1u);
  EXPECT_EQ(state_.Cell(1).kind, Kind::kAbsent);
  EXPECT_FALSE(state_.EntryHas(3, Value::String("k")));
}

TEST_F(StreamStateTest, TheSumOfBytesIsBounded) {
  const StateLayout layout(program_, {1000, 20'000}, 1);
  StreamState small(layout);
  bool refused = false;
  for (int i = 0; i < 2000; ++i) {
    writes_.Clear();
    Add(EffectKind::kInsert, 2, {Value::String("key number " + std::to_string(i))});
    refused_.clear();
    small.Commit(writes_, refused_);
    if (!refused_.empty()) {
      EXPECT_EQ(refused_[0].bound, RefusedWrite::Bound::kStateBytes);
      refused = true;
      break;
    }
  }
  EXPECT_TRUE(refused);
  EXPECT_LT(small.bytes(), 60'000u);
}

TEST_F(StreamStateTest, TheFirstTablesBeginInTheCallersMemoryAndOutliveAMove) {
  std::vector<std::byte> place(layout_.bytes);
  StreamState state(layout_, nullptr, place.data());
  const uint64_t empty = state.bytes();
  const auto add = [&](int key) {
    writes_.Clear();
    Add(EffectKind::kLifeSet, 0, {Value::Int(key)}, Value::Int(1));
    state.Commit(writes_, refused_);
  };
  add(1);
  EXPECT_EQ(state.bytes(), empty);
  StreamState moved(std::move(state));
  const Value one = Value::Int(1);
  EXPECT_EQ(moved.LifeState(0, &one), 1u);
  StreamState next(layout_);
  StateCarry carry = CompareState(program_, program_);
  next.TakeOver(moved, carry);
  EXPECT_EQ(next.LifeState(0, &one), 1u);
  const uint64_t before = next.bytes();
  writes_.Clear();
  for (int key = 2; key < 30; ++key) Add(EffectKind::kLifeSet, 0, {Value::Int(key)}, Value::Int(1));
  next.Commit(writes_, refused_);
  EXPECT_EQ(next.LifeCount(0, 1), 29u);
  EXPECT_GT(next.bytes(), before);
}

TEST_F(StreamStateTest, NonScalarsAreRefusedByTheQueue) {
  const Value list = Value::List(nullptr, 0);
  EXPECT_FALSE(writes_.Add(EffectKind::kSet, 0, nullptr, 0, list, 0));
  EXPECT_FALSE(writes_.Add(EffectKind::kInsert, 2, &list, 1, Value::Absent(), 0));
  EXPECT_TRUE(writes_.empty());
}

// Random writes against a plain model: same members, same values, same insertion order, same counts.
class StateProperty : public testing::TestWithParam<unsigned> {};

struct Model {
  std::vector<std::pair<std::string, std::string>> map;  // in insertion order
  std::vector<std::pair<int64_t, int64_t>> life;

  template <typename K, typename V>
  static void Put(std::vector<std::pair<K, V>>& in, const K& key, const V& value, size_t bound) {
    for (auto& [k, v] : in) {
      if (k == key) {
        v = value;
        return;
      }
    }
    if (in.size() < bound) in.emplace_back(key, value);
  }
  template <typename K, typename V>
  static void Erase(std::vector<std::pair<K, V>>& in, const K& key) {
    std::erase_if(in, [&](const auto& e) { return e.first == key; });
  }
};

TEST_P(StateProperty, AgreesWithAModel) {
  const Program program = MakeProgram();
  const StateLayout layout(program, {}, GetParam());
  // Some in memory of their own.
  std::vector<std::byte> place(layout.bytes);
  StreamState state(layout, nullptr, GetParam() % 2 == 0 ? nullptr : place.data());
  PendingWrites writes;
  std::vector<RefusedWrite> refused;
  Model model;
  std::mt19937 random(GetParam());
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto add = [&](EffectKind kind, uint32_t target, const Value& key, const Value& value) {
    ASSERT_TRUE(writes.Add(kind, target, &key, 1, value, 0));
  };
  for (int step = 0; step < 3000; ++step) {
    writes.Clear();
    for (int n = pick(4); n >= 0; --n) {
      const std::string key = "key" + std::to_string(pick(70));
      const std::string text(static_cast<size_t>(pick(20)), static_cast<char>('a' + pick(26)));
      const int64_t id = pick(60);
      switch (pick(20)) {
        case 0:
          if (pick(30) == 0) {
            ASSERT_TRUE(writes.Add(EffectKind::kClear, 3, nullptr, 0, Value::Absent(), 0));
            model.map.clear();
          }
          break;
        case 1:
        case 2:
        case 3:
        case 4:
        case 5:
          add(EffectKind::kErase, 3, Value::String(key), Value::Absent());
          Model::Erase(model.map, key);
          break;
        case 6:
        case 7:
        case 8:
        case 9:
        case 10:
        case 11:
          add(EffectKind::kPut, 3, Value::String(key), Value::String(text));
          Model::Put(model.map, key, text, 50);
          break;
        case 12:
        case 13:
        case 14:
        case 15:
          add(EffectKind::kLifeSet, 0, Value::Int(id), Value::Int(0));
          Model::Erase(model.life, id);
          break;
        default: {
          const int64_t ordinal = 1 + pick(2);
          add(EffectKind::kLifeSet, 0, Value::Double(static_cast<double>(id)), Value::Int(ordinal));
          Model::Put(model.life, id, ordinal, 40);
        }
      }
    }
    refused.clear();
    state.Commit(writes, refused);
    Arena arena;
    const Value keys = state.CellKeys(3, arena);
    ASSERT_EQ(keys.size, model.map.size());
    for (uint32_t i = 0; i < keys.size; ++i) {
      ASSERT_EQ(keys.items[i].text(), model.map[i].first);
      ASSERT_EQ(state.Entry(3, keys.items[i]).text(), model.map[i].second);
    }
    for (const uint32_t ordinal : {1u, 2u, kNone}) {
      const Value ids = state.LifeKeys(0, ordinal, arena);
      std::vector<int64_t> want;
      for (const auto& [id, at] : model.life) {
        if (ordinal == kNone || at == ordinal) want.push_back(id);
      }
      ASSERT_EQ(ids.size, want.size());
      ASSERT_EQ(state.LifeCount(0, ordinal), want.size());
      for (uint32_t i = 0; i < ids.size; ++i) ASSERT_EQ(ids.items[i].i, want[i]);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, StateProperty, testing::Values(1u, 2u, 3u, 4u, 5u));

TEST(StreamStateBytes, AMillionLifecyclesStayFlat) {
  const Program program = MakeProgram();
  const StateLayout layout(program, {}, 5);
  StreamState state(layout);
  PendingWrites writes;
  std::vector<RefusedWrite> refused;
  uint64_t warm = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string id = "m-" + std::to_string(i);
    const Value key = Value::String(id);
    for (const int ordinal : {1, 0}) {
      writes.Clear();
      writes.Add(EffectKind::kLifeSet, 0, &key, 1, Value::Int(ordinal), 0);
      state.Commit(writes, refused);
    }
    if (i == 1000) warm = state.bytes();
  }
  EXPECT_LE(state.bytes(), warm + 256);
  EXPECT_EQ(state.LifeCount(0, kNone), 0u);
}

}  // namespace
}  // namespace edict
