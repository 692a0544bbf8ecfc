#include "runtime/stream_set.h"

#include <algorithm>
#include <utility>

#include "runtime/base/hash.h"
#include "runtime/engine/engine_impl.h"

namespace edict {
namespace {

constexpr size_t kMinSlots = 16;
constexpr size_t kNowhere = ~size_t{0};

}  // namespace

StreamSet::StreamSet(Engine engine, StreamSetOptions options)
    : engine_(std::move(engine)), options_(options), work_(engine_.NewWorkspaces()), slots_(kMinSlots) {}

size_t StreamSet::Find(std::string_view key, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; !Free(slots_[at]); at = (at + 1) & mask) {
    if (slots_[at].hash != hash) continue;
    slots_[at].stream.impl_->Prefetch();
    if (slots_[at].stream.impl_->key.text() == key) break;
  }
  return at;
}

size_t StreamSet::Find(const Idle& idle) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = idle.hash & mask; !Free(slots_[at]); at = (at + 1) & mask) {
    if (slots_[at].used == idle.used) return at;
  }
  return kNowhere;
}

Stream& StreamSet::At(std::string_view key, std::vector<Finding>& out) {
  Recount();
  const uint64_t hash = Hash64(key, engine_.impl_->seed);
  size_t at = Find(key, hash);
  if (Free(slots_[at])) {
    if ((open_ + 1) * 4 > slots_.size() * 3) {
      Grow();
      at = Find(key, hash);
    }
    Open(at, key, hash);
  }
  slots_[at].used = ++calls_;
  last_ = slots_[at].stream.impl_.get();
  last_->PrefetchState();
  if (!Full()) return slots_[at].stream;
  Evict(out);
  return slots_[Find({hash, calls_})].stream;
}

void StreamSet::Open(size_t slot, std::string_view key, uint64_t hash) {
  slots_[slot].hash = hash;
  slots_[slot].stream = engine_.Open(key, *work_);
  last_ = slots_[slot].stream.impl_.get();
  last_->membership.opened = stats_.opened++;
  ++open_;
  Recount();
  stats_.most_open = std::max<uint64_t>(stats_.most_open, std::min(open_, options_.max_streams));
}

void StreamSet::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (Slot& slot : old) {
    if (Free(slot)) continue;
    size_t at = slot.hash & mask;
    while (!Free(slots_[at])) at = (at + 1) & mask;
    slots_[at] = std::move(slot);
  }
}

void StreamSet::Recount() {
  if (last_ == nullptr) return;
  // A member's slot, and one for the slots that are free.
  const uint64_t bytes = last_->bytes() + 2 * sizeof(Slot);
  stats_.bytes += bytes - last_->membership.bytes;
  stats_.most_bytes = std::max(stats_.most_bytes, stats_.bytes);
  last_->membership.bytes = bytes;
}

bool StreamSet::Full() const {
  return open_ > 1 && (open_ > std::max<size_t>(options_.max_streams, 1) || stats_.bytes > options_.max_bytes);
}

void StreamSet::Evict(std::vector<Finding>& out) {
  while (Full()) Evict(Oldest(), out);
}

void StreamSet::Evict(size_t slot, std::vector<Finding>& out) {
  const StreamImpl& stream = *slots_[slot].stream.impl_;
  ++stats_.evicted;
  Finding finding;
  finding.stream = stream.key.text();
  finding.index = stream.stats.events;
  finding.code = "EDICT_EVICTED";
  finding.severity = Severity::kWarning;
  finding.message = open_ > options_.max_streams
                        ? "more than " + std::to_string(options_.max_streams) + " streams are open"
                        : "the open streams take more than " + std::to_string(options_.max_bytes) + " bytes";
  finding.message += ": this one, idle the longest, is ended; later events begin a new stream";
  out.push_back(std::move(finding));
  ++stats_.ended.findings[static_cast<int>(Severity::kWarning)];
  End(slot, out);
}

// Members that are not queued have been used later than all that are.
size_t StreamSet::Oldest() {
  for (;;) {
    while (!idle_.empty()) {
      const size_t at = Find(idle_.back());
      idle_.pop_back();
      if (at != kNowhere) return at;
    }
    QueueIdle();
  }
}

// A part of them, since most will have been used again before it is their turn.
void StreamSet::QueueIdle() {
  idle_.reserve(open_);
  for (const Slot& slot : slots_) {
    if (!Free(slot)) idle_.push_back({slot.hash, slot.used});
  }
  const auto later = [](const Idle& a, const Idle& b) { return a.used > b.used; };
  const auto first = idle_.end() - static_cast<std::ptrdiff_t>(open_ / 4 + 1);
  std::nth_element(idle_.begin(), first, idle_.end(), later);
  idle_.erase(idle_.begin(), first);
  std::sort(idle_.begin(), idle_.end(), later);
}

void StreamSet::End(size_t slot, std::vector<Finding>& out) {
  StreamImpl& stream = *slots_[slot].stream.impl_;
  stream.Finish(out, 0);
  const StreamStats& stats = stream.stats;
  stats_.ended.events += stats.events;
  stats_.ended.not_validated += stats.not_validated;
  for (size_t i = 0; i < std::size(stats.findings); ++i) stats_.ended.findings[i] += stats.findings[i];
  stats_.ended.state_bytes = std::max(stats_.ended.state_bytes, stats.state_bytes);
  stats_.bytes -= stream.membership.bytes;
  if (last_ == &stream) last_ = nullptr;
  --open_;
  slots_[slot] = Slot();
  // Backward shift: later members of the probe run move into the hole, so that no tombstone is needed.
  const size_t mask = slots_.size() - 1;
  size_t hole = slot;
  for (size_t next = (hole + 1) & mask; !Free(slots_[next]); next = (next + 1) & mask) {
    if (((next - slots_[next].hash) & mask) < ((next - hole) & mask)) continue;
    slots_[hole] = std::move(slots_[next]);
    hole = next;
  }
}

bool StreamSet::Finish(std::string_view key, std::vector<Finding>& out) {
  const size_t at = Find(key, Hash64(key, engine_.impl_->seed));
  if (Free(slots_[at])) return false;
  End(at, out);
  return true;
}

void StreamSet::FinishAll(std::vector<Finding>& out, const std::function<void()>& ended) {
  std::vector<std::pair<uint64_t, Idle>> members;
  members.reserve(open_);
  for (const Slot& slot : slots_) {
    if (!Free(slot)) members.push_back({slot.stream.impl_->membership.opened, {slot.hash, slot.used}});
  }
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [opened, member] : members) {
    End(Find(member), out);
    if (ended) ended();
  }
}

}  // namespace edict
