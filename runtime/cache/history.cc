#include "runtime/cache/history.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace edict::cache {
namespace {

// How many bytes are the same.
size_t CommonBytes(const char* a, const char* b, size_t size) {
  if (std::memcmp(a, b, size) == 0) return size;
  constexpr size_t kPiece = 1024;
  size_t at = 0;
  while (size - at > kPiece && std::memcmp(a + at, b + at, kPiece) == 0) at += kPiece;
  return static_cast<size_t>(std::mismatch(a + at, a + size, b + at).first - a);
}

}  // namespace

Histories::~Histories() {
  for (const History& history : histories_) cache_.ReleaseApart(history.reserved);
}

// So many parts of the history the text begins with.
size_t Histories::MatchOf(const History& history, const char* at, const char* limit) const {
  if (history.valid == 0 || !(history.kind == kind_) || history.epoch != epoch_) return 0;
  if (static_cast<size_t>(limit - at) < kHashedBytes || std::memcmp(at, history.text.data(), kHashedBytes) != 0) return 0;
  const size_t end = history.parts[history.valid - 1].end;
  const size_t same = CommonBytes(at, history.text.data(), std::min(end, static_cast<size_t>(limit - at)));
  if (same == end) return history.valid;
  const auto ends_behind = [](size_t bytes, const HistoryPart& part) { return bytes < part.end; };
  const auto first = history.parts.begin();
  return static_cast<size_t>(std::upper_bound(first, first + static_cast<std::ptrdiff_t>(history.valid), same, ends_behind) -
                             first);
}

std::span<const HistoryPart> Histories::Begin(const char* at, const char* limit, Hash128 kind, uint64_t depth, int64_t fuel) {
  base_ = at;
  kind_ = kind;
  // Before any element is found: whatever is dropped from the cache later raises it.
  epoch_ = cache_.epoch();
  current_ = nullptr;
  starts_ = true;
  ++arrays_;
  History* best = nullptr;
  size_t most = 0;
  for (History& history : histories_) {
    const size_t parts = MatchOf(history, at, limit);
    if (parts > most) best = &history, most = parts;
  }
  while (most > 0 && (best->parts[most - 1].fuel > fuel || best->parts[most - 1].depth > depth)) --most;
  if (most == 0) return {};
  Continue(*best, most);
  return {current_->parts.data(), most};
}

Histories::History& Histories::Oldest() {
  return *std::min_element(histories_.begin(), histories_.end(),
                           [](const History& a, const History& b) { return a.used < b.used; });
}

// The array at hand begins as the history does. Where it soon goes on in another way, while the other was about to be sent again,
// they are two.
void Histories::Continue(History& history, size_t parts) {
  starts_ = false;
  const bool lately = arrays_ - history.used <= kKept;
  history.used = arrays_;
  current_ = &history;
  next_ = parts;
  if (lately && parts * 2 < history.valid) Fork(history, parts);
}

void Histories::Fork(const History& from, size_t parts) {
  History& other = Oldest();
  if (&other == &from) return;
  const size_t bytes = from.parts[parts - 1].end;
  Truncate(other, 0);
  if (!Reserve(other, bytes, parts)) return;
  other.kind = from.kind;
  other.text.assign(from.text.begin(), from.text.begin() + static_cast<std::ptrdiff_t>(bytes));
  other.parts.assign(from.parts.begin(), from.parts.begin() + static_cast<std::ptrdiff_t>(parts));
  other.valid = parts;
  other.epoch = from.epoch;
  other.used = arrays_;
  current_ = &other;
}

// Whether one of the last arrays began with that element.
bool Histories::CameLately(uint64_t id) {
  auto found = std::find(first_ids_.begin(), first_ids_.end(), id);
  const bool came = found != first_ids_.end();
  if (!came) --found;
  std::rotate(first_ids_.begin(), found, found + 1);
  first_ids_[0] = id;
  return came;
}

void Histories::Note(const char* begin, const char* end, Element* element) {
  if (starts_) {
    starts_ = false;
    if (!CameLately(element->id)) return;
    // The one that is to be seen to be true again, if there is one: then nothing is copied.
    const auto found = std::find_if(histories_.begin(), histories_.end(), [&](const History& history) {
      return !history.parts.empty() && history.parts[0].id == element->id && history.epoch != epoch_;
    });
    current_ = found != histories_.end() ? &*found : &Oldest();
    if (found == histories_.end()) Truncate(*current_, 0);
    current_->kind = kind_;
    current_->valid = 0;
    current_->epoch = epoch_;
    current_->used = arrays_;
    next_ = 0;
  }
  if (current_ == nullptr) return;
  if (!Append(*current_, begin, end, element)) return Stop();
  current_->valid = std::max(current_->valid, ++next_);
}

void Histories::Truncate(History& history, size_t parts) {
  history.parts.resize(parts);
  history.valid = std::min(history.valid, parts);
  history.text.resize(parts == 0 ? 0 : history.parts.back().end);
}

// It is the next part, unless it is that already.
bool Histories::Append(History& history, const char* begin, const char* end, Element* element) {
  const size_t from = next_ == 0 ? 0 : history.parts[next_ - 1].end;
  const auto first = static_cast<size_t>(begin - base_);
  const auto last = static_cast<size_t>(end - base_);
  if (next_ < history.parts.size()) {
    const HistoryPart& part = history.parts[next_];
    if (part.id == element->id && part.begin == first && part.end == last &&
        std::memcmp(history.text.data() + from, base_ + from, first - from) == 0) {
      return true;
    }
    Truncate(history, next_);
  }
  if (!Reserve(history, last, next_ + 1)) return false;
  history.text.insert(history.text.end(), base_ + from, end);
  HistoryPart part{static_cast<uint32_t>(first), static_cast<uint32_t>(last), element->depth, element->fuel, element->id, element};
  if (next_ != 0) {
    part.depth = std::max(part.depth, history.parts[next_ - 1].depth);
    part.fuel += history.parts[next_ - 1].fuel;
  }
  history.parts.push_back(part);
  return true;
}

// Room for text of that size, and so many parts. What is taken is kept.
bool Histories::Reserve(History& history, size_t bytes, size_t parts) {
  if (bytes > cache_.max_element_bytes()) return false;
  const auto grow = [&](auto& list, size_t size) {
    if (size <= list.capacity()) return true;
    const size_t capacity = size + size / 2;
    const uint64_t more = (capacity - list.capacity()) * sizeof(list[0]);
    if (!cache_.TakeApart(more)) return false;
    history.reserved += more;
    list.reserve(capacity);
    return true;
  };
  return grow(history.text, bytes) && grow(history.parts, parts);
}

}  // namespace edict::cache
