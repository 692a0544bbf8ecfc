#include "runtime/cli/plan_text.h"

#include <cstdio>

#include "compiler/ir/cost.h"
#include "compiler/plan/check_order.h"
#include "compiler/plan/run_plan.h"

namespace edict::cli {
namespace {

std::string Steps(const ir::Bound& bound) { return bound.unbounded() ? "no bound" : "at most " + bound.Text() + " steps"; }

std::string Number(double number, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof text, number < 10 ? "%.2f%s" : "%.0f%s", number, unit);
  return text;
}

double Mean(double sum, uint64_t count) { return count == 0 ? 0 : sum / static_cast<double>(count); }

void AppendChecks(std::string& text, const Program& program, const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    text += "    " + program.codes[check.code].code + ": " + Steps(ir::CostOf(program, check, {})) + "\n";
  }
}

void AppendSlots(std::string& text, const EventType& event, const EventCost* cost) {
  text += "  slots";
  if (cost != nullptr) text += ", " + Number(Mean(cost->slots_ns, cost->events), " ns to find") + ", share present and size:";
  for (const std::string& name : event.slot_names) {
    text += " " + name;
    const SlotCost* slot = cost == nullptr ? nullptr : FindSlot(*cost, name);
    if (slot == nullptr || cost->events == 0) continue;
    text += " (" + Number(100 * Mean(static_cast<double>(slot->present), cost->events), " %");
    if (slot->size > 0) text += ", " + Number(Mean(static_cast<double>(slot->size), slot->present), "");
    text += ")";
  }
  text += "\n";
}

void AppendEventChecks(std::string& text, const Program& program, const EventType& event, const CostProfile* profile) {
  const std::vector<plan::CheckEstimate> estimates = plan::EstimateChecks(program, event, profile);
  ir::CostContext context;
  context.event = &event;
  text += "  checks, in order of evaluation:\n";
  for (size_t i = 0; i < event.checks.size(); ++i) {
    const plan::CheckEstimate& estimate = estimates[i];
    text += "    " + program.codes[event.checks[i].code].code + ": " + Steps(ir::CostOf(program, event.checks[i], context));
    text += "; predicted " + Number(estimate.predicted_ns, " ns");
    if (estimate.measured_ns >= 0) {
      text += ", measured " + Number(estimate.measured_ns, " ns") + ", fails " + Number(100 * estimate.failing, " %");
    } else if (profile != nullptr) {
      text += ", not measured";
    }
    text += "\n";
  }
  const std::vector<uint32_t> now = plan::PlanOrder(event);
  const std::vector<uint32_t> source = plan::SourceOrder(event);
  if (now == source) return;
  text += "  order: by cost, " + Number(plan::ExpectedNs(estimates, now), " ns") + " up to the first that fails, " +
          Number(plan::ExpectedNs(estimates, source), " ns") + " as they are written\n";
}

void AppendEvent(std::string& text, const Program& program, const EventType& event, const CostProfile* profile) {
  const EventCost* cost = profile == nullptr ? nullptr : profile->Find(event.name);
  text += "event " + (event.name.empty() ? std::string("(any other)") : event.name);
  if (cost != nullptr) {
    text += ": " + std::to_string(cost->events) + " of " + std::to_string(profile->samples) + " samples, " +
            Number(Mean(static_cast<double>(cost->bytes), cost->events), " bytes each");
  } else if (profile != nullptr) {
    text += ": not sampled";
  }
  text += "\n";
  AppendSlots(text, event, cost);
  AppendEventChecks(text, program, event, profile);
  ir::CostContext context;
  context.event = &event;
  ir::Bound effects;
  for (const Effect& effect : event.effects) effects = effects + ir::CostOf(program, effect, context);
  text += "  effects: " + std::to_string(event.effects.size()) + ", " + Steps(effects);
  if (cost != nullptr && !event.effects.empty()) text += "; measured " + Number(Mean(cost->writes_ns, cost->events), " ns");
  text += "\n";
  if (cost == nullptr) return;
  text += "  all rules: interpreter " + Number(Mean(cost->rules_ns, cost->events), " ns");
  if (cost->native_events > 0) text += ", native code " + Number(Mean(cost->native_ns, cost->native_events), " ns");
  text += "\n";
}

}  // namespace

std::string PlanText(const Program& program, const CostProfile* profile) {
  std::string text;
  for (const EventType& event : program.events) AppendEvent(text, program, event, profile);
  for (const Timer& timer : program.timers) {
    if (timer.expiry.empty()) continue;
    text += "passing deadline " + timer.name + "\n  checks:\n";
    AppendChecks(text, program, timer.expiry);
  }
  text += "end of stream\n  checks:\n";
  AppendChecks(text, program, program.end_checks);
  text += "decisions\n";
  std::vector<plan::Decision> decisions = plan::PlanRun(program, profile).decisions;
  decisions.insert(decisions.begin(), plan::OrderDecision(program, profile));
  for (const plan::Decision& decision : decisions) {
    text += "  " + decision.about + ": " + decision.choice + "\n    " + decision.reason + "\n";
  }
  return text;
}

}  // namespace edict::cli
