// Whether the cache pays. It is not used until something has been seen twice (sightings.h); from then on that is found out by
// measuring: what hits save, as misses show by the time that the same work takes, against what looking and keeping cost. Some
// of the calls are timed, so that measuring costs little by itself.
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
  uint64_t shorts = 0;      // elements that are too short to be kept, and were looked for all the same
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
  bool Use() const { return using_.load(std::memory_order_relaxed); }
  // Where it is not used: whether not even to see what repeats.
  bool Rest() const { return rest_.load(std::memory_order_relaxed) > 0; }
  // So many bytes of input have been judged meanwhile.
  void Passed(uint64_t bytes) { rest_.fetch_sub(static_cast<int64_t>(bytes), std::memory_order_relaxed); }
  // Something was seen that repeats. Whether to use the cache from now on.
  bool Repeats();
  // In so many bytes of input. Clears what is measured.
  void Add(Measured& measured, uint64_t input_bytes);

  struct Totals {
    uint64_t hits = 0;
    uint64_t misses = 0;
    int64_t saved_ns = 0;
  };
  Totals totals() const;

 private:
  // Lookups after which it is decided anew.
  static constexpr uint64_t kWindow = 64;
  // What was saved may be lost again, up to so much: a conversation that begins is not yet the end of what repeats.
  static constexpr double kMostCredit = 2e6;
  // After a trial that did not pay, so many times the input of a window passes, ...
  static constexpr uint64_t kRest = 256;
  // ... and more is to repeat, by this factor and up to so much, before the next.
  static constexpr uint64_t kMore = 4;
  static constexpr uint64_t kMostWanted = 1024;

  // Time by bytes; what was measured long ago counts less, and what took so long that something else came between, nothing.
  struct Rate {
    double bytes;
    double ns;
    void Add(uint64_t more_bytes, int64_t more_ns);
    double Of(uint64_t some) const { return ns / bytes * static_cast<double>(some); }
  };

  const Rate& RateOf(Work work) const { return rates_[static_cast<size_t>(work)]; }
  double Saved() const;
  void Stop();

  std::atomic<bool> using_{false};
  std::atomic<int64_t> rest_{0};  // bytes of input that still pass before anything is looked at
  mutable std::mutex mutex_;      // of all below
  // What is usual, until something is measured; by Work.
  std::array<Rate, kWorks> rates_{Rate{1000, 300}, Rate{1000, 1000}, Rate{1000, 60}, Rate{1000, 200}, Rate{1000, 40}};
  Measured window_;
  uint64_t window_input_ = 0;  // bytes
  double credit_ = 0;          // ns
  double trial_ = 0;           // ns that were saved since the cache came in use
  uint64_t repeats_ = 0;       // since it was in use last
  uint64_t wanted_ = 1;        // of these, before it is
  Totals closed_;              // of all windows before this one
};

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_PAY_OFF_H_
