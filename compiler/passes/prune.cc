#include <algorithm>
#include <utility>

#include "compiler/passes/passes.h"
#include "compiler/passes/rewriter.h"

namespace edict::passes {
namespace {

class Pruner {
 public:
  explicit Pruner(Program& program) : p_(program) {}

  void Run() {
    for (Shape& shape : p_.shapes) {
      Erase(shape.constraints, [this](const ShapeConstraint& constraint) { return Always(constraint.condition, true); });
    }
    for (EventType& event : p_.events) {
      Checks(event.checks);
      for (Effect& effect : event.effects) Guard(effect.guard);
      Erase(event.effects, [this](const Effect& effect) { return Always(effect.guard, false); });
    }
    Checks(p_.end_checks);
  }

 private:
  template <typename T, typename Drop>
  static void Erase(std::vector<T>& all, Drop drop) {
    all.erase(std::remove_if(all.begin(), all.end(), drop), all.end());
  }

  bool Always(uint32_t node, bool value) const {
    if (node == kNone || p_.nodes[node].op != Op::kConst) return false;
    const Value& constant = p_.constants[p_.nodes[node].imm];
    return constant.kind == Kind::kBool && constant.b == value;
  }

  void Guard(uint32_t& guard) const {
    if (Always(guard, true)) guard = kNone;
  }

  // Guards and ranges that are errors are findings, so that a check goes only if its guard cannot be one. A check keeps
  // a clause.
  void Checks(std::vector<Check>& checks) {
    for (Check& check : checks) {
      Guard(check.guard);
      auto holds = [this](const Clause& clause) { return clause.loops.empty() && Always(clause.condition, true); };
      if (!std::all_of(check.clauses.begin(), check.clauses.end(), holds)) {
        Erase(check.clauses, holds);
      } else if (check.clauses.size() > 1) {
        check.clauses.erase(check.clauses.begin() + 1, check.clauses.end());
      }
    }
    Erase(checks, [this](const Check& check) {
      if (Always(check.guard, false)) return true;
      bool silent = check.guard == kNone || (p_.nodes[check.guard].flags & Node::kTotal) != 0;
      return silent && check.clauses.size() == 1 && check.clauses[0].loops.empty() && Always(check.clauses[0].condition, true);
    });
  }

  Program& p_;
};

// Host functions that nothing calls, so that nobody need give them.
void DropUncalled(Program& program) {
  std::vector<uint32_t> places(program.host_functions.size(), kNone);
  for (const Node& node : program.nodes) {
    if (node.op == Op::kCallHost) places[node.imm] = 0;
  }
  std::vector<HostDecl> called;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i] == kNone) continue;
    places[i] = static_cast<uint32_t>(called.size());
    called.push_back(std::move(program.host_functions[i]));
  }
  program.host_functions = std::move(called);
  for (Node& node : program.nodes) {
    if (node.op == Op::kCallHost) node.imm = places[node.imm];
  }
}

}  // namespace

Program Prune(Program program) {
  Pruner(program).Run();
  program = Rewriter(std::move(program)).Run();
  DropUncalled(program);
  return program;
}

}  // namespace edict::passes
