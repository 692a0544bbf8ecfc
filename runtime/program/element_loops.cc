#include "runtime/program/element_loops.h"

#include <algorithm>
#include <unordered_set>

#include "runtime/program/visit_nodes.h"

namespace edict {
namespace {

// Whether expressions depend on nothing but the locals that the loops give them.
class Dependence {
 public:
  Dependence(const Program& program, const std::vector<Loop>& loops) : program_(program) {
    given_.insert(loops[0].element);
    own_ = loops[0].index == kNone;
    for (size_t i = 1; i < loops.size(); ++i) {
      given_.insert(loops[i].element);
      if (loops[i].index != kNone) given_.insert(loops[i].index);
      Visit(loops[i].range);
    }
  }

  void Visit(uint32_t root) {
    const auto first = [&](uint32_t id) { return seen_.insert(id).second; };
    VisitNodes(program_, root, first, [&](const Node& node) {
      own_ = own_ && (node.flags & Node::kReadsState) == 0 && Look(node);
      return own_;
    });
  }
  bool OnElementAlone() const {
    return own_ && std::all_of(read_.begin(), read_.end(), [&](uint32_t local) { return given_.contains(local); });
  }

 private:
  bool Look(const Node& node) {
    switch (node.op) {
      case Op::kSlot:
      case Op::kPresent:
      case Op::kOptSlot:
      case Op::kEvent:
        return false;
      case Op::kLocal:
        read_.insert(node.imm);
        return true;
      case Op::kLet:
        given_.insert(node.imm);
        return true;
      case Op::kFold: {
        const Fold& fold = program_.folds[node.imm];
        for (const uint32_t local : {fold.element, fold.second, fold.accu}) given_.insert(local);
        return true;
      }
      default:
        return true;
    }
  }

  const Program& program_;
  std::unordered_set<uint32_t> seen_;
  std::unordered_set<uint32_t> given_;
  std::unordered_set<uint32_t> read_;
  bool own_ = true;
};

bool OfClause(const Program& program, const Clause& clause) {
  if (clause.loops.empty()) return false;
  Dependence dependence(program, clause.loops);
  dependence.Visit(clause.condition);
  return dependence.OnElementAlone();
}

// Writes of scalars, which can be queued again as they were.
bool OfEffect(const Program& program, const Effect& effect) {
  if (effect.loops.empty() || effect.kind > EffectKind::kLifeSet) return false;
  Dependence dependence(program, effect.loops);
  dependence.Visit(effect.guard);
  for (const uint32_t key : effect.keys) dependence.Visit(key);
  dependence.Visit(effect.value);
  return dependence.OnElementAlone();
}

}  // namespace

std::vector<ElementLoop> FindElementLoops(const Program& program) {
  std::vector<ElementLoop> found;
  for (uint32_t event = 0; event < program.events.size(); ++event) {
    const EventType& type = program.events[event];
    for (uint32_t check = 0; check < type.checks.size(); ++check) {
      const std::vector<Clause>& clauses = type.checks[check].clauses;
      for (uint32_t clause = 0; clause < clauses.size(); ++clause) {
        if (OfClause(program, clauses[clause])) found.push_back({event, check, clause, kNone});
      }
    }
    for (uint32_t effect = 0; effect < type.effects.size(); ++effect) {
      if (OfEffect(program, type.effects[effect])) found.push_back({event, kNone, kNone, effect});
    }
  }
  return found;
}

}  // namespace edict
