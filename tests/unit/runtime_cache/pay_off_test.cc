#include "runtime/cache/pay_off.h"

#include <gtest/gtest.h>

#include <utility>

#include "runtime/cache/sightings.h"

namespace edict::cache {
namespace {

constexpr uint64_t kBytes = 1'000;  // of an element
constexpr uint64_t kInput = 10'000;

// A stretch of input with some lookups, of which `hits` in a hundred find something; so much of it repeats. Whether the cache was
// used.
bool Stretch(PayOff& pay_off, Measured& measured, uint64_t hits) {
  if (!pay_off.Use()) {
    if (pay_off.Rest()) {
      pay_off.Passed(kInput);
    } else if (hits > 0) {
      pay_off.Repeats();
    }
    return false;
  }
  for (uint64_t i = 0; i < 100; ++i) {
    const bool timed = measured.Time();
    const bool interrupted = timed && i == 60;
    if (i < hits) {
      if (timed) measured.samples.push_back({Work::kFind, kBytes, interrupted ? 5'000'000 : 50});
      ++measured.hits;
      measured.hit_bytes += kBytes;
    } else {
      if (timed) measured.samples.push_back({Work::kWalk, kBytes, interrupted ? 5'000'000 : 400});
      if (timed) measured.samples.push_back({Work::kKeep, kBytes, 50});
      ++measured.misses;
      measured.miss_bytes += kBytes;
    }
  }
  pay_off.Add(measured, kInput);
  return true;
}

TEST(PayOff, StaysOnWhereItPays) {
  PayOff pay_off;
  Measured measured;
  EXPECT_FALSE(pay_off.Use());
  EXPECT_TRUE(pay_off.Repeats());
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(Stretch(pay_off, measured, 90)) << i;
  const PayOff::Totals totals = pay_off.totals();
  EXPECT_EQ(totals.hits, 900'000u);
  EXPECT_EQ(totals.misses, 100'000u);
  // 350 for each of those that hit; a miss costs 50.
  EXPECT_NEAR(static_cast<double>(totals.saved_ns), 900'000.0 * 350 - 100'000.0 * 50, 3e6);
}

TEST(PayOff, IsNotUsedWhereNothingRepeats) {
  PayOff pay_off;
  Measured measured;
  for (int i = 0; i < 1'000; ++i) ASSERT_FALSE(Stretch(pay_off, measured, 0));
}

// What repeats now and then, and too seldom to pay.
TEST(PayOff, SwitchesItselfOffAndLooksAgain) {
  PayOff pay_off;
  Measured measured;
  uint64_t used = 0;
  for (int i = 0; i < 500'000; ++i) used += Stretch(pay_off, measured, 1) ? 1 : 0;
  EXPECT_GE(used, 100u);
  EXPECT_LT(used, 2'500u) << "more than half a percent of the input";
  // It notices when it would pay.
  uint64_t on = 0;
  for (int i = 0; i < 200'000; ++i) on += Stretch(pay_off, measured, 90) ? 1 : 0;
  EXPECT_GT(on, 190'000u);
}

// A stretch of what is new does not end it, while more was saved before.
TEST(PayOff, TidesOverABeginning) {
  PayOff pay_off;
  Measured measured;
  ASSERT_TRUE(pay_off.Repeats());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Stretch(pay_off, measured, 90)) << i;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Stretch(pay_off, measured, 0)) << i;
  uint64_t more = 0;
  while (Stretch(pay_off, measured, 0)) ASSERT_LT(++more, 1'000u);
  EXPECT_FALSE(pay_off.Rest()) << "it has paid";
  ASSERT_TRUE(pay_off.Repeats());
}

TEST(Sightings, LooksEverLessAndNoticesWhatRepeats) {
  Sightings sightings;
  EXPECT_EQ(sightings.pass(), 0u);
  uint64_t events = 0;
  uint64_t looked = 0;
  for (; events < 100'000; events += 1 + sightings.pass()) {
    ++looked;
    ASSERT_FALSE(sightings.Saw(looked << 33 | looked));
  }
  EXPECT_LT(looked, 100'000u / 32 + 10);
  const uint64_t again = looked << 33 | looked;
  EXPECT_TRUE(sightings.Saw(again));
  EXPECT_EQ(sightings.pass(), 0u);
  EXPECT_FALSE(sightings.Saw(again ^ (uint64_t{1} << 40))) << "of the same place in the table";
}

}  // namespace
}  // namespace edict::cache
