// Whether several threads do something sooner than one alone: on small machines, or where others use them, they may not. Found out
// by rounds of both kinds, the slower of which becomes rare.
#ifndef EDICT_RUNTIME_BASE_PACE_H_
#define EDICT_RUNTIME_BASE_PACE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace edict {

class Pace {
 public:
  // For the next round.
  bool several() const { return several_ != trial_; }
  // It is a trial of the kind that was slower, and is to be short.
  bool trial() const { return trial_; }

  // A round of `bytes` took so long. Small ones say nothing.
  void Took(size_t bytes, double ns) {
    if (bytes < kLeastBytes) return;
    Rate& rate = rates_[several() ? 1 : 0];
    rate.Add(ns / static_cast<double>(bytes));
    if (trial_) {
      trial_ = false;
      rounds_ = 0;
      const bool other_is_sooner = rates_[several_ ? 0 : 1].ns < rates_[several_ ? 1 : 0].ns;
      between_ = other_is_sooner ? kFirstTrial : std::min(between_ * 2, kMostBetween);
      several_ = several_ != other_is_sooner;
    } else if (++rounds_ >= between_) {
      trial_ = true;
    }
  }

  static constexpr size_t kLeastBytes = 256u << 10;
  static constexpr size_t kTrialBytes = 512u << 10;

 private:
  static constexpr uint32_t kFirstTrial = 4;
  static constexpr uint32_t kMostBetween = 512;

  // Of a byte; what was long ago counts less.
  struct Rate {
    double ns = 0;
    void Add(double more) { ns = ns == 0 ? more : 0.5 * ns + 0.5 * more; }
  };

  Rate rates_[2];  // of one thread, of several
  bool several_ = true;
  bool trial_ = false;
  uint32_t rounds_ = 0;  // since the last trial
  uint32_t between_ = kFirstTrial;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_BASE_PACE_H_
