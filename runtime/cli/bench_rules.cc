#include "runtime/cli/bench_rules.h"

#include <algorithm>
#include <map>

namespace edict::cli {

std::vector<RuleCost> CostsByRule(const CostProfile& profile) {
  std::map<std::string, RuleCost> by_code;
  RuleCost writes;
  writes.code = "(writes)";
  for (const EventCost& event : profile.types) {
    for (const CheckCost& check : event.checks) {
      RuleCost& sum = by_code[check.code];
      sum.code = check.code;
      sum.events += check.runs;
      sum.steps += check.steps;
      sum.nanoseconds += check.ns;
    }
    if (event.writes_ns == 0 && event.writes_steps == 0) continue;
    writes.events += event.events;
    writes.steps += event.writes_steps;
    writes.nanoseconds += event.writes_ns;
  }
  std::vector<RuleCost> costs;
  for (const auto& [code, cost] : by_code) costs.push_back(cost);
  std::stable_sort(costs.begin(), costs.end(), [](const RuleCost& a, const RuleCost& b) { return a.nanoseconds > b.nanoseconds; });
  if (writes.events > 0) costs.push_back(writes);
  return costs;
}

}  // namespace edict::cli
