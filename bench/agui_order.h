// The order of AG-UI 1.0 events, for the validator written by hand: what is open, and who opened it.
#ifndef EDICT_BENCH_AGUI_ORDER_H_
#define EDICT_BENCH_AGUI_ORDER_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/agui_shapes.h"

namespace edict::bench {

// Strings of the event; null data: absent.
using Slots = std::array<std::string_view, kSlots>;

// A message of a snapshot, or a tool call in one, and its lane.
struct Taken {
  std::string_view kind;  // the role, or "call"
  std::string_view id;
  std::string_view lane;
};

// A flat set of strings that reuses their memory.
class IdSet {
 public:
  bool Contains(std::string_view id) const { return Find(id) != kNowhere; }
  bool Insert(std::string_view id);  // false: was there
  bool Erase(std::string_view id);   // false: was not there
  bool empty() const { return size_ == 0; }
  void Clear();

 private:
  struct Entry {
    uint64_t hash = 0;
    bool used = false;
    std::string id;
  };
  static constexpr size_t kNowhere = ~size_t{0};
  size_t Find(std::string_view id) const;
  void Grow();

  std::vector<Entry> entries_ = std::vector<Entry>(16);
  size_t size_ = 0;
};

// Who opened something: a subagent, or (null data in a Slot) nobody.
struct Owner {
  bool named = false;
  std::string lane;
  bool Is(std::string_view tag) const { return named && lane == tag; }
};

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const;
};

class Owners {
 public:
  const Owner* Find(std::string_view id) const;
  void Set(std::string_view id, std::string_view lane);
  void SetIfNew(std::string_view id, std::string_view lane);
  void Clear() { owners_.clear(); }

 private:
  std::unordered_map<std::string, Owner, StringHash, std::equal_to<>> owners_;
};

class Order {
 public:
  void Reset();
  // Whether an event of a right shape may come here. It is taken in, if not refused by where the run stands.
  bool Judge(Type type, const Slots& slots, const std::vector<Taken>& taken);

 private:
  enum class Phase : uint8_t { kFresh, kActive, kFinished, kFailed };

  bool Begin(Type type);
  void StartRun(const std::vector<Taken>& taken);
  bool FinishRun();
  bool Text(Type type, const Slots& slots);
  bool Call(Type type, const Slots& slots);
  bool Reasoning(Type type, const Slots& slots);
  bool Step(Type type, const Slots& slots);
  bool Subagent(Type type, const Slots& slots);
  bool Activity(Type type, const Slots& slots);
  bool Encrypted(const Slots& slots) const;
  void Take(const Taken& taken, bool newest);
  Owners& OwnersOf(std::string_view kind);

  Phase phase_ = Phase::kFresh;
  IdSet text_, calls_, spans_, reasoning_, steps_, active_, closed_;
  Owners messages_, call_owners_, activities_, reasoning_owners_;
  std::string step_key_;
};

}  // namespace edict::bench

#endif  // EDICT_BENCH_AGUI_ORDER_H_
