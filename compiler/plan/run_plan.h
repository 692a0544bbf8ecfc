// What is decided about running a rule set, each with its reason: by estimates, or by what a profile has measured.
#ifndef EDICT_COMPILER_PLAN_RUN_PLAN_H_
#define EDICT_COMPILER_PLAN_RUN_PLAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/profile/cost_profile.h"
#include "runtime/program/program.h"

namespace edict::plan {

struct Decision {
  std::string about;
  std::string choice;
  std::string reason;
};

struct RunPlan {
  // Bytes of input after which native code is worth making where there is none.
  uint64_t tier_up_bytes = 0;
  // False: looking for known array elements was measured not to pay.
  bool cache = true;
  // Input like that of the profile is judged sooner than threads are begun.
  bool one_thread = false;
  std::vector<Decision> decisions;
};

// `profile` may be null.
// What became of the order of checks: for who wants to know, since it takes as long as ordering them.
Decision OrderDecision(const Program& program, const CostProfile* profile);
// All others.
RunPlan PlanRun(const Program& program, const CostProfile* profile);

}  // namespace edict::plan

#endif  // EDICT_COMPILER_PLAN_RUN_PLAN_H_
