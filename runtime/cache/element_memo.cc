#include "runtime/cache/element_memo.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/json/scan.h"

namespace edict::cache {
namespace {

// More than that the text does not nest.
uint32_t MostLevels(std::string_view text) {
  // Counted in bytes for as long as these do not overflow: so the compiler takes many at once.
  constexpr size_t kPiece = 192;
  uint32_t all = 0;
  for (; !text.empty(); text.remove_prefix(std::min(kPiece, text.size()))) {
    uint8_t count = 0;
    for (const char c : text.substr(0, kPiece)) {
      const auto either = static_cast<uint8_t>(static_cast<uint8_t>(c) | 0x20);  // of [ and {
      count = static_cast<uint8_t>(count + static_cast<uint8_t>(either == static_cast<uint8_t>('{')));
    }
    all += count;
  }
  return all;
}

// Room for what the rounds of a few loops come to.
uint32_t RoomFor(const std::vector<ElementLoop>& loops) {
  constexpr size_t kEach = 48;
  constexpr size_t kMost = 384;
  return static_cast<uint32_t>(std::min(loops.size() * kEach, kMost));
}

}  // namespace

void ElementMemo::Begin(const char* end) {
  end_ = end;
  const PayOff& pay_off = cache_->pay_off();
  const Mode mode = always_ || pay_off.Use() ? Mode::kUse : pay_off.Rest() ? Mode::kRest : Mode::kSample;
  if (mode == mode_) return;
  mode_ = mode;
  pass_ = mode == Mode::kRest ? UINT64_MAX : 0;
}

void ElementMemo::Forget() {
  touched_ = false;
  parts_.clear();
  for (auto& tape : tapes_) tape->in_use = false;
  pending_.at = nullptr;
  last_ = nullptr;
  histories_.Stop();
}

void ElementMemo::End(uint64_t bytes) {
  // What other threads read as well is not written for each event.
  constexpr uint64_t kTold = 64 << 10;
  passed_ += bytes;
  if (reader_ != nullptr && reader_->looks()) {
    reader_->End();
    cache_->pay_off().Add(measured_, std::exchange(passed_, 0));
  } else if (passed_ >= kTold) {
    const uint64_t passed = std::exchange(passed_, 0);
    if (mode_ == Mode::kRest) cache_->pay_off().Passed(passed);
  }
}

// The cache is not in use: the beginning of an event's first array is noted, and the rest goes without. Whether it is in use
// from here on, as enough repeats.
bool ElementMemo::Sample(const char* at, uint32_t kind) {
  asked_ = nullptr;
  const bool could_be = *at == '{' && rules_.kinds[kind] != Hash128{} && static_cast<size_t>(end_ - at) >= kHashedBytes;
  const bool repeats = could_be && sightings_.Saw(cache_->HashOf(at)) && cache_->pay_off().Repeats();
  pass_ = sightings_.pass();
  if (!repeats) return false;
  mode_ = Mode::kUse;
  pass_ = 0;
  asked_ = this;
  return true;
}

// ---- walking

bool ElementMemo::Is(const Element& element, const char* at, uint32_t kind, uint64_t depth, int64_t fuel) const {
  return element.size <= static_cast<size_t>(end_ - at) && std::memcmp(element.bytes().data(), at, element.size) == 0 &&
         element.kind == rules_.kinds[kind] && element.depth <= depth && element.fuel <= fuel;
}

Element* ElementMemo::Look(const char* at, uint32_t kind, uint64_t depth, int64_t fuel) {
  const Place expected = last_ != nullptr ? last_->next.load(std::memory_order_relaxed) : kNowhere;
  Element* element = cache_->At(expected);
  if (element != nullptr) {
    // What will be looked at next: it is read while this one is compared.
    if (const Element* after = cache_->At(element->next.load(std::memory_order_relaxed)); after != nullptr) after->Prefetch();
    if (Is(*element, at, kind, depth, fuel)) return element;
  }
  if (static_cast<size_t>(end_ - at) < kHashedBytes) return nullptr;
  pending_.hash = cache_->HashOf(at);
  Place place = kNowhere;
  element = cache_->Find(pending_.hash, &place, [&](const Element& e) { return Is(e, at, kind, depth, fuel); });
  if (element != nullptr && last_ != nullptr) last_->next.store(place, std::memory_order_relaxed);
  return element;
}

// The elements that the array begins with as it did before. Null: there are none.
const char* ElementMemo::TakeHistory(const char* at, uint32_t kind, uint64_t depth, int64_t& fuel) {
  const std::span<const HistoryPart> known = histories_.Begin(at, end_, rules_.kinds[kind], depth, fuel);
  if (known.empty()) return nullptr;
  parts_.reserve(parts_.size() + known.size());
  for (const HistoryPart& part : known) {
    parts_.push_back({at + part.begin, at + part.end, part.element, nullptr, part.id, &part != known.data()});
    measured_.hit_bytes += part.end - part.begin;
  }
  measured_.hits += known.size();
  fuel -= known.back().fuel;
  last_ = known.back().element;
  return at + known.back().end;
}

const char* ElementMemo::TakeAll(const char* at, uint32_t kind, uint64_t depth, bool first, int64_t& fuel) {
  const char* end = first ? TakeHistory(at, kind, depth, fuel) : nullptr;
  for (bool follows = end != nullptr;; follows = true) {
    if (follows) {
      const json::ScannedElement next = json::ScanElement(end, false);
      if (next.value == nullptr || next.more == 0) return end;
      at = next.value;
    }
    if (*at != '{') {
      histories_.Stop();
      return end;
    }
    Element* element = Look(at, kind, depth, fuel);
    if (element == nullptr) {
      pending_.at = at;
      return end;
    }
    if (!element->used.load(std::memory_order_relaxed)) element->used.store(true, std::memory_order_relaxed);
    fuel -= element->fuel;
    ++measured_.hits;
    measured_.hit_bytes += element->size;
    last_ = element;
    end = at + element->size;
    parts_.push_back({at, end, element, nullptr, element->id, follows});
    histories_.Note(at, end, element);
  }
}

const char* ElementMemo::Take(const char* at, uint32_t kind, uint64_t depth, bool first, int64_t& fuel) {
  if (pending_.at == at) {  // seen to be unknown by the call before
    pending_.fuel = fuel;
    if (pending_.began_ns == 0 && measured_.Time()) pending_.began_ns = PayOff::Now();
    return nullptr;
  }
  if (pending_.at != nullptr) return nullptr;  // within an element that is walked
  if (mode_ != Mode::kUse && !Sample(at, kind)) return nullptr;
  touched_ = true;
  if (*at != '{' || rules_.kinds[kind] == Hash128{}) {
    histories_.Stop();
    return nullptr;
  }
  if (first) last_ = nullptr;
  if (reader_ == nullptr) reader_ = std::make_unique<ElementCache::Reader>(*cache_);
  if (!reader_->looks()) reader_->Begin();
  pending_.began_ns = pending_.looked_ns = 0;
  if (!measured_.Time()) {
    const char* end = TakeAll(at, kind, depth, first, fuel);
    pending_.fuel = fuel;
    return end;
  }
  const uint64_t before = measured_.hit_bytes;
  const int64_t began = PayOff::Now();
  const char* end = TakeAll(at, kind, depth, first, fuel);
  pending_.fuel = fuel;
  if (end != nullptr) {
    measured_.samples.push_back({Work::kFind, measured_.hit_bytes - before, PayOff::Now() - began});
  } else {
    pending_.looked_ns = began;
    pending_.began_ns = PayOff::Now();
  }
  return end;
}

void ElementMemo::Keep(const char* at, const char* end, uint32_t kind, uint64_t depth, int64_t fuel) {
  if (pending_.at != at) return;
  pending_.at = nullptr;
  const auto size = static_cast<size_t>(end - at);
  Element* before = last_;
  last_ = nullptr;
  if (size < kHashedBytes) {
    histories_.Stop();
    ++measured_.shorts;
    return;
  }
  const int64_t began = pending_.began_ns != 0 ? PayOff::Now() : 0;
  if (began != 0) measured_.samples.push_back({Work::kWalk, size, began - pending_.began_ns});
  ++measured_.misses;
  measured_.miss_bytes += size;
  const std::string_view text(at, size);
  const uint32_t levels = std::min(static_cast<uint32_t>(depth), MostLevels(text));
  const Place place = cache_->Put(rules_.kinds[kind], pending_.hash, text, levels, pending_.fuel - fuel, RoomFor(rules_.loops));
  last_ = cache_->At(place);
  if (last_ != nullptr) {
    if (before != nullptr) before->next.store(place, std::memory_order_relaxed);
    parts_.push_back({at, end, last_, nullptr, last_->id, before != nullptr});
    histories_.Note(at, end, last_);
  } else {
    histories_.Stop();
  }
  if (pending_.looked_ns != 0) {
    measured_.samples.push_back({Work::kKeep, size, PayOff::Now() - began + pending_.began_ns - pending_.looked_ns});
  }
}

}  // namespace edict::cache
