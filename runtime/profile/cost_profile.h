// CostProfile: what the parts of a rule set have been measured to cost on real events, by name, so that it outlives the rule set
// that it was taken of. An Engine takes it of a few sampled events (EngineOptions::profile_share); the compiler orders checks by
// it, and `edict inspect --stage plan` sets it beside its own estimates.
#ifndef EDICT_RUNTIME_PROFILE_COST_PROFILE_H_
#define EDICT_RUNTIME_PROFILE_COST_PROFILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"

namespace edict {

// Sums over the sampled events. Times are nanoseconds of the interpreter, of a second run of the same work, so that its data are in
// the processor's caches.
struct CheckCost {
  std::string code;
  uint64_t runs = 0;    // also those in which it did not apply
  uint64_t failed = 0;  // runs with a finding
  uint64_t steps = 0;   // fuel
  double ns = 0;
};

struct SlotCost {
  std::string name;
  uint64_t present = 0;
  uint64_t size = 0;  // bytes of strings, elements of lists, entries of maps
};

struct EventCost {
  std::string name;     // the discriminator's value; empty: unknown types
  uint64_t events = 0;  // sampled
  uint64_t bytes = 0;
  double slots_ns = 0;  // finding the slots in the parsed event, and its shape
  double rules_ns = 0;  // checks and writes
  double writes_ns = 0;
  uint64_t writes_steps = 0;
  uint64_t native_events = 0;  // of the events, those for which there was native code
  double native_ns = 0;        // its checks and writes
  std::vector<CheckCost> checks;
  std::vector<SlotCost> slots;
};

struct CostProfile {
  uint64_t events = 0;  // all, as what follows
  uint64_t bytes = 0;
  uint64_t samples = 0;
  double sampling_ns = 0;  // that the samples took
  std::vector<EventCost> types;
  uint64_t cache_hits = 0;
  uint64_t cache_misses = 0;
  int64_t cache_saved_ns = 0;

  // Adds another one, of these rules or others.
  void Add(const CostProfile& other);
  // Null: no such event was sampled.
  const EventCost* Find(std::string_view type) const;
};

const CheckCost* FindCheck(const EventCost& event, std::string_view code);
const SlotCost* FindSlot(const EventCost& event, std::string_view name);

// As JSON, which ParseCostProfile reads: {"edict_cost_profile": 1, ...}, with the members of the structs by their names.
std::string ToJson(const CostProfile& profile);
// An Error: it is no such JSON, or of a newer version.
Result<CostProfile> ParseCostProfile(std::string_view text);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROFILE_COST_PROFILE_H_
