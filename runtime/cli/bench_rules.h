// What each rule costs, of a cost profile.
#ifndef EDICT_RUNTIME_CLI_BENCH_RULES_H_
#define EDICT_RUNTIME_CLI_BENCH_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/profile/cost_profile.h"

namespace edict::cli {

struct RuleCost {
  std::string code;
  uint64_t events = 0;  // on which it was judged: sampled events of its types with a right shape
  uint64_t steps = 0;   // of evaluation over all of them, as fuel counts; the same in every run and tier
  // Over all events, in the interpreter, less what the clock takes. Of steps that are few the clock says little.
  double nanoseconds = 0;
};

// The one that takes the most time first. Rules on the end of a stream and on deadlines are not among them, nor is
// checking shapes. The last is "(writes)", what events write to the state.
std::vector<RuleCost> CostsByRule(const CostProfile& profile);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_BENCH_RULES_H_
