#include "compiler/plan/check_order.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_set>

#include "compiler/ir/cost.h"

namespace edict::plan {
namespace {

// Of the interpreter: beginning a check, a node, and a step of fuel, which is charged where work depends on sizes.
constexpr double kCheckNs = 5.4;
constexpr double kNodeNs = 4.05;
constexpr double kStepNs = 1.8;
// What no bound is known for, and what would be longer, takes so many.
constexpr double kMostSteps = 1e6;
// Sizes of a text or list of which nothing is known.
constexpr double kSize = 16;
constexpr double kTotal = 64;
// Runs of a check that are enough to say what it costs.
constexpr uint64_t kEnoughRuns = 4;
// How often a check fails of which nothing is known; it counts like one run.
constexpr double kFailing = 0.01;

uint64_t CountNodes(const Program& program, uint32_t node, std::unordered_set<uint32_t>& seen) {
  if (node == kNone || !seen.insert(node).second) return 0;
  uint64_t count = 1;
  const Node& n = program.nodes[node];
  for (uint32_t i = 0; i < n.arg_count; ++i) count += CountNodes(program, program.args[n.args + i], seen);
  return count;
}

// "size(e.delta)": what the profile knows of the slot, or a guess.
double TypicalSize(const std::string& symbol, const EventCost* cost) {
  if (symbol.compare(0, 7, "size(e.") != 0 || symbol.back() != ')') return symbol.compare(0, 6, "total(") == 0 ? kTotal : kSize;
  const SlotCost* slot = cost == nullptr ? nullptr : FindSlot(*cost, symbol.substr(7, symbol.size() - 8));
  return slot == nullptr || cost->events == 0 ? kSize : static_cast<double>(slot->size) / static_cast<double>(cost->events);
}

double PredictedNs(const Program& program, const EventType& event, const Check& check, const EventCost* cost) {
  std::unordered_set<uint32_t> seen;
  uint64_t nodes = CountNodes(program, check.guard, seen);
  for (const Clause& clause : check.clauses) {
    nodes += CountNodes(program, clause.condition, seen);
    for (const Loop& loop : clause.loops) nodes += CountNodes(program, loop.range, seen);
  }
  ir::CostContext context;
  context.event = &event;
  const ir::Bound bound = ir::PassingCostOf(program, check, context);
  const double steps = bound.With([&](const std::string& symbol) { return TypicalSize(symbol, cost); });
  return kCheckNs + kNodeNs * static_cast<double>(nodes) + kStepNs * std::min(steps, kMostSteps);
}

// What is to run before each check.
std::vector<std::vector<uint32_t>> Before(const EventType& event) {
  std::vector<std::vector<uint32_t>> before(event.checks.size());
  for (size_t i = 0; i < event.checks.size(); ++i) {
    const std::vector<uint32_t>& after = event.checks[i].after;
    for (uint32_t j = 0; j < event.checks.size(); ++j) {
      if (j != i && std::find(after.begin(), after.end(), event.checks[j].code) != after.end()) before[i].push_back(j);
    }
  }
  return before;
}

// The check with all that is to run before it and has no place yet, in the order in which they can run.
void Collect(const std::vector<std::vector<uint32_t>>& before, uint32_t check, std::vector<char>& placed,
             std::vector<uint32_t>& group) {
  if (placed[check] != 0) return;
  placed[check] = 1;
  for (const uint32_t earlier : before[check]) Collect(before, earlier, placed, group);
  group.push_back(check);
}

// Nanoseconds for a share of the events that are found to be wrong: less is better.
double Price(const std::vector<CheckEstimate>& checks, const std::vector<uint32_t>& group) {
  double passing = 1;
  for (const uint32_t check : group) passing *= 1 - checks[check].failing;
  return ExpectedNs(checks, group) / std::max(1 - passing, 1e-12);
}

// A check, and what is to run before it and has no place yet. Empty: it has a place.
struct Group {
  std::vector<uint32_t> members;
  double price = 0;
};

Group GroupOf(const std::vector<CheckEstimate>& checks, const std::vector<std::vector<uint32_t>>& before, std::vector<char> placed,
              uint32_t check) {
  Group group;
  Collect(before, check, placed, group.members);
  group.price = Price(checks, group.members);
  return group;
}

}  // namespace

std::vector<CheckEstimate> EstimateChecks(const Program& program, const EventType& event, const CostProfile* profile) {
  const EventCost* cost = profile == nullptr ? nullptr : profile->Find(event.name);
  std::vector<CheckEstimate> estimates;
  for (const Check& check : event.checks) {
    CheckEstimate& estimate = estimates.emplace_back();
    estimate.predicted_ns = PredictedNs(program, event, check, cost);
    const CheckCost* measured = cost == nullptr ? nullptr : FindCheck(*cost, program.codes[check.code].code);
    if (measured != nullptr) estimate.runs = measured->runs;
    const auto runs = static_cast<double>(estimate.runs);
    const double failed = measured == nullptr ? 0 : static_cast<double>(std::min(measured->failed, measured->runs));
    estimate.failing = (failed + kFailing) / (runs + 1);
    if (estimate.runs >= kEnoughRuns) estimate.measured_ns = std::max(measured->ns / runs, 0.1);
  }
  return estimates;
}

std::vector<uint32_t> PlanOrder(const EventType& event) {
  std::vector<uint32_t> order(event.checks.size());
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

std::vector<uint32_t> SourceOrder(const EventType& event) {
  std::vector<uint32_t> by_order = PlanOrder(event);
  std::stable_sort(by_order.begin(), by_order.end(),
                   [&](uint32_t a, uint32_t b) { return event.checks[a].order < event.checks[b].order; });
  const std::vector<std::vector<uint32_t>> before = Before(event);
  std::vector<char> placed(event.checks.size());
  std::vector<uint32_t> order;
  for (const uint32_t check : by_order) Collect(before, check, placed, order);
  return order;
}

std::vector<uint32_t> BestOrder(const EventType& event, const std::vector<CheckEstimate>& checks) {
  const std::vector<std::vector<uint32_t>> before = Before(event);
  std::vector<char> placed(checks.size());
  std::vector<Group> groups(checks.size());
  for (uint32_t i = 0; i < checks.size(); ++i) groups[i] = GroupOf(checks, before, placed, i);
  std::vector<uint32_t> order;
  while (order.size() < checks.size()) {
    const Group* best = nullptr;
    for (const Group& group : groups) {
      if (!group.members.empty() && (best == nullptr || group.price < best->price)) best = &group;
    }
    const std::vector<uint32_t> next = best->members;
    for (const uint32_t check : next) placed[check] = 1;
    order.insert(order.end(), next.begin(), next.end());
    for (uint32_t i = 0; i < groups.size(); ++i) {
      const auto is_placed = [&](uint32_t check) { return placed[check] != 0; };
      const std::vector<uint32_t>& members = groups[i].members;
      if (std::any_of(members.begin(), members.end(), is_placed)) groups[i] = GroupOf(checks, before, placed, i);
    }
  }
  // With `after` that is a good order, not always the best.
  std::vector<uint32_t> source = SourceOrder(event);
  return ExpectedNs(checks, order) < ExpectedNs(checks, source) ? order : source;
}

double ExpectedNs(const std::vector<CheckEstimate>& checks, const std::vector<uint32_t>& order) {
  double reached = 1;
  double ns = 0;
  for (const uint32_t check : order) {
    ns += reached * checks[check].ns();
    reached *= 1 - checks[check].failing;
  }
  return ns;
}

}  // namespace edict::plan
