#include "runtime/profile/cost_profile.h"

#include <gtest/gtest.h>

namespace edict {
namespace {

CostProfile Some() {
  CostProfile profile;
  profile.events = 1000;
  profile.bytes = 120'000;
  profile.samples = 3;
  profile.sampling_ns = 1234.5;
  profile.cache_hits = 7;
  profile.cache_misses = 8;
  profile.cache_saved_ns = -9;
  EventCost& event = profile.types.emplace_back();
  event.name = "A";
  event.events = 3;
  event.bytes = 300;
  event.slots_ns = 10;
  event.rules_ns = 20.5;
  event.writes_ns = 3;
  event.writes_steps = 4;
  event.native_events = 2;
  event.native_ns = 5;
  event.checks.push_back({"A001", 3, 1, 30, 17.5});
  event.slots.push_back({"id", 2, 40});
  return profile;
}

TEST(CostProfile, IsReadAsItWasWritten) {
  const CostProfile some = Some();
  const Result<CostProfile> read = ParseCostProfile(ToJson(some));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(ToJson(read.value()), ToJson(some));
  EXPECT_EQ(read.value().cache_saved_ns, -9);
  ASSERT_NE(read.value().Find("A"), nullptr);
  EXPECT_EQ(FindCheck(*read.value().Find("A"), "A001")->failed, 1u);
  EXPECT_EQ(FindSlot(*read.value().Find("A"), "id")->size, 40u);
  EXPECT_EQ(FindCheck(*read.value().Find("A"), "A002"), nullptr);
  EXPECT_EQ(read.value().Find("B"), nullptr);
}

TEST(CostProfile, AddsByName) {
  CostProfile sum = Some();
  CostProfile more = Some();
  more.types[0].checks[0].code = "A002";
  more.types.emplace_back().name = "B";
  sum.Add(more);
  EXPECT_EQ(sum.events, 2000u);
  EXPECT_EQ(sum.bytes, 240'000u);
  ASSERT_EQ(sum.types.size(), 2u);
  EXPECT_EQ(sum.types[0].events, 6u);
  EXPECT_EQ(sum.types[0].checks.size(), 2u);
  EXPECT_EQ(sum.types[0].slots[0].size, 80u);
  EXPECT_EQ(sum.cache_saved_ns, -18);
}

std::string FaultOf(std::string text) {
  const Result<CostProfile> read = ParseCostProfile(text);
  return read.ok() ? "" : read.error().message;
}

TEST(CostProfile, SaysWhatIsWrongWithAFile) {
  EXPECT_EQ(FaultOf(""), "it is no cost profile of edict");
  EXPECT_EQ(FaultOf("[1]"), "it is no cost profile of edict");
  EXPECT_EQ(FaultOf(R"({"edict_cost_profile": 2})"), "it is a cost profile of another version of edict");
  EXPECT_EQ(FaultOf(R"({"edict_cost_profile": 1})"), "the cost profile is damaged: \"events\" is missing");
  const std::string good = ToJson(Some());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return FaultOf(text);
  };
  EXPECT_EQ(with("\"events\": 1000", "\"events\": -1"), "the cost profile is damaged: \"events\" is not a count");
  EXPECT_EQ(with("\"code\": \"A001\"", "\"code\": 5"), "the cost profile is damaged: \"code\" is not a string");
  EXPECT_EQ(with("\"ns\": 17.5", "\"ns\": null"), "the cost profile is damaged: \"ns\" is not a number");
  EXPECT_EQ(with("\"runs\": 3", "\"runs\": 18446744073709551615"), "the cost profile is damaged: \"runs\" is not a count");
  for (size_t cut = 1; cut + 2 < good.size(); cut += 7) EXPECT_NE(FaultOf(good.substr(0, cut)), "") << cut;
}

}  // namespace
}  // namespace edict
