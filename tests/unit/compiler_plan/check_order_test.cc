#include "compiler/plan/check_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/support/split_mix.h"

namespace edict::plan {
namespace {

struct Random {
  uint64_t state;
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(SplitMix64(state) % n); }
};

struct Case {
  EventType event;
  std::vector<CheckEstimate> checks;
};

// Checks with the codes 0, 1, 2 ...; each may be after some of those before it.
Case RandomCase(Random& random, uint32_t count, uint32_t after_percent) {
  Case made;
  for (uint32_t i = 0; i < count; ++i) {
    Check check;
    check.code = i;
    check.order = i;
    for (uint32_t j = 0; j < i; ++j) {
      if (random.Below(100) < after_percent) check.after.push_back(j);
    }
    made.event.checks.push_back(check);
    CheckEstimate estimate;
    estimate.predicted_ns = 1 + random.Below(1000);
    estimate.failing = random.Below(100) / 100.0;
    made.checks.push_back(estimate);
  }
  return made;
}

bool Respects(const EventType& event, const std::vector<uint32_t>& order) {
  for (size_t i = 0; i < order.size(); ++i) {
    for (const uint32_t code : event.checks[order[i]].after) {
      const auto earlier = std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i), code);
      if (earlier == order.begin() + static_cast<std::ptrdiff_t>(i)) return false;
    }
  }
  return true;
}

double BestOfAll(const Case& one) {
  std::vector<uint32_t> order(one.checks.size());
  std::iota(order.begin(), order.end(), 0u);
  double best = ExpectedNs(one.checks, order);
  while (std::next_permutation(order.begin(), order.end())) {
    if (Respects(one.event, order)) best = std::min(best, ExpectedNs(one.checks, order));
  }
  return best;
}

TEST(CheckOrder, IsTheBestWhereChecksAreFree) {
  Random random{1};
  for (int round = 0; round < 200; ++round) {
    const Case one = RandomCase(random, 1 + random.Below(6), 0);
    EXPECT_NEAR(ExpectedNs(one.checks, BestOrder(one.event, one.checks)), BestOfAll(one), 1e-6) << round;
  }
}

TEST(CheckOrder, KeepsWhatIsAfterAnotherBehindItAndIsNoWorseThanTheSource) {
  Random random{2};
  double best = 0;
  double ours = 0;
  for (int round = 0; round < 300; ++round) {
    const Case one = RandomCase(random, 1 + random.Below(7), 25);
    const std::vector<uint32_t> order = BestOrder(one.event, one.checks);
    ASSERT_TRUE(Respects(one.event, order)) << round;
    EXPECT_LE(ExpectedNs(one.checks, order), ExpectedNs(one.checks, SourceOrder(one.event)) + 1e-9) << round;
    ours += ExpectedNs(one.checks, order);
    best += BestOfAll(one);
  }
  EXPECT_LE(ours, best * 1.05);
}

TEST(CheckOrder, TakesManyChecks) {
  Random random{3};
  for (const uint32_t percent : {0u, 1u, 100u}) {
    const Case one = RandomCase(random, 400, percent);
    EXPECT_TRUE(Respects(one.event, BestOrder(one.event, one.checks))) << percent;
  }
}

// Whatever order the plan has now.
TEST(CheckOrder, KnowsTheSourceOrder) {
  Random random{4};
  Case one = RandomCase(random, 6, 0);
  std::reverse(one.event.checks.begin(), one.event.checks.end());
  EXPECT_EQ(SourceOrder(one.event), (std::vector<uint32_t>{5, 4, 3, 2, 1, 0}));
}

}  // namespace
}  // namespace edict::plan
