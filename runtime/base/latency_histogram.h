// Times in nanoseconds, counted in buckets whose width is 1/128 of their value: any number of times in 60 KB, and quantiles
// that are right to 0.8 %. (The high dynamic range histogram of Gil Tene; Debian 12 has no C or C++ package of it.)
#ifndef EDICT_RUNTIME_BASE_LATENCY_HISTOGRAM_H_
#define EDICT_RUNTIME_BASE_LATENCY_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace edict {

class LatencyHistogram {
 public:
  LatencyHistogram();
  void Record(uint64_t nanoseconds, uint64_t times = 1) {
    counts_[BucketOf(nanoseconds)] += times;
    count_ += times;
    sum_ += nanoseconds * times;
    if (nanoseconds > max_) max_ = nanoseconds;
  }
  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }
  uint64_t sum() const { return sum_; }  // of all times
  // How many times are at most this, to the width of its bucket.
  uint64_t CountUpTo(uint64_t nanoseconds) const;
  // The least time that at least this share (0 to 1) of the times do not exceed, rounded up to its bucket's greatest; 0 where
  // nothing is counted.
  uint64_t Quantile(double share) const;

 private:
  static size_t BucketOf(uint64_t nanoseconds);
  static uint64_t GreatestOf(size_t bucket);

  std::vector<uint64_t> counts_;
  uint64_t count_ = 0;
  uint64_t sum_ = 0;
  uint64_t max_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_LATENCY_HISTOGRAM_H_
