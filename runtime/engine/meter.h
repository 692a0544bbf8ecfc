// Counts of all streams of an engine, for Engine::metrics. What every event counts is counted by its thread alone, in the part of
// its workspace; what is rare is counted for all.
#ifndef EDICT_RUNTIME_ENGINE_METER_H_
#define EDICT_RUNTIME_ENGINE_METER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

#include "runtime/metrics.h"
#include "runtime/program/program.h"

namespace edict {

class Meter {
 public:
  // Written by one thread at a time, read by any.
  class Count {
   public:
    void Add(uint64_t more) { count_.store(Get() + more, std::memory_order_relaxed); }
    uint64_t Get() const { return count_.load(std::memory_order_relaxed); }

   private:
    std::atomic<uint64_t> count_{0};
  };

  // Of one workspace.
  struct Part {
    explicit Part(std::shared_ptr<Meter> meter);
    ~Part();
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    // Whether the time of the next event is to be taken.
    bool Samples() { return (++calls % kEventsPerSample) == 0; }

    const std::shared_ptr<Meter> meter;
    Count events;
    Count not_validated;
    Count state_bytes;   // what streams have added here; of all parts together: what they take
    Count bytes;         // of the workspace
    Count checks_asked;  // of the cache
    Count checks_known;
    uint32_t calls = 0;
  };
  static constexpr uint32_t kEventsPerSample = 256;

  using Clock = std::chrono::steady_clock;
  void Record(Clock::duration time, uint64_t events);

  // Where findings of each code are counted, by Program::codes. They outlive the meter's last owner only.
  using Findings = std::vector<std::atomic<uint64_t>*>;
  Findings FindingsOf(const Program& program);

  // All but what the engine knows of its rule sets.
  Metrics Read() const;
  // Of the cache, those of checks.
  void ReadChecks(CacheStats& stats) const;

  std::atomic<uint64_t> streams_opened{0};
  std::atomic<uint64_t> reloads{0};
  std::atomic<uint64_t> roll_backs{0};

 private:
  using Key = std::tuple<std::string, std::string, std::string, Severity>;  // code, rule, package

  mutable std::mutex mutex_;
  std::vector<const Part*> parts_;
  uint64_t events_ = 0;  // of parts that are gone, as what follows
  uint64_t not_validated_ = 0;
  uint64_t state_bytes_ = 0;
  uint64_t checks_asked_ = 0;
  uint64_t checks_known_ = 0;
  LatencyHistogram latency_;
  std::map<Key, std::atomic<uint64_t>> findings_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_METER_H_
