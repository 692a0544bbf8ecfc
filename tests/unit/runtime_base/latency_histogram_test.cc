#include "runtime/base/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace edict {
namespace {

TEST(LatencyHistogram, EmptyHasNoQuantiles) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Quantile(0.5), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.count(), 0u);
}

TEST(LatencyHistogram, SmallTimesAreExact) {
  LatencyHistogram histogram;
  for (uint64_t ns = 1; ns <= 200; ++ns) histogram.Record(ns);
  EXPECT_EQ(histogram.Quantile(0), 1u);
  EXPECT_EQ(histogram.Quantile(0.5), 100u);
  EXPECT_EQ(histogram.Quantile(0.99), 198u);
  EXPECT_EQ(histogram.Quantile(1), 200u);
}

TEST(LatencyHistogram, QuantilesAreRightToOnePercent) {
  std::vector<uint64_t> times;
  LatencyHistogram histogram;
  uint64_t random = 1;
  for (int i = 0; i < 100'000; ++i) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    // From nanoseconds to minutes.
    times.push_back(static_cast<uint64_t>(std::exp2(static_cast<double>(random >> 40) / (1 << 24) * 36)));
    histogram.Record(times.back());
  }
  std::sort(times.begin(), times.end());
  for (double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
    const uint64_t exact = times[static_cast<size_t>(std::ceil(share * 100'000)) - 1];
    EXPECT_GE(histogram.Quantile(share), exact);
    EXPECT_LE(static_cast<double>(histogram.Quantile(share)), static_cast<double>(exact) * 1.008) << share;
  }
  EXPECT_EQ(histogram.max(), times.back());
}

TEST(LatencyHistogram, HoldsTheGreatestTimes) {
  LatencyHistogram histogram;
  histogram.Record(0);
  histogram.Record(~uint64_t{0});
  EXPECT_EQ(histogram.Quantile(0.5), 0u);
  EXPECT_EQ(histogram.Quantile(1), ~uint64_t{0});
}

}  // namespace
}  // namespace edict
