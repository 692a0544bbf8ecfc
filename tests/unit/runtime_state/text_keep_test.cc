// What lifecycles keep, by themselves and as part of a stream's state.
#include "runtime/state/text_keep.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/state/stream_state.h"

namespace edict {
namespace {

// Lifecycle 0: one key; keeps a text of at most 100 bytes and an int from 7 on. Document 0: 2000 bytes, in scope 0.
Program KeepingProgram() {
  Program p;
  p.constants.push_back(Value::Int(7));
  p.enums.push_back({"phase", {"absent", "open", "done"}});
  p.scopes = {{"run", kNone}};
  Lifecycle life;
  life.name = "message";
  life.states = 0;
  life.bound = 1000;
  life.keeps.push_back({"text", Kind::kString, kNone, 100, kNone, kNone});
  life.keeps.push_back({"n", Kind::kInt, 0, 0, kNone, kNone});
  p.lifecycles.push_back(life);
  p.documents.push_back({"shared", 2000, kNone, 0, kNone});
  return p;
}

class KeepTest : public testing::Test {
 protected:
  void Move(std::string_view key, int ordinal) { Add(EffectKind::kLifeSet, key, Value::Int(ordinal), kNone); }
  void Keep(std::string_view key, std::string_view text) { Add(EffectKind::kKeep, key, Value::String(text), 0); }
  void Add(EffectKind kind, std::string_view key, const Value& value, uint32_t member) {
    const Value keys[1] = {Value::String(key)};
    ASSERT_TRUE(writes_.Add(kind, 0, keys, 1, value, 3, member));
  }
  void Commit() {
    refused_.clear();
    state_.Commit(writes_, refused_);
    writes_.Clear();
  }
  std::string Text(std::string_view key) {
    const Value keys[1] = {Value::String(key)};
    return std::string(state_.LifeKeep(0, 0, keys).text());
  }
  bool Complete(std::string_view key) {
    const Value keys[1] = {Value::String(key)};
    return state_.LifeComplete(0, 0, keys);
  }
  int64_t Number(std::string_view key) {
    const Value keys[1] = {Value::String(key)};
    return state_.LifeKeep(0, 1, keys).i;
  }

