// `edict inspect --stage plan`: what is done at each event, in which order, what it costs at worst, as predicted and as measured;
// and what is decided about running it.
#ifndef EDICT_RUNTIME_CLI_PLAN_TEXT_H_
#define EDICT_RUNTIME_CLI_PLAN_TEXT_H_

#include <string>

#include "runtime/profile/cost_profile.h"
#include "runtime/program/program.h"

namespace edict::cli {

// Costs are in steps of fuel; size(e.x), largest(e.x) and total(e.x) stand for sizes of the event (compiler/ir/cost.h).
// `profile` may be null.
std::string PlanText(const Program& program, const CostProfile* profile);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_PLAN_TEXT_H_
