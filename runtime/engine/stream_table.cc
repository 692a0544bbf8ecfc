#include "runtime/engine/stream_table.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "runtime/base/hash.h"

namespace edict {
namespace {

constexpr size_t kMinSlots = 16;
constexpr size_t kNowhere = ~size_t{0};

}  // namespace

StreamTable::StreamTable(const Engine& engine) : engine_(engine), work_(engine_.NewWorkspaces()), slots_(kMinSlots) {}

uint64_t StreamTable::seed() const { return engine_.impl_->seed; }
uint64_t StreamTable::HashOf(std::string_view key) const { return Hash64(key, seed()); }

size_t StreamTable::Locate(std::string_view key, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; !Free(slots_[at]); at = (at + 1) & mask) {
    if (slots_[at].use.hash != hash) continue;
    slots_[at].stream.impl_->Prefetch();
    if (slots_[at].stream.impl_->key.text() == key) break;
  }
  return at;
}

size_t StreamTable::Locate(const Use& use) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = use.hash & mask; !Free(slots_[at]); at = (at + 1) & mask) {
    if (slots_[at].use.stamp == use.stamp) return at;
  }
  return kNowhere;
}

void StreamTable::PrefetchSlot(uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }

// By the hash alone: most often it is the one.
const StreamImpl* StreamTable::Probe(uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; !Free(slots_[at]); at = (at + 1) & mask) {
    if (slots_[at].use.hash == hash) return slots_[at].stream.impl_.get();
  }
  return nullptr;
}

void StreamTable::PrefetchStream(uint64_t hash) const {
  const StreamImpl* stream = Probe(hash);
  if (stream != nullptr) stream->Prefetch();
}

void StreamTable::PrefetchState(uint64_t hash) const {
  const StreamImpl* stream = Probe(hash);
  if (stream != nullptr) stream->PrefetchState();
}

Stream* StreamTable::Find(std::string_view key, uint64_t hash) {
  Slot& slot = slots_[Locate(key, hash)];
  return Free(slot) ? nullptr : &slot.stream;
}

StreamTable::Slot* StreamTable::Open(std::string_view key, const Use& use) {
  if ((open_ + 1) * 4 > slots_.size() * 3) Grow();
  Slot& slot = slots_[Locate(key, use.hash)];
  slot.use = use;
  slot.stream = engine_.Open(key, *work_, &pool_);
  slot.stream.impl_->membership.opened = use.stamp;
  ++open_;
  Recount(slot.stream);
  return &slot;
}

void StreamTable::Grow() {
  Slots old(slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (Slot& slot : old) {
    if (Free(slot)) continue;
    size_t at = slot.use.hash & mask;
    while (!Free(slots_[at])) at = (at + 1) & mask;
    slots_[at] = std::move(slot);
  }
}

void StreamTable::Recount(Stream& stream) {
  StreamImpl& member = *stream.impl_;
  // A member's slot, and one for the slots that are free.
  const uint64_t bytes = member.bytes() + 2 * sizeof(Slot);
  bytes_ += bytes - member.membership.bytes;
  member.membership.bytes = bytes;
}

void StreamTable::Evict(const Use& use, const std::string& why, std::vector<Finding>& out) {
  const size_t slot = Locate(use);
  const StreamImpl& stream = *slots_[slot].stream.impl_;
  Finding finding;
  finding.stream = stream.key.text();
  finding.index = stream.stats.events;
  finding.code = "EDICT_EVICTED";
  finding.severity = Severity::kWarning;
  finding.message = why + ": this one, idle the longest, is ended; later events begin a new stream";
  out.push_back(std::move(finding));
  ++ended_.findings[static_cast<int>(Severity::kWarning)];
  EndSlot(slot, out);
}

// Members that are not queued have been used later than all that are.
StreamTable::Use StreamTable::Oldest() {
  for (;;) {
    for (; !idle_.empty(); idle_.pop_back()) {
      if (Locate(idle_.back()) != kNowhere) return idle_.back();
    }
    QueueIdle();
  }
}

// A part of them, since most will have been used again before it is their turn.
void StreamTable::QueueIdle() {
  idle_.reserve(open_);
  for (const Slot& slot : slots_) {
    if (!Free(slot)) idle_.push_back(slot.use);
  }
  const auto later = [](const Use& a, const Use& b) { return a.stamp > b.stamp; };
  const auto first = idle_.end() - static_cast<std::ptrdiff_t>(open_ / 4 + 1);
  std::nth_element(idle_.begin(), first, idle_.end(), later);
  idle_.erase(idle_.begin(), first);
  std::sort(idle_.begin(), idle_.end(), later);
}

void StreamTable::EndSlot(size_t slot, std::vector<Finding>& out) {
  StreamImpl& stream = *slots_[slot].stream.impl_;
  stream.Finish(out, 0);
  const StreamStats& stats = stream.stats;
  ended_.events += stats.events;
  ended_.not_validated += stats.not_validated;
  for (size_t i = 0; i < std::size(stats.findings); ++i) ended_.findings[i] += stats.findings[i];
  ended_.state_bytes = std::max(ended_.state_bytes, stats.state_bytes);
  bytes_ -= stream.membership.bytes;
  --open_;
  slots_[slot] = Slot();
  // Backward shift: later members of the probe run move into the hole, so that no tombstone is needed.
  const size_t mask = slots_.size() - 1;
  size_t hole = slot;
  for (size_t next = (hole + 1) & mask; !Free(slots_[next]); next = (next + 1) & mask) {
    if (((next - slots_[next].use.hash) & mask) < ((next - hole) & mask)) continue;
    slots_[hole] = std::move(slots_[next]);
    hole = next;
  }
}

void StreamTable::End(const Use& use, std::vector<Finding>& out) { EndSlot(Locate(use), out); }

bool StreamTable::End(std::string_view key, uint64_t hash, std::vector<Finding>& out) {
  const size_t at = Locate(key, hash);
  if (Free(slots_[at])) return false;
  EndSlot(at, out);
  return true;
}

std::vector<StreamTable::Member> StreamTable::Members() const {
  std::vector<Member> members;
  members.reserve(open_);
  for (const Slot& slot : slots_) {
    if (!Free(slot)) members.push_back({slot.stream.impl_->membership.opened, slot.use});
  }
  return members;
}

Stream StreamTable::OpenApart(std::string_view key) const { return engine_.Open(key, *work_); }

}  // namespace edict
