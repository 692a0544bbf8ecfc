// What the checks of an event are expected to cost and how often they fail; and the order in which the first one that fails is
// found the soonest. Estimated from the IR, or measured, where a profile has seen enough of them.
#ifndef EDICT_COMPILER_PLAN_CHECK_ORDER_H_
#define EDICT_COMPILER_PLAN_CHECK_ORDER_H_

#include <cstdint>
#include <vector>

#include "runtime/profile/cost_profile.h"
#include "runtime/program/program.h"

namespace edict::plan {

// Of one check at one event, in nanoseconds of the interpreter.
struct CheckEstimate {
  double predicted_ns = 0;
  double measured_ns = -1;  // negative: too seldom to say
  double failing = 0;       // share of the events that it fails
  uint64_t runs = 0;        // that were measured

  double ns() const { return measured_ns >= 0 ? measured_ns : predicted_ns; }
};

// In the order of event.checks. `profile` may be null.
std::vector<CheckEstimate> EstimateChecks(const Program& program, const EventType& event, const CostProfile* profile);

// Places in event.checks, such that the first check that fails is expected after the least time: what is cheap and fails often
// comes first, and what a check is `after` before it.
std::vector<uint32_t> BestOrder(const EventType& event, const std::vector<CheckEstimate>& checks);
// In which they run.
std::vector<uint32_t> PlanOrder(const EventType& event);
// In which the findings stand in the source.
std::vector<uint32_t> SourceOrder(const EventType& event);
// The time until the first check that fails, or the end; on average.
double ExpectedNs(const std::vector<CheckEstimate>& checks, const std::vector<uint32_t>& order);

}  // namespace edict::plan

#endif  // EDICT_COMPILER_PLAN_CHECK_ORDER_H_
