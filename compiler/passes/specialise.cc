#include <utility>

#include "compiler/passes/passes.h"
#include "compiler/passes/rewriter.h"
#include "runtime/program/scan_plan.h"

namespace edict::passes {
namespace {

class Specialiser : public Rewriter {
 public:
  using Rewriter::Rewriter;

 protected:
  NodeId Replace(const Node& node, const std::vector<NodeId>& args, const EventType* event) override {
    const Program& p = builder().program();
    // A plan for the types that have none of their own has no name.
    bool known = event != nullptr && !event->name.empty() && p.discriminator != kNone;
    bool slot = node.op == Op::kSlot || node.op == Op::kPresent;
    if (!known || !slot || !IsDiscriminator(p, *event, node.imm)) return Same(node, args);
    return node.op == Op::kPresent ? builder().Bool(true) : builder().Const(Value::String(event->name));
  }

 private:
  static bool IsDiscriminator(const Program& p, const EventType& event, uint32_t slot) {
    const uint32_t tag = TagField(p, event);
    return tag != kNone && p.shapes[event.shape].fields[tag].slot == slot;
  }
};

}  // namespace

Program Specialise(Program program) { return Specialiser(std::move(program)).Run(); }

}  // namespace edict::passes
