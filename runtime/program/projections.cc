#include "runtime/program/projections.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_set>

#include "runtime/program/visit_nodes.h"

namespace edict {
namespace {

// Steps of fuel of one call from which on it takes longer than to compare a few fields: patterns, JSON texts, addresses, time
// zones.
constexpr uint32_t kDearCall = 5;
constexpr uint32_t kDearHostCall = 20;

constexpr uint32_t kCosts[] = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) cost,
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

// By node: whether it or what is below it is dear. Operands come before the nodes that take them.
std::vector<bool> DearNodes(const Program& program) {
  std::vector<bool> dear(program.nodes.size());
  for (size_t id = 0; id < dear.size(); ++id) {
    const Node& node = program.nodes[id];
    bool is_dear = node.op == Op::kCall && kCosts[node.imm] >= kDearCall;
    if (node.op == Op::kCallHost) is_dear = program.host_functions[node.imm].cost >= kDearHostCall;
    for (uint32_t i = 0; i < node.arg_count && !is_dear; ++i) is_dear = dear[program.args[node.args + i]];
    dear[id] = is_dear;
  }
  return dear;
}

// Sets the slots that the clauses read. False: they read something else as well, or too many.
bool SetSlots(const Program& program, const std::vector<Clause>& clauses, Projection& to) {
  std::unordered_set<uint32_t> seen;
  std::set<uint32_t> values;
  std::set<uint32_t> present;
  bool fields_alone = true;
  for (const Clause& clause : clauses) {
    const auto first = [&](uint32_t id) { return seen.insert(id).second; };
    VisitNodes(program, clause.condition, first, [&](const Node& node) {
      if ((node.flags & Node::kReadsState) != 0 || node.op == Op::kEvent) fields_alone = false;
      if (node.op == Op::kSlot || node.op == Op::kOptSlot) values.insert(node.imm);
      if (node.op == Op::kPresent) present.insert(node.imm);
      return fields_alone;
    });
  }
  to.values.assign(values.begin(), values.end());
  std::set_difference(present.begin(), present.end(), values.begin(), values.end(), std::back_inserter(to.present));
  return fields_alone && !values.empty() && values.size() <= Projection::kMostSlots && to.present.size() <= Projection::kMostSlots;
}

}  // namespace

std::vector<Projection> FindProjections(const Program& program) {
  const std::vector<bool> dear = DearNodes(program);
  // In a loop the cache of elements is at work.
  const auto loops = [](const Clause& clause) { return !clause.loops.empty(); };
  const auto is_dear = [&](const Clause& clause) { return dear[clause.condition]; };
  std::vector<Projection> found;
  for (uint32_t event = 0; event < program.events.size(); ++event) {
    const std::vector<Check>& checks = program.events[event].checks;
    for (uint32_t number = 0; number < checks.size(); ++number) {
      const std::vector<Clause>& clauses = checks[number].clauses;
      if (std::any_of(clauses.begin(), clauses.end(), loops) || std::none_of(clauses.begin(), clauses.end(), is_dear)) continue;
      Projection projection{event, number, {}, {}};
      if (SetSlots(program, clauses, projection)) found.push_back(std::move(projection));
    }
  }
  return found;
}

}  // namespace edict
