#include "bench/agui_order.h"

#include "runtime/base/hash.h"

namespace edict::bench {
namespace {

std::string_view Get(const Slots& slots, Slot slot) { return slots[static_cast<size_t>(slot)]; }
bool Has(const Slots& slots, Slot slot) { return Get(slots, slot).data() != nullptr; }

// A tag must be that of whoever opened the entity; no tag always agrees.
bool OwnerAgrees(const Owners& owners, const Slots& slots) {
  if (!Has(slots, Slot::kLane)) return true;
  const Owner* owner = owners.Find(Get(slots, Slot::kId));
  return owner == nullptr || owner->Is(Get(slots, Slot::kLane));
}

}  // namespace

size_t IdSet::Find(std::string_view id) const {
  const uint64_t hash = Hash64(id, 0);
  const size_t mask = entries_.size() - 1;
  for (size_t at = hash & mask; entries_[at].used; at = (at + 1) & mask) {
    if (entries_[at].hash == hash && entries_[at].id == id) return at;
  }
  return kNowhere;
}

bool IdSet::Insert(std::string_view id) {
  if (Contains(id)) return false;
  if (size_ * 2 >= entries_.size()) Grow();
  const uint64_t hash = Hash64(id, 0);
  size_t at = hash & (entries_.size() - 1);
  while (entries_[at].used) at = (at + 1) & (entries_.size() - 1);
  entries_[at].hash = hash;
  entries_[at].used = true;
  entries_[at].id = id;
  ++size_;
  return true;
}

void IdSet::Grow() {
  std::vector<Entry> old(entries_.size() * 2);
  old.swap(entries_);
  for (Entry& entry : old) {
    if (!entry.used) continue;
    size_t at = entry.hash & (entries_.size() - 1);
    while (entries_[at].used) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = std::move(entry);
  }
}

bool IdSet::Erase(std::string_view id) {
  size_t hole = Find(id);
  if (hole == kNowhere) return false;
  const size_t mask = entries_.size() - 1;
  // Entries that the hole would hide from their places move into it.
  for (size_t at = (hole + 1) & mask; entries_[at].used; at = (at + 1) & mask) {
    if (((at - entries_[at].hash) & mask) < ((at - hole) & mask)) continue;
    std::swap(entries_[hole], entries_[at]);
    hole = at;
  }
  entries_[hole].used = false;
  --size_;
  return true;
}

void IdSet::Clear() {
  if (size_ == 0) return;
  for (Entry& entry : entries_) entry.used = false;
  size_ = 0;
}

size_t StringHash::operator()(std::string_view text) const { return Hash64(text, 0); }

const Owner* Owners::Find(std::string_view id) const {
  const auto found = owners_.find(id);
  return found == owners_.end() ? nullptr : &found->second;
}

void Owners::Set(std::string_view id, std::string_view lane) {
  auto found = owners_.find(id);
  if (found == owners_.end()) found = owners_.emplace(std::string(id), Owner{}).first;
  found->second.named = lane.data() != nullptr;
  found->second.lane = lane;
}

void Owners::SetIfNew(std::string_view id, std::string_view lane) {
  if (Find(id) == nullptr) Set(id, lane);
}

void Order::Reset() {
  StartRun({});
  phase_ = Phase::kFresh;
}

// Whether the event may come where the run stands; the run goes on in any case.
bool Order::Begin(Type type) {
  const bool starts = type == Type::kRunStarted;
  bool right = true;
  if (phase_ == Phase::kActive) right = !starts;
  if (phase_ == Phase::kFailed) right = starts;
  if (phase_ == Phase::kFresh || phase_ == Phase::kFinished) right = starts || type == Type::kRunError;
  if (starts) phase_ = Phase::kActive;
  if (type == Type::kRunError) phase_ = Phase::kFailed;
  if (type == Type::kRunFinished) phase_ = Phase::kFinished;
  return right;
}

void Order::StartRun(const std::vector<Taken>& taken) {
  for (IdSet* set : {&text_, &calls_, &spans_, &reasoning_, &steps_, &active_, &closed_}) set->Clear();
  for (Owners* owners : {&messages_, &call_owners_, &activities_, &reasoning_owners_}) owners->Clear();
  for (const Taken& one : taken) Take(one, false);
}

bool Order::FinishRun() {
  for (const IdSet* set : {&text_, &calls_, &spans_, &reasoning_, &steps_, &active_}) {
    if (!set->empty()) return false;
  }
  return true;
}

bool Order::Judge(Type type, const Slots& slots, const std::vector<Taken>& taken) {
  if (!Begin(type)) {
    if (type == Type::kRunStarted) StartRun(taken);
    return false;
  }
  switch (type) {
    case Type::kRunStarted:
      StartRun(taken);
      return true;
    case Type::kRunFinished:
      return FinishRun();
    case Type::kTextStart:
    case Type::kTextContent:
    case Type::kTextEnd:
      return Text(type, slots);
    case Type::kCallStart:
    case Type::kCallArgs:
    case Type::kCallEnd:
      return Call(type, slots);
    case Type::kCallResult:
      messages_.Set(Get(slots, Slot::kId), Get(slots, Slot::kLane));
      return true;
    case Type::kStepStarted:
    case Type::kStepFinished:
      return Step(type, slots);
    case Type::kSpanStart:
    case Type::kSpanEnd:
    case Type::kReasoningStart:
    case Type::kReasoningContent:
    case Type::kReasoningEnd:
      return Reasoning(type, slots);
    case Type::kActivitySnapshot:
    case Type::kActivityDelta:
      return Activity(type, slots);
    case Type::kMessagesSnapshot:
      for (const Taken& one : taken) Take(one, true);
      return true;
    case Type::kSubagentStarted:
    case Type::kSubagentEnded:
      return Subagent(type, slots);
    case Type::kEncrypted:
      return Encrypted(slots);
    case Type::kRunError:
    case Type::kOther:
      break;
  }
  return true;
}

bool Order::Text(Type type, const Slots& slots) {
  const std::string_view id = Get(slots, Slot::kId);
  const bool agrees = OwnerAgrees(messages_, slots);
  if (type == Type::kTextContent) return text_.Contains(id) && agrees;
  if (type == Type::kTextEnd) return text_.Erase(id) && agrees;
  messages_.SetIfNew(id, Get(slots, Slot::kLane));
  return text_.Insert(id) && agrees;
}

bool Order::Call(Type type, const Slots& slots) {
  const std::string_view id = Get(slots, Slot::kId);
  bool agrees = OwnerAgrees(call_owners_, slots);
  if (type == Type::kCallArgs) return calls_.Contains(id) && agrees;
  if (type == Type::kCallEnd) return calls_.Erase(id) && agrees;
  const bool tagged = Has(slots, Slot::kLane);
  std::string_view lane = Get(slots, Slot::kLane);
  const Owner* own = call_owners_.Find(id);
  const Owner* parent = Has(slots, Slot::kParent) ? messages_.Find(Get(slots, Slot::kParent)) : nullptr;
  if (parent != nullptr && tagged) agrees = agrees && parent->Is(lane);
  if (parent != nullptr && !tagged && own != nullptr) agrees = agrees && parent->named == own->named && parent->lane == own->lane;
  if (own == nullptr) {
    if (!tagged && parent != nullptr && parent->named) lane = parent->lane;
    call_owners_.Set(id, lane);
  }
  return calls_.Insert(id) && agrees;
}

bool Order::Reasoning(Type type, const Slots& slots) {
  const std::string_view id = Get(slots, Slot::kId);
  const bool agrees = OwnerAgrees(reasoning_owners_, slots);
  if (type == Type::kReasoningContent) return reasoning_.Contains(id) && agrees;
  if (type == Type::kReasoningEnd) return reasoning_.Erase(id) && agrees;
  if (type == Type::kSpanEnd) return spans_.Erase(id) && agrees;
  reasoning_owners_.SetIfNew(id, Get(slots, Slot::kLane));
  return (type == Type::kSpanStart ? spans_ : reasoning_).Insert(id) && agrees;
}

bool Order::Step(Type type, const Slots& slots) {
  // The lane comes first, with its length, so that no two pairs make one key; the parent agent has another mark.
  step_key_ = Has(slots, Slot::kLane) ? std::to_string(Get(slots, Slot::kLane).size()) + ":" : "-";
  step_key_ += Get(slots, Slot::kLane);
  step_key_ += Get(slots, Slot::kId);
  return type == Type::kStepStarted ? steps_.Insert(step_key_) : steps_.Erase(step_key_);
}

bool Order::Subagent(Type type, const Slots& slots) {
  const std::string_view id = Get(slots, Slot::kLane);
  if (type == Type::kSubagentEnded) return active_.Erase(id) && closed_.Insert(id);
  const std::string_view parent = Get(slots, Slot::kParentLane);
  const bool known = parent.data() == nullptr || active_.Contains(parent) || closed_.Contains(parent);
  return !closed_.Contains(id) && active_.Insert(id) && known;
}

bool Order::Activity(Type type, const Slots& slots) {
  if (type == Type::kActivityDelta) return OwnerAgrees(activities_, slots);
  const std::string_view id = Get(slots, Slot::kId);
  if (Get(slots, Slot::kReplace) == "false") {
    activities_.SetIfNew(id, Get(slots, Slot::kLane));
  } else {
    activities_.Set(id, Get(slots, Slot::kLane));
  }
  return true;
}

bool Order::Encrypted(const Slots& slots) const {
  if (!Has(slots, Slot::kLane)) return true;
  if (Get(slots, Slot::kKind) == "tool-call") return OwnerAgrees(call_owners_, slots);
  const bool message = messages_.Find(Get(slots, Slot::kId)) != nullptr;
  return OwnerAgrees(message ? messages_ : reasoning_owners_, slots);
}

Owners& Order::OwnersOf(std::string_view kind) {
  if (kind == "call") return call_owners_;
  if (kind == "reasoning") return reasoning_owners_;
  return kind == "activity" ? activities_ : messages_;
}

void Order::Take(const Taken& taken, bool newest) {
  Owners& owners = OwnersOf(taken.kind);
  if (newest) {
    owners.Set(taken.id, taken.lane);
  } else {
    owners.SetIfNew(taken.id, taken.lane);
  }
}

}  // namespace edict::bench
