#include "runtime/state/timed_state.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "runtime/state/time_math.h"

namespace edict {

TimedState::TimedState(const Program& program, uint64_t seed) : late_(program.clock.late) {
  for (const Window& window : program.windows) windows_.emplace_back(window, seed);
  for (uint32_t i = 0; i < program.timers.size(); ++i) timers_.emplace_back(program.timers[i], i, seed);
  CountBytes();
}

void TimedState::Move(int64_t time) {
  if (!started_) {
    started_ = true;
    now_ = time;
    for (WindowState& window : windows_) window.Rebase(time);
    for (TimerState& timer : timers_) timer.Rebase(time);
    return;
  }
  if (time <= now_) return;
  now_ = time;
  const int64_t watermark = Earlier(now_, late_);
  for (WindowState& window : windows_) window.Expire(watermark);
  for (TimerState& timer : timers_) timer.Expire(watermark, passed_);
  CountBytes();
}

bool TimedState::BeginEvent(std::optional<int64_t> time) {
  if (time) Move(*time);
  const int64_t earliest = Earlier(now_, late_);
  event_time_ = time ? std::max(*time, earliest) : now_;
  return !time || *time >= earliest;
}

void TimedState::Tick(int64_t time) {
  Move(time);
  event_time_ = now_;
}

std::vector<PassedDeadline> TimedState::TakePassed() {
  if (passed_.empty()) return {};
  std::sort(passed_.begin(), passed_.end(),
            [](const PassedDeadline& a, const PassedDeadline& b) { return std::tie(a.due, a.serial) < std::tie(b.due, b.serial); });
  return std::exchange(passed_, {});
}

std::vector<PassedDeadline> TimedState::TakeAll() {
  event_time_ = now_;
  for (TimerState& timer : timers_) timer.ExpireAll(passed_);
  CountBytes();
  return TakePassed();
}

WindowState::Outcome TimedState::Add(uint32_t window, std::string_view key, const Value& value) {
  const uint64_t before = windows_[window].bytes();
  const WindowState::Outcome outcome = windows_[window].Add(key, event_time_, value);
  bytes_ += windows_[window].bytes() - before;
  return outcome;
}

bool TimedState::Arm(uint32_t timer, std::string_view key) {
  const uint64_t before = timers_[timer].bytes();
  const bool armed = timers_[timer].Arm(key, event_time_, ++serial_);
  bytes_ += timers_[timer].bytes() - before;
  return armed;
}

void TimedState::Disarm(uint32_t timer, std::string_view key) {
  const uint64_t before = timers_[timer].bytes();
  timers_[timer].Disarm(key, event_time_);
  bytes_ += timers_[timer].bytes() - before;
}

void TimedState::ResetWindow(uint32_t window) {
  windows_[window].Clear();
  CountBytes();
}

void TimedState::ResetTimer(uint32_t timer) {
  timers_[timer].Clear();
  CountBytes();
}

void TimedState::CountBytes() {
  bytes_ = windows_.capacity() * sizeof(WindowState) + timers_.capacity() * sizeof(TimerState);
  for (const WindowState& window : windows_) bytes_ += window.bytes();
  for (const TimerState& timer : timers_) bytes_ += timer.bytes();
}

}  // namespace edict
