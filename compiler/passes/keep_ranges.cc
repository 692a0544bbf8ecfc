#include <utility>
#include <vector>

#include "compiler/passes/passes.h"
#include "compiler/passes/rewriter.h"

namespace edict::passes {
namespace {

class RangeKeeper : public Rewriter {
 public:
  using Rewriter::Rewriter;

 protected:
  NodeId Replace(const Node& node, const std::vector<NodeId>& args, const EventType*) override {
    const NodeId same = Same(node, args);
    return node.op == Op::kFold ? builder().KeepRange(same) : same;
  }
};

}  // namespace

Program KeepRanges(Program program) { return RangeKeeper(std::move(program)).Run(); }

}  // namespace edict::passes
