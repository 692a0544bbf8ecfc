#include <algorithm>
#include <utility>

#include "compiler/passes/passes.h"
#include "compiler/passes/rewriter.h"
#include "runtime/interp/interp.h"

namespace edict::passes {
namespace {

constexpr int64_t kFuel = 100'000;  // of one expression that is computed here

// Whether a constant can hold it. Addresses cannot: their text does not read back.
bool Holdable(const Value& value) {
  switch (value.kind) {
    case Kind::kAbsent:
    case Kind::kError:
      return false;
    case Kind::kBytes:
      return value.flags == 0;
    case Kind::kOptional:
      return value.inner == nullptr || Holdable(*value.inner);
    case Kind::kList:
      for (ListCursor c(value); c.Next();) {
        if (!Holdable(c.value())) return false;
      }
      return true;
    case Kind::kMap:
      for (MapCursor c(value); c.Next();) {
        if (!Holdable(c.key()) || !Holdable(c.value())) return false;
      }
      return true;
    default:
      return true;
  }
}

// Whether the operation's value is known only when an event is judged: what is read of it, and what the embedding program says.
bool IsOpen(Op op) {
  return op == Op::kSlot || op == Op::kPresent || op == Op::kOptSlot || op == Op::kEvent || op == Op::kCallHost;
}

class Folder : public Rewriter {
 public:
  using Rewriter::Rewriter;

 protected:
  NodeId Replace(const Node& node, const std::vector<NodeId>& args, const EventType*) override {
    NodeId made = Simplified(node, args);
    Note(made);
    return closed_[made] ? Computed(made) : made;
  }

 private:
  NodeId Simplified(const Node& node, const std::vector<NodeId>& args) {
    switch (node.op) {
      case Op::kAnd:
        return builder().And(args[0], args[1]);
      case Op::kOr:
        return builder().Or(args[0], args[1]);
      case Op::kNot:
        return builder().Not(args[0]);
      case Op::kCond: {
        if (!builder().IsConst(args[0]) || builder().ConstValue(args[0]).kind != Kind::kBool) break;
        NodeId branch = args[builder().ConstValue(args[0]).b ? 1 : 2];
        // null may stand for an optional only where the choice says so.
        if (node.rep == Node::kAny || node.rep == builder().node(branch).rep) return branch;
        break;
      }
      default:
        break;
    }
    return Same(node, args);
  }

  // Whether the node's value is the same wherever it stands and whatever the event and the state: what is in it reads none
  // of them and no local of a loop around it.
  void Note(NodeId id) {
    for (auto next = static_cast<NodeId>(closed_.size()); next <= id; ++next) {
      const Node& n = builder().node(next);
      bool closed = !IsOpen(n.op) && (n.flags & Node::kReadsState) == 0;
      for (uint32_t i = 0; i < n.arg_count && closed; ++i) closed = closed_[builder().program().args[n.args + i]];
      closed_.push_back(closed);
    }
  }

  NodeId Computed(NodeId id) {
    Program& p = builder().program();
    const Node& n = p.nodes[id];
    if (n.op == Op::kConst || (n.flags & Node::kReadsLocal) != 0) return id;
    Arena arena;
    EvalContext context;
    context.arena = &arena;
    context.program = &p;
    context.fuel = kFuel;
    locals_.resize(p.local_count + 1);
    Frame frame;
    frame.program = &p;
    frame.locals = locals_.data();
    frame.context = &context;
    Value value = Evaluate(frame, id);
    // A value of another kind than the node's would change what those around it expect.
    if (!Holdable(value) || (n.rep != Node::kAny && n.rep != value.kind)) return id;
    NodeId constant = builder().Const(value);
    Note(constant);
    return constant;
  }

  std::vector<bool> closed_;  // by new node
  std::vector<Value> locals_;
};

}  // namespace

Program Fold(Program program) { return Folder(std::move(program)).Run(); }

}  // namespace edict::passes
