// Makes the expressions of a Program anew, operands first, so that a pass can put others in their place. Nodes that no root
// reaches are left behind. For compiler/passes only.
#ifndef EDICT_COMPILER_PASSES_REWRITER_H_
#define EDICT_COMPILER_PASSES_REWRITER_H_

#include <cstdint>
#include <vector>

#include "compiler/ir/builder.h"

namespace edict::passes {

using ir::NodeId;

class Rewriter {
 public:
  explicit Rewriter(Program program);
  virtual ~Rewriter() = default;
  Rewriter(const Rewriter&) = delete;
  Rewriter& operator=(const Rewriter&) = delete;

  Program Run();

 protected:
  // What stands in the place of `node`, whose operands have become `args`. `event`: in whose plan; null at the end of the
  // stream and in constraints of shapes.
  virtual NodeId Replace(const Node& node, const std::vector<NodeId>& args, const EventType* event);
  // The same node with other operands.
  NodeId Same(const Node& node, const std::vector<NodeId>& args);

  ir::Builder& builder() { return builder_; }

 private:
  NodeId Rewritten(NodeId root, const EventType* event);

  std::vector<Node> nodes_;  // the old ones, with their operands and folds
  std::vector<uint32_t> args_;
  std::vector<edict::Fold> folds_;
  ir::Builder builder_;
  std::vector<NodeId> made_;  // by old node, for one event type; kNone: not yet
};

}  // namespace edict::passes

#endif  // EDICT_COMPILER_PASSES_REWRITER_H_
