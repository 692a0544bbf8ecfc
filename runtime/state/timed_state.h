// TimedState: the clock of one stream, and what depends on it: windows, sequences, deadlines. Time is the latest time that
// an event or a tick has named; nothing here reads any other clock. Before the first time is known, everything stands at
// one moment, which turns out to be that first time.
#ifndef EDICT_RUNTIME_STATE_TIMED_STATE_H_
#define EDICT_RUNTIME_STATE_TIMED_STATE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/program/compare_state.h"
#include "runtime/program/program.h"
#include "runtime/state/timer.h"
#include "runtime/state/window.h"

namespace edict {

class TimedState {
 public:
  // The Program must outlive the state.
  TimedState(const Program& program, uint64_t seed);

  // Of a state that is new: it goes on where `old` has come to, with what is carried over.
  void TakeOver(TimedState& old, const Program& program, const StateCarry& carry);

  // An event with its own time, if it has one, moves the clock. It counts at that time, but not before the earliest that
  // is still tolerated; without time it counts at the stream's. False: it is later than tolerated.
  bool BeginEvent(std::optional<int64_t> time);
  // Moves the clock to that time, if it is later.
  void Tick(int64_t time);
  // What was due before any event that can still come, in order of the time due, then of opening. Taken out.
  std::vector<PassedDeadline> TakePassed();
  bool any_passed() const { return !passed_.empty(); }
  // At the end of the stream: every deadline that is still open.
  std::vector<PassedDeadline> TakeAll();

  int64_t now() const { return now_; }
  int64_t event_time() const { return event_time_; }
  bool empty() const { return windows_.empty() && timers_.empty(); }

  Value Read(uint32_t window, std::string_view key, uint32_t* walked) const {
    return windows_[window].Read(key, event_time_, walked);
  }
  bool Armed(uint32_t timer, std::string_view key) const { return timers_[timer].Armed(key, event_time_); }

  WindowState::Outcome Add(uint32_t window, std::string_view key, const Value& value);
  bool Arm(uint32_t timer, std::string_view key);
  void Disarm(uint32_t timer, std::string_view key);
  void ResetWindow(uint32_t window);
  void ResetTimer(uint32_t timer);

  uint64_t bytes() const { return bytes_; }

 private:
  void Move(int64_t time);
  void CountBytes();

  uint64_t late_;
  std::vector<WindowState> windows_;
  std::vector<TimerState> timers_;
  std::vector<PassedDeadline> passed_;
  bool started_ = false;  // a time is known
  int64_t now_ = 0;
  int64_t event_time_ = 0;
  uint64_t serial_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_TIMED_STATE_H_
