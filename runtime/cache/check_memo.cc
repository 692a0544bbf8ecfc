#include "runtime/cache/check_memo.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "runtime/base/hash.h"

namespace edict::cache {

CheckMemo::CheckMemo(const std::vector<Projection>& projections, uint64_t seed, bool always, CheckMemo** asked)
    : projections_(projections), seed_(seed), always_(always), asked_(*asked), fortunes_(projections.size()) {
  asked_ = this;
}

// The fields, one after the other: what each is, and its bytes. False: some field is no scalar, or it is too much.
bool CheckMemo::Write(const Projection& projection, const Value* slots) {
  char* at = key_.data();
  const char* const end = at + kKeyBytes;
  for (const uint32_t slot : projection.values) {
    const Value& value = slots[slot];
    const bool text = value.kind == Kind::kString;
    const bool empty = value.kind == Kind::kAbsent || value.kind == Kind::kNull;
    const bool word =
        value.kind == Kind::kBool || value.kind == Kind::kInt || value.kind == Kind::kUint || value.kind == Kind::kDouble;
    if (!text && !empty && !word) return false;
    if (at + sizeof(uint64_t) + (text ? value.size : sizeof(uint64_t)) > end) return false;
    const uint64_t what = static_cast<uint64_t>(value.kind) | static_cast<uint64_t>(text ? value.size : 0) << 32;
    std::memcpy(at, &what, sizeof what);
    at += sizeof what;
    if (text && value.size != 0) std::memcpy(at, value.s, value.size);
    const uint64_t bits = value.kind == Kind::kBool ? uint64_t{value.b} : value.u;
    if (word) std::memcpy(at, &bits, sizeof bits);
    at += text ? value.size : word ? sizeof bits : 0;
  }
  if (at + projection.present.size() > end) return false;
  for (const uint32_t slot : projection.present) *at++ = slots[slot].kind == Kind::kAbsent ? 0 : 1;
  size_ = static_cast<uint32_t>(at - key_.data());
  hash_ = Hash64({key_.data(), size_}, seed_);
  return true;
}

CheckMemo::Entry* CheckMemo::Find(uint32_t projection) {
  if (entries_ == nullptr) return nullptr;
  Entry* const set = entries_->data() + (hash_ % kSets) * kWays;
  for (size_t way = 0; way < kWays; ++way) {
    Entry& entry = set[way];
    const bool same = entry.hash == hash_ && entry.fuel >= 0 && entry.projection == projection && entry.size == size_;
    if (same && std::memcmp(entry.key, key_.data(), size_) == 0) return &entry;
  }
  return nullptr;
}

// Less than half of what is asked for is known: asking would cost more than it saves.
bool CheckMemo::Rests(Fortune& fortune) {
  if (fortune.rest != 0) {
    --fortune.rest;
    return true;
  }
  if (fortune.asked < kWindow) return false;
  const bool pays = always_ || fortune.known * 2 >= fortune.asked;
  fortune = {0, 0, pays ? 0 : kWindow * kRests};
  began_to_rest_ = began_to_rest_ || !pays;
  return !pays;
}

bool CheckMemo::Known(uint32_t projection, const Value* slots, int64_t& fuel) {
  pending_ = kNone;
  Fortune& fortune = fortunes_[projection];
  if (Rests(fortune) || !Write(projections_[projection], slots)) return false;
  ++fortune.asked;
  ++counts_.asked;
  const Entry* entry = Find(projection);
  if (entry == nullptr) pending_ = projection;
  if (entry == nullptr || entry->fuel > fuel) return false;
  ++fortune.known;
  ++counts_.known;
  fuel -= entry->fuel;
  return true;
}

void CheckMemo::Keep(uint32_t projection, int64_t fuel) {
  if (std::exchange(pending_, kNone) != projection) return;
  if (entries_ == nullptr) {
    entries_ = std::make_unique<std::array<Entry, kSets * kWays>>();
    counts_.bytes += sizeof *entries_;
  }
  Entry* const set = entries_->data() + (hash_ % kSets) * kWays;
  // The one that was kept before goes to the other place of the set.
  set[1] = set[0];
  set[0].hash = hash_;
  set[0].fuel = fuel;
  set[0].projection = projection;
  set[0].size = size_;
  std::memcpy(set[0].key, key_.data(), size_);
}

// At least one, and of the others each or they are hardly asked for.
bool CheckMemo::AllRest() const {
  const auto rests = [](const Fortune& fortune) { return fortune.rest != 0; };
  const auto may_rest = [](const Fortune& fortune) { return fortune.rest != 0 || fortune.asked < kWindow / 8; };
  return std::any_of(fortunes_.begin(), fortunes_.end(), rests) && std::all_of(fortunes_.begin(), fortunes_.end(), may_rest);
}

CheckMemo::Counts CheckMemo::End(uint64_t bytes) {
  if (rest_bytes_ != 0) {
    rest_bytes_ -= std::min(rest_bytes_, bytes);
    if (rest_bytes_ == 0) asked_ = this;
  } else if (std::exchange(began_to_rest_, false) && AllRest()) {
    std::fill(fortunes_.begin(), fortunes_.end(), Fortune());
    rest_bytes_ = kRestBytes;
    asked_ = nullptr;
  }
  return std::exchange(counts_, {});
}

}  // namespace edict::cache
