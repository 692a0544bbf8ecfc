// The nodes that a Program evaluates: every place that holds one, in the order of the text.
#ifndef EDICT_COMPILER_IR_ROOTS_H_
#define EDICT_COMPILER_IR_ROOTS_H_

#include <type_traits>
#include <vector>

#include "runtime/program/program.h"

namespace edict::ir {

// Each calls visit(node) for every node that is there. Of what is not const, visit may take a uint32_t& and change it.
template <typename B, typename Visit>
requires std::is_same_v<std::remove_const_t<B>, Blame>
void VisitRoots(B& blame, Visit visit) {
  for (auto& step : blame.steps) {
    if (step.key == kNone) visit(step.node);
  }
}

template <typename L, typename Visit>
requires std::is_same_v<std::remove_const_t<L>, std::vector<Loop>>
void VisitRoots(L& loops, Visit visit) {
  for (auto& loop : loops) {
    visit(loop.range);
    VisitRoots(loop.path, visit);
  }
}

template <typename C, typename Visit>
requires std::is_same_v<std::remove_const_t<C>, Clause>
void VisitRoots(C& clause, Visit visit) {
  VisitRoots(clause.loops, visit);
  visit(clause.condition);
  VisitRoots(clause.blame, visit);
  for (auto& node : clause.message.nodes) visit(node);
}

template <typename C, typename Visit>
requires std::is_same_v<std::remove_const_t<C>, Check>
void VisitRoots(C& check, Visit visit) {
  if (check.guard != kNone) visit(check.guard);
  for (auto& clause : check.clauses) VisitRoots(clause, visit);
}

template <typename E, typename Visit>
requires std::is_same_v<std::remove_const_t<E>, Effect>
void VisitRoots(E& effect, Visit visit) {
  VisitRoots(effect.loops, visit);
  for (auto& key : effect.keys) visit(key);
  if (effect.value != kNone) visit(effect.value);
  if (effect.guard != kNone) visit(effect.guard);
}

template <typename P, typename Visit>
requires std::is_same_v<std::remove_const_t<P>, Program>
void VisitRoots(P& program, Visit visit) {
  for (auto& shape : program.shapes) {
    for (auto& constraint : shape.constraints) visit(constraint.condition);
  }
  for (auto& event : program.events) {
    for (auto& check : event.checks) VisitRoots(check, visit);
    for (auto& effect : event.effects) VisitRoots(effect, visit);
  }
  for (auto& check : program.end_checks) VisitRoots(check, visit);
  for (auto& timer : program.timers) {
    for (auto& check : timer.expiry) VisitRoots(check, visit);
  }
  for (auto& reload : program.reloads) {
    if (reload.value != kNone) visit(reload.value);
  }
}

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_ROOTS_H_
