#include "runtime/state/text_keep.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace edict {
namespace {

constexpr uint32_t kMinCapacity = 64;

// Half of a surrogate pair in WTF-8: ED A0..AF xx comes first, ED B0..BF xx second.
bool IsHalf(const char* p, unsigned char first) { return p[0] == '\xed' && (static_cast<unsigned char>(p[1]) & 0xf0) == first; }

// The last half of the text and the first of what follows: one character, written where the last half stands.
bool Meet(const Value& text, std::string_view next) {
  return text.size >= 3 && next.size() >= 3 && IsHalf(text.s + text.size - 3, 0xa0) && IsHalf(next.data(), 0xb0);
}
void Join(char* high, const char* low) {
  const auto unit = [](const char* p) {
    return (static_cast<uint32_t>(p[1] & 0x3f) << 6) | static_cast<uint32_t>(p[2] & 0x3f);  // the lower 12 bits
  };
  const uint32_t point = 0x10000 + ((unit(high) & 0x3ff) << 10) + (unit(low) & 0x3ff);
  high[0] = static_cast<char>(0xf0 | (point >> 18));
  high[1] = static_cast<char>(0x80 | ((point >> 12) & 0x3f));
  high[2] = static_cast<char>(0x80 | ((point >> 6) & 0x3f));
  high[3] = static_cast<char>(0x80 | (point & 0x3f));
}

}  // namespace

Value KeepStore::Initial(uint32_t keep) const {
  const Keep& declared = (*keeps_)[keep];
  if (declared.rep == Kind::kString) return Value::String({"", 0});
  return declared.initial == kNone ? Value::Null() : program_->constants[declared.initial];
}

uint32_t KeepStore::New() {
  uint32_t record = 0;
  if (!free_.empty()) {
    record = free_.back();
    free_.pop_back();
  } else {
    slots_.resize(slots_.size() + keeps_->size());
    record = static_cast<uint32_t>(slots_.size() / keeps_->size());
  }
  for (uint32_t keep = 0; keep < keeps_->size(); ++keep) {
    Slot& slot = SlotOf(record, keep);
    slot.value = Initial(keep);
    slot.complete = true;
  }
  return record;
}

void KeepStore::Release(Slot& slot) {
  text_bytes_ -= slot.capacity;
  if (slot.text != nullptr && spare_bytes_ + slot.capacity <= kSpareBytes) {
    spare_bytes_ += slot.capacity;
    spare_.push_back({std::move(slot.text), slot.capacity});
  }
  slot.text.reset();
  slot.capacity = 0;
}

void KeepStore::Free(uint32_t record) {
  for (uint32_t keep = 0; keep < keeps_->size(); ++keep) Release(SlotOf(record, keep));
  free_.push_back(record);
}

void KeepStore::Clear() {
  std::vector<Slot>().swap(slots_);
  std::vector<uint32_t>().swap(free_);
  std::vector<Buffer>().swap(spare_);
  text_bytes_ = spare_bytes_ = 0;
}

Value KeepStore::Get(uint32_t record, uint32_t keep) const { return record == 0 ? Initial(keep) : SlotOf(record, keep).value; }

bool KeepStore::Complete(uint32_t record, uint32_t keep) const { return record == 0 || SlotOf(record, keep).complete; }

void KeepStore::Reserve(Slot& slot, uint32_t capacity) {
  Buffer buffer;
  if (slot.text == nullptr && !spare_.empty() && spare_.back().capacity >= capacity) {
    buffer = std::move(spare_.back());
    spare_.pop_back();
    spare_bytes_ -= buffer.capacity;
  } else {
    buffer = {std::unique_ptr<char[]>(new char[capacity]), capacity};
  }
  if (slot.value.size != 0) std::memcpy(buffer.text.get(), slot.value.s, slot.value.size);
  text_bytes_ += buffer.capacity - slot.capacity;
  slot.text = std::move(buffer.text);
  slot.capacity = buffer.capacity;
  slot.value.s = slot.text.get();
}

KeepStore::Appended KeepStore::Append(uint32_t record, uint32_t keep, std::string_view text, uint64_t room) {
  Slot& slot = SlotOf(record, keep);
  if (!slot.complete) return Appended::kDropped;
  if (text.empty()) return Appended::kDone;
  const uint64_t bound = (*keeps_)[keep].bound;
  const uint64_t size = slot.value.size + text.size();
  if (size > bound) {
    slot.complete = false;
    return Appended::kPassesBound;
  }
  if (size > slot.capacity) {
    const uint64_t wanted = std::max<uint64_t>(size, std::min<uint64_t>(std::max(2 * slot.capacity, kMinCapacity), bound));
    if (wanted - slot.capacity > room) {
      slot.complete = false;
      return Appended::kNoRoom;
    }
    Reserve(slot, static_cast<uint32_t>(wanted));
  }
  if (Meet(slot.value, text)) {
    Join(slot.text.get() + slot.value.size - 3, text.data());
    slot.value.size += 1;
    text.remove_prefix(3);
  }
  std::memcpy(slot.text.get() + slot.value.size, text.data(), text.size());
  slot.value.size += static_cast<uint32_t>(text.size());
  return Appended::kDone;
}

uint64_t KeepStore::bytes() const {
  return slots_.capacity() * sizeof(Slot) + free_.capacity() * sizeof(uint32_t) + spare_.capacity() * sizeof(Buffer) + text_bytes_ +
         spare_bytes_;
}

}  // namespace edict
