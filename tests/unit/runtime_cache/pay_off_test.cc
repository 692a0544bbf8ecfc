#include "runtime/cache/pay_off.h"

#include <gtest/gtest.h>

namespace edict::cache {
namespace {

constexpr uint64_t kBytes = 1'000;  // of an element
constexpr uint64_t kInput = 10'000;

// A stretch of input with some lookups, of which `hits` in a hundred find something. Whether the cache was used.
bool Stretch(PayOff& pay_off, Measured& measured, uint64_t hits) {
  if (!pay_off.Use()) {
    pay_off.Passed(kInput);
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
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(Stretch(pay_off, measured, 90)) << i;
  const PayOff::Totals totals = pay_off.totals();
  EXPECT_EQ(totals.hits, 900'000u);
  EXPECT_EQ(totals.misses, 100'000u);
  // 350 for each of those that hit; a miss costs 50.
  EXPECT_NEAR(static_cast<double>(totals.saved_ns), 900'000.0 * 350 - 100'000.0 * 50, 3e6);
}

TEST(PayOff, SwitchesItselfOffAndLooksAgain) {
  PayOff pay_off;
  Measured measured;
  uint64_t used = 0;
  for (int i = 0; i < 500'000; ++i) used += Stretch(pay_off, measured, 0) ? 1 : 0;
  EXPECT_GE(used, 100u);
  EXPECT_LT(used, 2'500u) << "more than half a percent of the input";
  // It notices when it would pay, within what it rests at most.
  uint64_t on = 0;
  for (int i = 0; i < 200'000; ++i) on += Stretch(pay_off, measured, 90) ? 1 : 0;
  EXPECT_GT(on, 100'000u);
}

}  // namespace
}  // namespace edict::cache
