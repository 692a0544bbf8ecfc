#include "compiler/passes/rewriter.h"

#include <algorithm>
#include <utility>

#include "compiler/ir/roots.h"

namespace edict::passes {

Rewriter::Rewriter(Program program)
    : nodes_(program.nodes),
      args_(program.args),
      folds_(program.folds),
      builder_(std::move(program)),
      made_(nodes_.size(), kNone) {}

Program Rewriter::Run() {
  Program& p = builder_.program();
  auto rewrite_for = [this](const EventType* event) {
    std::fill(made_.begin(), made_.end(), kNone);
    return [this, event](uint32_t& root) { root = Rewritten(root, event); };
  };
  auto outside = rewrite_for(nullptr);
  for (Shape& shape : p.shapes) {
    for (ShapeConstraint& constraint : shape.constraints) outside(constraint.condition);
  }
  for (Check& check : p.end_checks) ir::VisitRoots(check, outside);
  for (Timer& timer : p.timers) {
    for (Check& check : timer.expiry) ir::VisitRoots(check, outside);
  }
  for (ReloadClause& reload : p.reloads) {
    if (reload.value != kNone) outside(reload.value);
  }
  for (EventType& event : p.events) {
    auto inside = rewrite_for(&event);
    for (Check& check : event.checks) ir::VisitRoots(check, inside);
    for (Effect& effect : event.effects) ir::VisitRoots(effect, inside);
  }
  return builder_.Take();
}

// Children precede parents in the node table: in rising order each finds its operands made.
NodeId Rewriter::Rewritten(NodeId root, const EventType* event) {
  std::vector<NodeId> below;
  std::vector<NodeId> open = {root};
  while (!open.empty()) {
    NodeId id = open.back();
    open.pop_back();
    if (made_[id] != kNone) continue;
    made_[id] = 0;  // seen; set below
    below.push_back(id);
    const Node& n = nodes_[id];
    open.insert(open.end(), args_.begin() + n.args, args_.begin() + n.args + n.arg_count);
  }
  std::sort(below.begin(), below.end());
  std::vector<NodeId> args;
  for (NodeId id : below) {
    const Node& n = nodes_[id];
    args.clear();
    for (uint32_t i = 0; i < n.arg_count; ++i) args.push_back(made_[args_[n.args + i]]);
    made_[id] = Replace(n, args, event);
  }
  return made_[root];
}

NodeId Rewriter::Replace(const Node& node, const std::vector<NodeId>& args, const EventType*) { return Same(node, args); }

NodeId Rewriter::Same(const Node& node, const std::vector<NodeId>& args) {
  if (node.op == Op::kFold) {
    return builder_.MakeFold(folds_[node.imm], args[0], args[1], args[2], args[3], args[4], node.rep);
  }
  return builder_.Make(node.op, node.rep, node.imm, args, node.imm2, node.span);
}

}  // namespace edict::passes
