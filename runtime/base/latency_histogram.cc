#include "runtime/base/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace edict {
namespace {

// A value keeps its 8 highest bits: up to 255 exactly, then 128 buckets for each doubling.
constexpr int kBits = 8;
constexpr size_t kPerDoubling = size_t{1} << (kBits - 1);
constexpr size_t kBuckets = (64 - kBits + 2) * kPerDoubling;

}  // namespace

LatencyHistogram::LatencyHistogram() : counts_(kBuckets) {}

size_t LatencyHistogram::BucketOf(uint64_t nanoseconds) {
  const int shift = std::max(static_cast<int>(std::bit_width(nanoseconds)) - kBits, 0);
  return static_cast<size_t>(shift) * kPerDoubling + static_cast<size_t>(nanoseconds >> shift);
}

uint64_t LatencyHistogram::GreatestOf(size_t bucket) {
  if (bucket < 2 * kPerDoubling) return bucket;
  const size_t shift = bucket / kPerDoubling - 1;
  const uint64_t high = bucket - shift * kPerDoubling;
  return (high << shift) + ((uint64_t{1} << shift) - 1);
}

uint64_t LatencyHistogram::CountUpTo(uint64_t nanoseconds) const {
  uint64_t count = 0;
  for (size_t bucket = 0; bucket <= BucketOf(nanoseconds); ++bucket) count += counts_[bucket];
  return count;
}

uint64_t LatencyHistogram::Quantile(double share) const {
  const auto wanted = std::max<uint64_t>(static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_))), 1);
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted) return std::min(GreatestOf(bucket), max_);
  }
  return max_;
}

}  // namespace edict
