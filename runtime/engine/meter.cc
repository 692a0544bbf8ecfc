#include "runtime/engine/meter.h"

#include <algorithm>
#include <utility>

namespace edict {
namespace {

using Lock = std::lock_guard<std::mutex>;

// Codes that are counted apart. Reloads might bring new ones for ever: the others are counted together.
constexpr size_t kMostCodes = 100'000;

}  // namespace

Meter::Part::Part(std::shared_ptr<Meter> of) : meter(std::move(of)) {
  const Lock lock(meter->mutex_);
  meter->parts_.push_back(this);
}

Meter::Part::~Part() {
  const Lock lock(meter->mutex_);
  std::erase(meter->parts_, this);
  meter->events_ += events.Get();
  meter->not_validated_ += not_validated.Get();
  meter->state_bytes_ += state_bytes.Get();
  meter->checks_asked_ += checks_asked.Get();
  meter->checks_known_ += checks_known.Get();
}

void Meter::Record(Clock::duration time, uint64_t events) {
  if (events == 0) return;
  const auto nanoseconds = static_cast<uint64_t>(std::chrono::nanoseconds(time).count());
  const Lock lock(mutex_);
  latency_.Record(nanoseconds / events, events);
}

Meter::Findings Meter::FindingsOf(const Program& program) {
  Findings findings;
  findings.reserve(program.codes.size());
  const Lock lock(mutex_);
  for (const Code& code : program.codes) {
    Key key(code.code, code.rule, code.package, code.severity);
    if (findings_.size() >= kMostCodes && findings_.count(key) == 0) key = Key("", "", "", code.severity);
    findings.push_back(&findings_[std::move(key)]);
  }
  return findings;
}

void Meter::ReadChecks(CacheStats& stats) const {
  const Lock lock(mutex_);
  stats.checks_asked = checks_asked_;
  stats.checks_known = checks_known_;
  for (const Part* part : parts_) {
    stats.checks_asked += part->checks_asked.Get();
    stats.checks_known += part->checks_known.Get();
  }
}

Metrics Meter::Read() const {
  Metrics metrics;
  const Lock lock(mutex_);
  metrics.events = events_;
  metrics.not_validated = not_validated_;
  metrics.state_bytes = state_bytes_;
  for (const Part* part : parts_) {
    metrics.events += part->events.Get();
    metrics.not_validated += part->not_validated.Get();
    metrics.state_bytes += part->state_bytes.Get();
    metrics.workspace_bytes += part->bytes.Get();
  }
  metrics.workspaces = parts_.size();
  for (const auto& [key, count] : findings_) {
    const uint64_t findings = count.load(std::memory_order_relaxed);
    if (findings == 0) continue;
    metrics.rules.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key), findings});
  }
  metrics.latency = latency_;
  metrics.streams_opened = streams_opened.load(std::memory_order_relaxed);
  metrics.reloads = reloads.load(std::memory_order_relaxed);
  metrics.roll_backs = roll_backs.load(std::memory_order_relaxed);
  return metrics;
}

}  // namespace edict
