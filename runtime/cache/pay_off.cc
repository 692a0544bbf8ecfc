#include "runtime/cache/pay_off.h"

namespace edict::cache {

void Measured::Clear() {
  hits = misses = hit_bytes = miss_bytes = tape_bytes = shorts = 0;
  samples.clear();
}

void PayOff::Rate::Add(uint64_t more_bytes, int64_t more_ns) {
  constexpr double kMuch = 1 << 20;
  constexpr double kInterrupted = 20'000;
  if (static_cast<double>(more_ns) > 8 * Of(more_bytes) + kInterrupted) return;
  if (bytes > kMuch) bytes /= 2, ns /= 2;
  bytes += static_cast<double>(more_bytes);
  ns += static_cast<double>(std::max<int64_t>(more_ns, 0));
}

double PayOff::Saved() const {
  const double saved = RateOf(Work::kWalk).Of(window_.hit_bytes) + RateOf(Work::kTape).Of(window_.tape_bytes);
  return saved - RateOf(Work::kFind).Of(window_.hit_bytes) - RateOf(Work::kKeep).Of(window_.miss_bytes) -
         RateOf(Work::kPut).Of(window_.tape_bytes);
}

bool PayOff::Repeats() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (Use()) return true;
  if (++repeats_ < wanted_) return false;
  repeats_ = 0;
  credit_ = trial_ = 0;
  using_.store(true, std::memory_order_relaxed);
  return true;
}

// The cache is used no more.
void PayOff::Stop() {
  using_.store(false, std::memory_order_relaxed);
  if (trial_ >= 0) {
    wanted_ = 1;
    return;
  }
  wanted_ = std::min(wanted_ * kMore, kMostWanted);
  rest_.store(static_cast<int64_t>(std::min<uint64_t>(window_input_, INT64_MAX / kRest) * kRest), std::memory_order_relaxed);
}

void PayOff::Add(Measured& measured, uint64_t input_bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Measured::Sample& sample : measured.samples) {
    rates_[static_cast<size_t>(sample.work)].Add(sample.bytes, sample.ns);
  }
  window_.hits += measured.hits;
  window_.misses += measured.misses;
  window_.hit_bytes += measured.hit_bytes;
  window_.miss_bytes += measured.miss_bytes;
  window_.tape_bytes += measured.tape_bytes;
  window_.shorts += measured.shorts;
  window_input_ += input_bytes;
  measured.Clear();
  if (window_.hits + window_.misses + window_.shorts < kWindow) return;
  const double saved = Saved();
  trial_ += saved;
  credit_ = std::min(credit_ + saved, kMostCredit);
  if (credit_ <= 0 && Use()) Stop();
  closed_ = {closed_.hits + window_.hits, closed_.misses + window_.misses, closed_.saved_ns + static_cast<int64_t>(saved)};
  window_.Clear();
  window_input_ = 0;
}

PayOff::Totals PayOff::totals() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {closed_.hits + window_.hits, closed_.misses + window_.misses, closed_.saved_ns + static_cast<int64_t>(Saved())};
}

}  // namespace edict::cache
