// Whether the cache pays, found out by measuring: what hits save, as misses show by the time that the same work takes,
// against what looking and keeping cost. Some of the calls are timed, so that measuring costs little by itself.
#ifndef EDICT_RUNTIME_CACHE_PAY_OFF_H_
#define EDICT_RUNTIME_CACHE_PAY_OFF_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace edict::cache {

enum class Work : uint8_t {
  kWalk,  // of an element that is not known
  kTape,  // reading one
  kFind,  // of known elements
  kKeep,  // looking for one that is not known, and putting it in
  kPut,   // the tapes of known elements in their places
};
inline constexpr size_t kWorks = 5;

// What one thread has to tell: of its last events.
struct Measured {
  struct Sample {
    Work work;
    uint64_t bytes;
    int64_t ns;
  };
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t hit_bytes = 0;
  uint64_t miss_bytes = 0;
  uint64_t tape_bytes = 0;  // of hits of which the tape was wanted, and at hand
  std::vector<Sample> samples;

  // Whether to time this call: one in kSampled.
  bool Time() { return ++calls % kSampled == 0; }
  void Clear();

  static constexpr uint64_t kSampled = 32;
  uint64_t calls = 0;
};

// Of an engine. From any thread.
class PayOff {
 public:
  static int64_t Now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  // Whether to use the cache now.
  bool Use() const { return rest_.load(std::memory_order_relaxed) <= 0; }
  // So many bytes of input have been judged without it.
  void Passed(uint64_t bytes) { rest_.fetch_sub(static_cast<int64_t>(bytes), std::memory_order_relaxed); }
  // In so many bytes of input. Clears what is measured.
  void Add(Measured& measured, uint64_t input_bytes);

  struct Totals {
    uint64_t hits = 0;
    uint64_t misses = 0;
    int64_t saved_ns = 0;
  };
  Totals totals() const;

 private:
  // Lookups after which it is decided anew: few at first, so that little is lost where nothing repeats, twice as many after each
  // time that it did not pay, so that what repeats at longer distances is noticed, too.
  static constexpr uint64_t kFirstWindow = 256;
  static constexpr uint64_t kMostWindow = 16'384;
  // After a window that did not pay, so many times its input passes without the cache.
  static constexpr uint64_t kRest = 256;

  // Time by bytes; what was measured long ago counts less, and what took so long that something else came between, nothing.
  struct Rate {
    double bytes;
    double ns;
    void Add(uint64_t more_bytes, int64_t more_ns);
    double Of(uint64_t some) const { return ns / bytes * static_cast<double>(some); }
  };

  const Rate& RateOf(Work work) const { return rates_[static_cast<size_t>(work)]; }
  double Saved() const;

  std::atomic<int64_t> rest_{0};  // bytes of input that still pass without the cache
  mutable std::mutex mutex_;      // of all below
  // What is usual, until something is measured; by Work.
  std::array<Rate, kWorks> rates_{Rate{1000, 300}, Rate{1000, 1000}, Rate{1000, 60}, Rate{1000, 200}, Rate{1000, 40}};
  Measured window_;
  uint64_t window_input_ = 0;  // bytes
  uint64_t window_size_ = kFirstWindow;
  Totals closed_;  // of all windows before this one
};

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_PAY_OFF_H_
