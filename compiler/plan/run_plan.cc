#include "compiler/plan/run_plan.h"

#include <algorithm>
#include <cstdio>

#include "compiler/plan/check_order.h"
#include "runtime/program/element_loops.h"
#include "runtime/program/projections.h"

namespace edict::plan {
namespace {

// Making native code: for the extraction of an event type, and for a node of the rules. On an idle core.
constexpr double kTypeCompileNs = 8e6;
constexpr double kNodeCompileNs = 0.3e6;
// Other cores make it, mostly: of that time so much is lost to judging.
constexpr double kCompileShare = 0.5;
// Of a byte of input, where nothing was measured.
constexpr double kInterpreterNs = 7;
constexpr double kNativeNs = 1;
constexpr double kLeastTierUp = 1 << 20;
constexpr double kMostTierUp = 64 << 20;
// Of the elements looked for; below, remembering them is a loss, whatever was saved in that run.
constexpr double kLeastHits = 0.02;
constexpr uint64_t kEnoughLooks = 256;
// Threads take some hundred microseconds to begin and to meet.
constexpr double kWorthThreadsNs = 5e6;

std::string Number(double number, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof text, number < 10 ? "%.1f%s" : "%.0f%s", number, unit);
  return text;
}
std::string Ns(double ns) { return Number(ns, " ns"); }
std::string Percent(double share) { return Number(share * 100, " %"); }

// Of all sampled events: means of an event.
struct Means {
  double events = 0;
  double bytes = 0;
  double slots_ns = 0;
  double rules_ns = 0;
  double native_events = 0;
  double native_ns = 0;  // of a native one
};

Means MeansOf(const CostProfile& profile) {
  Means means;
  for (const EventCost& type : profile.types) {
    means.events += static_cast<double>(type.events);
    means.bytes += static_cast<double>(type.bytes);
    means.slots_ns += type.slots_ns;
    means.rules_ns += type.rules_ns;
    means.native_events += static_cast<double>(type.native_events);
    means.native_ns += type.native_ns;
  }
  if (means.events == 0) return means;
  means.bytes /= means.events;
  means.slots_ns /= means.events;
  means.rules_ns /= means.events;
  if (means.native_events > 0) means.native_ns /= means.native_events;
  return means;
}

// Up to the first check that fails, over all events or event types.
struct OrderTimes {
  double now = 0;
  double source = 0;
  double best = 0;
  bool reordered = false;
};

OrderTimes TimesOf(const Program& program, const CostProfile* profile) {
  OrderTimes times;
  for (const EventType& event : program.events) {
    const std::vector<CheckEstimate> checks = EstimateChecks(program, event, profile);
    const EventCost* cost = profile == nullptr ? nullptr : profile->Find(event.name);
    const double weight = profile == nullptr ? 1 : cost == nullptr ? 0 : static_cast<double>(cost->events);
    const std::vector<uint32_t> now = PlanOrder(event);
    const std::vector<uint32_t> source = SourceOrder(event);
    times.reordered = times.reordered || now != source;
    times.now += weight * ExpectedNs(checks, now);
    times.source += weight * ExpectedNs(checks, source);
    times.best += weight * ExpectedNs(checks, BestOrder(event, checks));
  }
  return times;
}

uint64_t CountPlanNodes(const Program& program) {
  uint64_t count = program.end_checks.size();
  for (const EventType& event : program.events) count += event.checks.size() * 4 + event.effects.size() * 3;
  return count + program.nodes.size();
}

void DecideNative(const Program& program, const CostProfile* profile, RunPlan& plan) {
  const double compile_ns =
      kTypeCompileNs * static_cast<double>(program.events.size()) + kNodeCompileNs * static_cast<double>(CountPlanNodes(program));
  const Means means = profile != nullptr ? MeansOf(*profile) : Means{};
  const bool measured = means.events > 0 && means.bytes > 0;
  // Parsing to a tape and finding slots there falls away with native code, as well.
  const double saved = measured && means.native_events > 0
                           ? kInterpreterNs / 2 + (means.slots_ns + means.rules_ns - means.native_ns) / means.bytes
                       : measured ? kInterpreterNs / 2 + (means.slots_ns + means.rules_ns) / means.bytes - kNativeNs
                                  : kInterpreterNs - kNativeNs;
  const double bytes = saved <= 0 ? kMostTierUp : kCompileShare * compile_ns / saved;
  plan.tier_up_bytes = static_cast<uint64_t>(std::clamp(bytes, kLeastTierUp, kMostTierUp));
  Decision& decision = plan.decisions.emplace_back();
  decision.about = "native code";
  decision.choice =
      "made after " + Number(static_cast<double>(plan.tier_up_bytes) / 1e6, " MB") + " of input, unless it is at hand";
  decision.reason = "making it is predicted to take " + Number(compile_ns / 1e6, " ms") + ", and to save " + Ns(saved) + " a byte";
  if (!measured) return;
  decision.reason += "; measured, of an event's rules: interpreter " + Ns(means.rules_ns);
  if (means.native_events > 0) decision.reason += ", native code " + Ns(means.native_ns);
}

void DecideCache(const Program& program, const CostProfile* profile, RunPlan& plan) {
  const size_t loops = FindElementLoops(program).size();
  Decision& decision = plan.decisions.emplace_back();
  decision.about = "cache of elements";
  decision.choice = "where it pays, found out while running";
  decision.reason = std::to_string(loops) + " loops of rules over elements can be remembered, beside their shapes";
  const uint64_t looks = profile == nullptr ? 0 : profile->cache_hits + profile->cache_misses;
  if (looks == 0) return;
  const double hits = static_cast<double>(profile->cache_hits) / static_cast<double>(looks);
  plan.cache = looks < kEnoughLooks || (hits >= kLeastHits && profile->cache_saved_ns > 0);
  if (!plan.cache) decision.choice = "off";
  decision.reason += "; measured: " + Percent(hits) + " of " + std::to_string(looks) + " elements were known, which saved " +
                     Number(static_cast<double>(profile->cache_saved_ns) / 1e6, " ms");
}

void DecideChecks(const Program& program, RunPlan& plan) {
  const size_t checks = FindProjections(program).size();
  if (checks == 0) return;
  Decision& decision = plan.decisions.emplace_back();
  decision.about = "cache of checks";
  decision.choice = "where fields repeat, found out while running";
  decision.reason =
      std::to_string(checks) + (checks == 1 ? " check is" : " checks are") + " dear, and a function of a few fields alone";
}

void DecideThreads(const CostProfile* profile, RunPlan& plan) {
  Decision& decision = plan.decisions.emplace_back();
  decision.about = "threads";
  decision.choice = "one for each core, where there are many streams";
  decision.reason = "one thread alone is tried now and then, and stays where it is no slower";
  const Means means = profile != nullptr ? MeansOf(*profile) : Means{};
  if (means.events == 0) return;
  const double rules = means.native_events > 0 ? means.native_ns + kNativeNs * means.bytes
                                               : means.slots_ns + means.rules_ns + kInterpreterNs / 2 * means.bytes;
  const double all = rules * static_cast<double>(profile->events);
  plan.one_thread = all < kWorthThreadsNs;
  if (plan.one_thread) decision.choice = "one";
  decision.reason = "input like that of the profile, " + std::to_string(profile->events) + " events, takes some " +
                    Number(all / 1e6, " ms") + (plan.one_thread ? ": other threads would hardly begin" : "; " + decision.reason);
}

}  // namespace

Decision OrderDecision(const Program& program, const CostProfile* profile) {
  const OrderTimes times = TimesOf(program, profile);
  Decision decision;
  decision.about = "order of checks";
  decision.choice = times.reordered ? "by cost" : "as they are written";
  if (times.source == 0) {
    decision.reason = "no event with checks was sampled, or there is none";
  } else {
    const double share = (times.reordered ? times.now : times.best) / times.source;
    decision.reason = std::string(profile != nullptr ? "measured" : "predicted") + ": by cost, the first check that fails " +
                      (times.reordered ? "is" : "would be") + " reached in " + Percent(share) + " of the time";
    if (!times.reordered) decision.reason += "; --fail-fast and --profile-use ask for that";
  }
  return decision;
}

RunPlan PlanRun(const Program& program, const CostProfile* profile) {
  RunPlan plan;
  DecideNative(program, profile, plan);
  DecideCache(program, profile, plan);
  DecideChecks(program, plan);
  DecideThreads(profile, plan);
  return plan;
}

}  // namespace edict::plan
