#include "runtime/engine/cost_sampler.h"

#include <algorithm>
#include <utility>

#include "runtime/base/clock.h"
#include "runtime/engine/judge.h"

namespace edict {
namespace {

// The first samples of an engine are close together, so that short inputs tell something as well: they take some milliseconds in
// all.
constexpr uint64_t kFirstSamples = 64;
constexpr uint64_t kFirstGap = 512;
constexpr uint64_t kGapGrowth = 64;
constexpr double kMostGap = 1e9;
// Less says nothing about the time of a byte.
constexpr uint64_t kLeastMeasured = 2048;
// Of a byte, until it is measured; a low guess makes fewer samples.
constexpr double kGuessedNs = 0.2;

uint64_t SizeOf(const Value& value) {
  const bool sized =
      value.kind == Kind::kString || value.kind == Kind::kBytes || value.kind == Kind::kList || value.kind == Kind::kMap;
  return sized ? value.size : 0;
}

}  // namespace

CostProfile CostLedger::Read() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  CostProfile sum = closed_;
  for (const CostSampler* sampler : samplers_) sum.Add(sampler->Read());
  return sum;
}

CostSampler::CostSampler(std::shared_ptr<CostLedger> ledger, const Program& program)
    : ledger_(std::move(ledger)), program_(program), clock_ns_(ClockNanoseconds(16)), least_ns_(kGuessedNs), ended_(Clock::now()) {
  for (const EventType& type : program.events) {
    EventCost& cost = profile_.types.emplace_back();
    cost.name = type.name;
    for (const Check& check : type.checks) cost.checks.emplace_back().code = program.codes[check.code].code;
    for (const std::string& slot : type.slot_names) cost.slots.emplace_back().name = slot;
  }
  const std::lock_guard<std::mutex> lock(ledger_->mutex_);
  ledger_->samplers_.insert(this);
  random_ += 2 * ++ledger_->made_;
  // One of many goes on as the others have come to, whatever it lives to see.
  left_ = static_cast<int64_t>(static_cast<double>(ledger_->gap_.load(std::memory_order_relaxed)) * 2 * NextFraction());
}

CostSampler::~CostSampler() {
  const CostProfile last = Read();
  const std::lock_guard<std::mutex> lock(ledger_->mutex_);
  ledger_->samplers_.erase(this);
  ledger_->closed_.Add(last);
}

// What was never sampled is left out.
CostProfile CostSampler::Read() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  CostProfile profile = profile_;
  std::erase_if(profile.types, [](const EventCost& event) { return event.events == 0; });
  profile.bytes = bytes_;
  return profile;
}

void CostSampler::End(uint64_t bytes) {
  const Clock::time_point now = Clock::now();
  const auto took = static_cast<double>(std::chrono::nanoseconds(now - began_).count());
  const auto between = static_cast<double>(std::chrono::nanoseconds(began_ - ended_).count());
  if (passed_ >= kLeastMeasured) {
    const double ns = between / static_cast<double>(passed_);
    least_ns_ = least_ns_ == kGuessedNs ? ns : std::min(least_ns_, ns);
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (sampled_event_ != kNone) profile_.types[sampled_event_].bytes += bytes;
    profile_.sampling_ns += took;
    bytes_ += passed_ + bytes;
  }
  sampled_event_ = kNone;
  passed_ = 0;
  left_ = static_cast<int64_t>(NextGap(took));
  ended_ = now;
}

// Bytes, up to half as many more or less by chance: what comes in turns is to be met by all of them.
uint64_t CostSampler::NextGap(double took_ns) {
  const double share = ledger_->share();
  if (share >= 1) return 0;
  double gap = std::min(took_ns / (share * least_ns_), kMostGap);
  const uint64_t samples = ledger_->samples_.fetch_add(1, std::memory_order_relaxed);
  if (samples < kFirstSamples) gap = static_cast<double>(kFirstGap + kGapGrowth * samples);
  ledger_->gap_.store(static_cast<uint64_t>(gap), std::memory_order_relaxed);
  return static_cast<uint64_t>(gap * (0.5 + NextFraction())) + 1;
}

double CostSampler::NextFraction() {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return static_cast<double>(random_ >> 11) * 0x1p-53;
}

void CostSampler::SampleRules(const Frame& frame, uint32_t event, const NativeCode* native) {
  const EventType& type = program_.events[event];
  EventCost& cost = profile_.types[event];
  ++profile_.samples;
  ++cost.events;
  sampled_event_ = event;
  for (size_t i = 0; i < type.slot_names.size(); ++i) {
    if (frame.slots[i].kind == Kind::kAbsent) continue;
    ++cost.slots[i].present;
    cost.slots[i].size += SizeOf(frame.slots[i]);
  }
  verdict_.Clear();
  for (size_t i = 0; i < type.checks.size(); ++i) {
    const double before = cost.checks[i].ns;
    SampleCheck(frame, type.checks[i], cost.checks[i]);
    cost.rules_ns += cost.checks[i].ns - before;
  }
  if (!type.effects.empty()) {
    const int64_t fuel = frame.context->fuel;
    uint64_t steps = 0;
    const double ns = Time(frame, [&] {
      verdict_.writes.Clear();
      JudgeEffects(frame, type.effects, verdict_);
      steps = static_cast<uint64_t>(fuel - frame.context->fuel);
    });
    cost.writes_ns += ns;
    cost.writes_steps += steps;
    cost.rules_ns += ns;
  }
  SampleNative(frame, event, native, cost);
  verdict_.Clear();
}

void CostSampler::SampleCheck(const Frame& frame, const Check& check, CheckCost& cost) {
  const size_t before = verdict_.findings.size();
  const int64_t fuel = frame.context->fuel;
  uint64_t steps = 0;
  cost.ns += Time(frame, [&] {
    verdict_.findings.resize(before);
    verdict_.exhausted = false;
    JudgeCheck(frame, check, verdict_);
    steps = static_cast<uint64_t>(fuel - frame.context->fuel);
  });
  cost.steps += steps;
  ++cost.runs;
  if (verdict_.findings.size() > before) ++cost.failed;
  verdict_.exhausted = false;
}

void CostSampler::SampleNative(const Frame& frame, uint32_t event, const NativeCode* native, EventCost& cost) {
  if (native == nullptr || event >= native->verdicts().size() || native->verdicts()[event] == nullptr) return;
  cost.native_ns += Time(frame, [&] {
    frame.writes->Clear();
    (void)native->verdicts()[event](&frame);
  });
  frame.writes->Clear();
  ++cost.native_events;
}

}  // namespace edict
