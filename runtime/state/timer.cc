#include "runtime/state/timer.h"

#include <algorithm>
#include <utility>

#include "runtime/state/time_math.h"

namespace edict {

TimerState::TimerState(const Timer& declared, uint32_t number, uint64_t seed)
    : declared_(declared), number_(number), keys_(declared.key_count, seed) {}

TimerState::TimerState(TimerState&& old, const Timer& declared, uint32_t number)
    : declared_(declared),
      number_(number),
      keys_(std::move(old.keys_)),
      slots_(std::move(old.slots_)),
      free_(std::move(old.free_)),
      key_bytes_(old.key_bytes_) {
  RebuildReminders();
}

int64_t TimerState::DueOf(const Slot& slot) const { return edict::Later(slot.opened, declared_.within); }

const TimerState::Slot* TimerState::Find(std::string_view key) const {
  const uint32_t found = keys_.Find(key);
  return found == KeyTable::kNotFound ? nullptr : &slots_[static_cast<size_t>(keys_.ValueOf(found).i)];
}

bool TimerState::Armed(std::string_view key, int64_t at) const {
  const Slot* slot = Find(key);
  return slot != nullptr && slot->opened <= at && at <= DueOf(*slot);
}

bool TimerState::Arm(std::string_view key, int64_t at, uint64_t serial) {
  uint32_t found = keys_.Find(key);
  if (found != KeyTable::kNotFound) {
    Slot& slot = slots_[static_cast<size_t>(keys_.ValueOf(found).i)];
    if (!declared_.deadline) slot.opened = std::max(slot.opened, at);  // its reminder comes early: it is put off then
    return true;
  }
  if (keys_.size() >= declared_.bound) return false;
  auto number = static_cast<uint32_t>(slots_.size());
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    number = free_.back();
    free_.pop_back();
  }
  bool inserted = false;
  found = keys_.FindOrInsert(key, &inserted);
  keys_.SetValue(found, Value::Int(number));
  Slot& slot = slots_[number];
  slot.key = key;
  slot.opened = at;
  slot.serial = serial;
  key_bytes_ += slot.key.capacity();
  Remind(number);
  return true;
}

void TimerState::Remind(uint32_t number) {
  // Stale ones stay until they come up, or are too many.
  if (reminders_.size() > 2 * size_t{keys_.size()} + 16) return RebuildReminders();
  reminders_.push_back({DueOf(slots_[number]), slots_[number].serial, number});
  std::push_heap(reminders_.begin(), reminders_.end(), Later);
}

void TimerState::RebuildReminders() {
  reminders_.clear();
  for (uint32_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].serial != 0) reminders_.push_back({DueOf(slots_[i]), slots_[i].serial, i});
  }
  std::make_heap(reminders_.begin(), reminders_.end(), Later);
}

void TimerState::Free(uint32_t number) {
  Slot& slot = slots_[number];
  keys_.Erase(keys_.Find(slot.key));
  key_bytes_ -= slot.key.capacity();
  std::string().swap(slot.key);
  slot.serial = 0;
  free_.push_back(number);
}

void TimerState::Disarm(std::string_view key, int64_t at) {
  if (Armed(key, at)) Free(static_cast<uint32_t>(Find(key) - slots_.data()));
}

void TimerState::Pass(const Slot& slot, std::vector<PassedDeadline>& passed) const {
  if (declared_.expiry.empty()) return;
  passed.push_back({number_, slot.opened, DueOf(slot), slot.serial, slot.key});
}

void TimerState::Expire(int64_t watermark, std::vector<PassedDeadline>& passed) {
  while (!reminders_.empty() && reminders_.front().due < watermark) {
    const Reminder reminder = reminders_.front();
    std::pop_heap(reminders_.begin(), reminders_.end(), Later);
    reminders_.pop_back();
    const Slot& slot = slots_[reminder.slot];
    if (slot.serial != reminder.serial) continue;
    if (DueOf(slot) < watermark) {
      Pass(slot, passed);
      Free(reminder.slot);
    } else {
      Remind(reminder.slot);
    }
  }
}

void TimerState::ExpireAll(std::vector<PassedDeadline>& passed) {
  for (const Slot& slot : slots_) {
    if (slot.serial != 0) Pass(slot, passed);
  }
  Clear();
}

void TimerState::Rebase(int64_t time) {
  for (Slot& slot : slots_) slot.opened = time;
  RebuildReminders();
}

void TimerState::Clear() {
  keys_.Clear();
  std::vector<Slot>().swap(slots_);
  std::vector<uint32_t>().swap(free_);
  std::vector<Reminder>().swap(reminders_);
  key_bytes_ = 0;
}

uint64_t TimerState::bytes() const {
  return keys_.bytes() + key_bytes_ + slots_.capacity() * sizeof(Slot) + free_.capacity() * sizeof(uint32_t) +
         reminders_.capacity() * sizeof(Reminder);
}

// Arrays are up to twice as large as what they hold; of the reminders two in three may be stale.
uint64_t TimerState::MostBytes(const Timer& timer) {
  return timer.bound * (2 * (sizeof(Slot) + sizeof(uint32_t)) + 6 * sizeof(Reminder)) + 32 * sizeof(Reminder) +
         KeyTable::MostBytes(timer.bound);
}

}  // namespace edict
