#include "runtime/cli/plan_text.h"

#include "compiler/ir/cost.h"

namespace edict::cli {
namespace {

std::string Steps(const ir::Bound& bound) { return bound.unbounded() ? "no bound" : "at most " + bound.Text() + " steps"; }

void AppendChecks(std::string& text, const Program& program, const std::vector<Check>& checks, const ir::CostContext& context) {
  for (const Check& check : checks) {
    text += "    " + program.codes[check.code].code + ": " + Steps(ir::CostOf(program, check, context)) + "\n";
  }
}

}  // namespace

std::string PlanText(const Program& program) {
  std::string text;
  for (const EventType& event : program.events) {
    ir::CostContext context;
    context.event = &event;
    text += "event " + (event.name.empty() ? std::string("(any other)") : event.name) + "\n  slots";
    for (const std::string& slot : event.slot_names) text += " " + slot;
    text += "\n  checks, in order of evaluation:\n";
    AppendChecks(text, program, event.checks, context);
    text += "  effects: " + std::to_string(event.effects.size());
    ir::Bound effects;
    for (const Effect& effect : event.effects) effects = effects + ir::CostOf(program, effect, context);
    text += ", " + Steps(effects) + "\n";
  }
  for (const Timer& timer : program.timers) {
    if (timer.expiry.empty()) continue;
    text += "passing deadline " + timer.name + "\n  checks:\n";
    AppendChecks(text, program, timer.expiry, {});
  }
  text += "end of stream\n  checks:\n";
  AppendChecks(text, program, program.end_checks, {});
  return text;
}

}  // namespace edict::cli
