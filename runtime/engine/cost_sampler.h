// What the parts of the rules cost, measured on a few events: each is judged part by part beside the judgement that counts, and
// changes nothing. How many depends on what the samples take, so that they stay within a share of the time.
#ifndef EDICT_RUNTIME_ENGINE_COST_SAMPLER_H_
#define EDICT_RUNTIME_ENGINE_COST_SAMPLER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "runtime/engine/verdict.h"
#include "runtime/interp/interp.h"
#include "runtime/jit/native_code.h"
#include "runtime/profile/cost_profile.h"
#include "runtime/program/program.h"

namespace edict {

class CostSampler;

// Of an engine: what all its samplers have measured.
class CostLedger {
 public:
  explicit CostLedger(double share) : share_(share) {}

  // Of the time of each thread that judges.
  double share() const { return share_; }
  CostProfile Read() const;

 private:
  friend class CostSampler;

  const double share_;
  mutable std::mutex mutex_;
  std::unordered_set<const CostSampler*> samplers_;
  uint64_t made_ = 0;                 // samplers, so far
  CostProfile closed_;                // of samplers that are gone
  std::atomic<uint64_t> samples_{0};  // of all
  std::atomic<uint64_t> gap_{0};      // that the last one has led to, in bytes
};

// Of a workspace.
class CostSampler {
 public:
  CostSampler(std::shared_ptr<CostLedger> ledger, const Program& program);
  ~CostSampler();
  CostSampler(const CostSampler&) = delete;
  CostSampler& operator=(const CostSampler&) = delete;

  // The next event is to be sampled, and is for the long way.
  bool due() const { return left_ <= 0; }
  // Bytes of input until then.
  uint64_t left() const { return due() ? 0 : static_cast<uint64_t>(left_); }
  // So many were judged.
  void Passed(uint64_t bytes) {
    left_ -= static_cast<int64_t>(bytes);
    passed_ += bytes;
  }

  // Around the whole of an event that is due.
  void Begin() { began_ = Clock::now(); }
  void End(uint64_t bytes);

  // Within: an event whose slots are in the frame, before it is judged. `find_slots` finds them again. `native` may be null.
  template <typename FindSlots>
  void Sample(const Frame& frame, uint32_t event, const NativeCode* native, const FindSlots& find_slots) {
    const std::lock_guard<std::mutex> lock(mutex_);
    EventCost& cost = profile_.types[event];
    cost.slots_ns += Time(frame, find_slots);
    SampleRules(frame, event, native);
  }

  CostProfile Read() const;

 private:
  using Clock = std::chrono::steady_clock;

  // Nanoseconds of the second run. Fuel and arena are as before afterwards.
  template <typename Work>
  double Time(const Frame& frame, const Work& work) const {
    const int64_t fuel = frame.context->fuel;
    const Arena::Mark mark = frame.context->arena->Here();
    work();
    frame.context->fuel = fuel;
    frame.context->arena->Rewind(mark);
    const Clock::time_point start = Clock::now();
    work();
    const auto ns = static_cast<double>(std::chrono::nanoseconds(Clock::now() - start).count());
    frame.context->fuel = fuel;
    frame.context->arena->Rewind(mark);
    return ns > clock_ns_ ? ns - clock_ns_ : 0;
  }
  void SampleRules(const Frame& frame, uint32_t event, const NativeCode* native);
  void SampleCheck(const Frame& frame, const Check& check, CheckCost& cost);
  void SampleNative(const Frame& frame, uint32_t event, const NativeCode* native, EventCost& cost);
  uint64_t NextGap(double took_ns);
  double NextFraction();  // random, below 1

  const std::shared_ptr<CostLedger> ledger_;
  const Program& program_;
  const double clock_ns_;  // what looking at the clock takes
  mutable std::mutex mutex_;
  CostProfile profile_;  // types by Program::events, with their checks and slots in order
  Verdict verdict_;
  uint32_t sampled_event_ = kNone;  // since Begin
  int64_t left_ = 0;
  uint64_t passed_ = 0;  // since the last sample
  uint64_t bytes_ = 0;   // before that
  double least_ns_;      // of a byte, of what lay between two samples
  uint64_t random_ = 88'172'645'463'325'252u;
  Clock::time_point began_;
  Clock::time_point ended_;  // the last sample
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_COST_SAMPLER_H_
