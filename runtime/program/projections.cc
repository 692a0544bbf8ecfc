#include "runtime/program/projections.h"

#include <algorithm>
#include <unordered_set>

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

// What the clauses of a check read.
class Reads {
 public:
  explicit Reads(const Program& program) : program_(program) {}

  void Visit(uint32_t root) {
    std::vector<uint32_t> open = {root};
    while (!open.empty() && fields_alone_) {
      const uint32_t id = open.back();
      open.pop_back();
      if (!seen_.insert(id).second) continue;
      const Node& node = program_.nodes[id];
      Look(node);
      for (uint32_t i = 0; i < node.arg_count; ++i) open.push_back(program_.args[node.args + i]);
    }
  }

  // Whether that is a few fields, for something dear.
  bool Give(Projection& to) const {
    if (!fields_alone_ || !dear_) return false;
    to.values.assign(values_.begin(), values_.end());
    for (const uint32_t slot : present_) {
      if (values_.count(slot) == 0) to.present.push_back(slot);
    }
    std::sort(to.values.begin(), to.values.end());
    std::sort(to.present.begin(), to.present.end());
    return !to.values.empty() && to.values.size() <= Projection::kMostSlots && to.present.size() <= Projection::kMostSlots;
  }

 private:
  void Look(const Node& node) {
    if ((node.flags & Node::kReadsState) != 0 || node.op == Op::kEvent) fields_alone_ = false;
    if (node.op == Op::kSlot || node.op == Op::kOptSlot) values_.insert(node.imm);
    if (node.op == Op::kPresent) present_.insert(node.imm);
    if (node.op == Op::kCall && kCosts[node.imm] >= kDearCall) dear_ = true;
    if (node.op == Op::kCallHost && program_.host_functions[node.imm].cost >= kDearHostCall) dear_ = true;
  }

  const Program& program_;
  std::unordered_set<uint32_t> seen_;
  std::unordered_set<uint32_t> values_;
  std::unordered_set<uint32_t> present_;
  bool fields_alone_ = true;
  bool dear_ = false;
};

}  // namespace

std::vector<Projection> FindProjections(const Program& program) {
  std::vector<Projection> found;
  for (uint32_t event = 0; event < program.events.size(); ++event) {
    const std::vector<Check>& checks = program.events[event].checks;
    for (uint32_t number = 0; number < checks.size(); ++number) {
      Reads reads(program);
      const std::vector<Clause>& clauses = checks[number].clauses;
      // In a loop the cache of elements is at work.
      if (std::any_of(clauses.begin(), clauses.end(), [](const Clause& clause) { return !clause.loops.empty(); })) continue;
      for (const Clause& clause : clauses) reads.Visit(clause.condition);
      Projection projection{event, number, {}, {}};
      if (reads.Give(projection)) found.push_back(std::move(projection));
    }
  }
  return found;
}

}  // namespace edict
