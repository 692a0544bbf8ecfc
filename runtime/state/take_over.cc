// The state of a stream under one Program becomes its state under another: each declaration that is carried over moves, none
// is copied but for what points into the old Program.
#include <algorithm>
#include <utility>

#include "runtime/state/stream_state.h"

namespace edict {

void StreamState::TakeOver(StreamState& old, const StateCarry& carry) {
  for (uint32_t i = 0; i < carry.cells.size(); ++i) {
    if (carry.cells[i] != kNone) TakeCell(i, old, carry.cells[i], carry.cell_ordinals[i]);
  }
  for (uint32_t i = 0; i < carry.lifecycles.size(); ++i) {
    if (carry.lifecycles[i] != kNone) TakeLife(i, old, carry.lifecycles[i], carry);
  }
  for (uint32_t i = 0; i < carry.documents.size(); ++i) {
    if (carry.documents[i] != kNone) documents()[i] = std::move(old.documents()[carry.documents[i]]);
  }
  for (uint32_t i = 0; i < carry.scopes.size(); ++i) {
    if (carry.scopes[i] != kNone) open()[i] = old.open()[carry.scopes[i]];
  }
  timed_.TakeOver(old.timed_, program(), carry);
  CountBytes();
  for (const JsonDocument& document : documents()) bytes_ += document.bytes();
}

void StreamState::TakeCell(uint32_t cell, StreamState& old, uint32_t from, const std::vector<uint32_t>& ordinals) {
  if (program().cells[cell].kind != CellKind::kScalar) {
    TableOf(cell) = std::move(old.TableOf(from));
    return;
  }
  Value& scalar = values()[layout_->index[cell]];
  const Value& before = old.values()[old.layout_->index[from]];
  scalar = before;
  if (HasText(before)) {
    // An initial value is a constant of the old Program.
    std::string& text = texts()[layout_->index[cell]];
    std::string& old_text = old.texts()[old.layout_->index[from]];
    if (before.s == old_text.data()) {
      text = std::move(old_text);
    } else {
      text.assign(before.s, before.size);
    }
    scalar.s = text.data();
  } else if (before.kind == Kind::kInt && !ordinals.empty()) {
    scalar = Value::Int(ordinals[static_cast<size_t>(before.i)]);
  }
}

void StreamState::TakeLife(uint32_t lifecycle, StreamState& old, uint32_t from, const StateCarry& carry) {
  Life& life = lives()[lifecycle];
  Life& before = old.lives()[from];
  const std::vector<uint32_t>& ordinals = carry.life_ordinals[lifecycle];
  life.table = std::move(before.table);
  const std::span<const uint32_t> counted = old.counts(from);
  for (uint32_t i = 0; i < counted.size(); ++i) counts(lifecycle)[ordinals.empty() ? i : ordinals[i]] = counted[i];
  const bool none = life.keeps == nullptr || before.keeps == nullptr;
  const bool same_keeps = none ? life.keeps == before.keeps : life.keeps->TakeAll(*before.keeps, carry.keeps[lifecycle]);
  if (same_keeps && ordinals.empty()) return;
  KeyTable& table = life.table;
  for (uint32_t entry = table.First(); entry != KeyTable::kNotFound; entry = table.Next(entry)) {
    Value state = table.ValueOf(entry);
    if (!ordinals.empty()) state.i = ordinals[static_cast<size_t>(state.i)];
    if (!same_keeps) {
      const uint32_t record = std::exchange(state.size, 0);
      if (life.keeps != nullptr) state.size = life.keeps->New();
      if (state.size != 0 && record != 0) life.keeps->TakeOver(state.size, *before.keeps, record, carry.keeps[lifecycle]);
    }
    table.SetValue(entry, state);
  }
}

bool StreamState::SetCell(uint32_t cell, const Value& value) {
  RefusedWrite why;
  std::vector<RefusedWrite> refused;
  SetScalar(cell, value, why, refused);
  return refused.empty();
}

bool KeepStore::TakeAll(KeepStore& old, const std::vector<uint32_t>& from) {
  if (from.size() != old.keeps_->size()) return false;
  for (uint32_t i = 0; i < from.size(); ++i) {
    if (from[i] != i) return false;
  }
  slots_ = std::move(old.slots_);
  free_ = std::move(old.free_);
  spare_ = std::move(old.spare_);
  text_bytes_ = std::exchange(old.text_bytes_, 0);
  spare_bytes_ = std::exchange(old.spare_bytes_, 0);
  return true;
}

void KeepStore::TakeOver(uint32_t record, KeepStore& old, uint32_t old_record, const std::vector<uint32_t>& from) {
  for (uint32_t keep = 0; keep < from.size(); ++keep) {
    if (from[keep] == kNone) continue;
    Slot& slot = SlotOf(record, keep);
    slot = std::move(old.SlotOf(old_record, from[keep]));
    text_bytes_ += slot.capacity;
  }
}

// What was passed but not yet taken out stays so, where its deadline is carried over.
void TimedState::TakeOver(TimedState& old, const Program& program, const StateCarry& carry) {
  started_ = old.started_;
  now_ = old.now_;
  event_time_ = old.event_time_;
  serial_ = old.serial_;
  std::vector<WindowState> windows;
  windows.reserve(windows_.size());
  for (uint32_t i = 0; i < carry.windows.size(); ++i) {
    windows.emplace_back(std::move(carry.windows[i] == kNone ? windows_[i] : old.windows_[carry.windows[i]]), program.windows[i]);
  }
  windows_ = std::move(windows);
  std::vector<TimerState> timers;
  timers.reserve(timers_.size());
  for (uint32_t i = 0; i < carry.timers.size(); ++i) {
    timers.emplace_back(std::move(carry.timers[i] == kNone ? timers_[i] : old.timers_[carry.timers[i]]), program.timers[i], i);
  }
  timers_ = std::move(timers);
  for (PassedDeadline& passed : old.passed_) {
    const auto now = std::find(carry.timers.begin(), carry.timers.end(), passed.timer);
    if (now == carry.timers.end()) continue;
    passed.timer = static_cast<uint32_t>(now - carry.timers.begin());
    passed_.push_back(std::move(passed));
  }
  CountBytes();
}

}  // namespace edict
