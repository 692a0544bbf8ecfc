#include <utility>
#include <vector>

#include "compiler/passes/passes.h"
#include "compiler/plan/check_order.h"

namespace edict::passes {

Program OrderChecks(Program program, const CostProfile* profile) {
  for (EventType& event : program.events) {
    const std::vector<plan::CheckEstimate> estimates = plan::EstimateChecks(program, event, profile);
    std::vector<Check> ordered;
    for (const uint32_t place : plan::BestOrder(event, estimates)) ordered.push_back(std::move(event.checks[place]));
    event.checks = std::move(ordered);
  }
  return program;
}

}  // namespace edict::passes
