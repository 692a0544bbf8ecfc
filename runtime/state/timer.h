// TimerState: the open entries of one `sequence` or `deadline` declaration, by key: when each began. At most one for each
// key. A sequence takes the latest beginning; of a deadline the first counts until it is met or has passed.
#ifndef EDICT_RUNTIME_STATE_TIMER_H_
#define EDICT_RUNTIME_STATE_TIMER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"
#include "runtime/state/table.h"

namespace edict {

// A deadline that was not met.
struct PassedDeadline {
  uint32_t timer = kNone;
  int64_t opened = 0;
  int64_t due = 0;
  uint64_t serial = 0;  // rises with each opening in a stream
  std::string key;      // encoded
};

class TimerState {
 public:
  // `number`: of the declaration, which must outlive the state.
  TimerState(const Timer& declared, uint32_t number, uint64_t seed);
  // The same entries under another declaration, which may differ in its span and bound.
  TimerState(TimerState&& old, const Timer& declared, uint32_t number);

  bool Armed(std::string_view key, int64_t at) const;
  // False: its bound refuses one more key.
  bool Arm(std::string_view key, int64_t at, uint64_t serial);
  // Ends what is armed at that time. What begins later, or was due before, stays.
  void Disarm(std::string_view key, int64_t at);
  // No event before `watermark` comes any more: what was due before ends. Of a deadline it goes to `passed`.
  void Expire(int64_t watermark, std::vector<PassedDeadline>& passed);
  // Everything that is open ends.
  void ExpireAll(std::vector<PassedDeadline>& passed);
  // Everything open began then: at the first time that the stream knows.
  void Rebase(int64_t time);
  void Clear();

  uint32_t open() const { return keys_.size(); }
  uint64_t bytes() const;
  // What bytes() comes to at its bound, but for the text of the keys.
  static uint64_t MostBytes(const Timer& timer);

 private:
  struct Slot {
    std::string key;
    int64_t opened = 0;
    uint64_t serial = 0;  // 0: free
  };
  // A reminder of a slot. It is stale where the slot has another serial by now, and early where the slot began anew.
  struct Reminder {
    int64_t due;
    uint64_t serial;
    uint32_t slot;
  };
  static bool Later(const Reminder& a, const Reminder& b) { return a.due != b.due ? a.due > b.due : a.serial > b.serial; }

  int64_t DueOf(const Slot& slot) const;
  const Slot* Find(std::string_view key) const;
  void Remind(uint32_t slot);
  void Free(uint32_t slot);
  void Pass(const Slot& slot, std::vector<PassedDeadline>& passed) const;
  void RebuildReminders();

  const Timer& declared_;
  uint32_t number_;
  KeyTable keys_;  // to the slot
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::vector<Reminder> reminders_;  // a heap, the earliest first
  uint64_t key_bytes_ = 0;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_TIMER_H_