  Program program_ = KeepingProgram();
  StateLayout layout_{program_, {}, 99};
  StreamState state_{layout_};
  PendingWrites writes_;
  std::vector<RefusedWrite> refused_;
};

TEST_F(KeepTest, TextsGrowWhileTheirKeyIsThere) {
  Keep("a", "lost");
  Commit();
  EXPECT_EQ(Text("a"), "");
  Move("a", 1);
  Keep("a", "one ");
  Move("b", 1);
  Commit();
  Keep("a", "two");
  Keep("b", "B");
  Commit();
  EXPECT_EQ(Text("a"), "one two");
  EXPECT_EQ(Text("b"), "B");
  EXPECT_EQ(Number("a"), 7);
  Add(EffectKind::kKeep, "a", Value::Int(12), 1);
  Move("a", 2);
  Commit();
  EXPECT_EQ(Number("a"), 12);
  EXPECT_EQ(Text("a"), "one two");
  Move("a", 0);
  Keep("a", "late");
  Commit();
  EXPECT_EQ(Text("a"), "");
  EXPECT_EQ(Number("a"), 7);
  Move("a", 1);
  Commit();
  EXPECT_EQ(Text("a"), "");
  EXPECT_EQ(Text("b"), "B");
}

TEST_F(KeepTest, WhatPassesTheBoundIsSaidOnce) {
  Move("a", 1);
  Keep("a", std::string(60, 'x'));
  Commit();
  Keep("a", std::string(41, 'y'));
  Commit();
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_[0].bound, RefusedWrite::Bound::kTextBytes);
  EXPECT_EQ(refused_[0].of, RefusedWrite::Target::kLifecycle);
  EXPECT_EQ(refused_[0].keep, 0u);
  EXPECT_EQ(refused_[0].limit, 100u);
  EXPECT_EQ(refused_[0].source, 3u);
  EXPECT_FALSE(Complete("a"));
  Keep("a", "z");
  Commit();
  EXPECT_TRUE(refused_.empty());
  EXPECT_EQ(Text("a"), std::string(60, 'x'));
  Move("a", 0);
  Commit();
  Move("a", 1);
  Keep("a", std::string(100, 'x'));
  Commit();
  EXPECT_TRUE(refused_.empty());
  EXPECT_TRUE(Complete("a"));
}

TEST_F(KeepTest, HalvesOfACharacterJoin) {
  Move("a", 1);
  Keep("a", "x\xed\xa0\xbd");
  Commit();
  EXPECT_EQ(Text("a"), "x\xed\xa0\xbd");
  Keep("a", "\xed\xb8\x80y");
  Commit();
  EXPECT_EQ(Text("a"), "x\xf0\x9f\x98\x80y");
  Keep("a", "\xed\xb8\x80");  // a second half by itself
  Keep("a", "\xed\xa0\xbd");
  Keep("a", "\xed\xa0\xbd");
  Commit();
  EXPECT_EQ(Text("a"), "x\xf0\x9f\x98\x80y\xed\xb8\x80\xed\xa0\xbd\xed\xa0\xbd");
}

TEST_F(KeepTest, AMillionMessagesWithTextsStayFlat) {
  uint64_t warm = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string id = "m-" + std::to_string(i);
    Move(id, 1);
    Keep(id, "the first part of a text, ");
    Commit();
    Keep(id, "and the second one");
    Commit();
    ASSERT_EQ(Text(id).size(), 44u);
    Move(id, 0);
    Commit();
    if (i == 1000) warm = state_.bytes();
  }
  EXPECT_LE(state_.bytes(), warm + 256);
  RecordProperty("state_bytes", std::to_string(state_.bytes()));
}

TEST_F(KeepTest, DocumentsAreForgottenWhenTheirScopeOpens) {
  const uint64_t idle = state_.bytes();
  MapEntry entry{Value::String("a"), Value::Int(1)};
  writes_.Add(EffectKind::kDocumentSet, 0, nullptr, 0, Value::Map(&entry, 1), 0);
  Commit();
  EXPECT_TRUE(refused_.empty());
  EXPECT_EQ(MapFindString(state_.Document(0), "a").i, 1);
  EXPECT_GT(state_.bytes(), idle);
  writes_.Add(EffectKind::kScopeOpen, 0, nullptr, 0, Value::Absent(), 0);
  Commit();
  EXPECT_EQ(state_.Document(0).kind, Kind::kAbsent);
  EXPECT_EQ(state_.bytes(), idle);
  writes_.Add(EffectKind::kDocumentPatch, 0, nullptr, 0, Value::List(nullptr, 0), 0);
  Commit();
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_[0].bound, RefusedWrite::Bound::kNoPatch);
  EXPECT_EQ(refused_[0].reason, "the document is not known");
}

TEST_F(KeepTest, DocumentsBeyondTheirBoundAreNotKnown) {
  const std::string large(2000, 'x');
  writes_.Add(EffectKind::kDocumentSet, 0, nullptr, 0, Value::String("small"), 0);
  Commit();
  writes_.Add(EffectKind::kDocumentSet, 0, nullptr, 0, Value::String(large), 0);
  Commit();
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_[0].bound, RefusedWrite::Bound::kDocumentBytes);
  EXPECT_EQ(state_.Document(0).kind, Kind::kAbsent);
  writes_.Add(EffectKind::kDocumentSet, 0, nullptr, 0, Value::Duration(1, 0), 0);
  Commit();
  ASSERT_EQ(refused_.size(), 1u);
  EXPECT_EQ(refused_[0].bound, RefusedWrite::Bound::kNoJson);
}

}  // namespace
}  // namespace edict
