// Builds the expression nodes of a Program: hash-consed, so that equal expressions of all rules are one node, and folded
// where operands are constants. The Program is finished by Take.
#ifndef EDICT_COMPILER_IR_BUILDER_H_
#define EDICT_COMPILER_IR_BUILDER_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/program/program.h"

namespace edict::ir {

using NodeId = uint32_t;

class Builder {
 public:
  Builder();
  // Keeps all of the Program but its nodes, to which roots and constants still refer: for a pass that makes them anew.
  explicit Builder(Program program);

  // Interned constants: index in Program::constants.
  uint32_t Constant(const Value& value);  // deep-copied into the Program's memory
  uint32_t StringConstant(std::string_view text);

  // An interned node. `rep` is the value's static kind (Node::kAny where unknown). Flags are derived from op and args.
  // `span` (Program::spans index) is kept from the first use only.
  NodeId Make(Op op, Kind rep, uint32_t imm, const std::vector<NodeId>& args, uint32_t imm2 = kNone, uint32_t span = kNone);
  NodeId Const(const Value& value);
  NodeId Bool(bool value) { return Const(Value::Bool(value)); }
  NodeId And(NodeId a, NodeId b);  // folded: true && b is b, a && false is false
  NodeId Or(NodeId a, NodeId b);
  NodeId Not(NodeId a);
  NodeId MakeFold(const Fold& fold, NodeId range, NodeId init, NodeId condition, NodeId step, NodeId result, Kind rep);

  // Locals are numbered by nesting: open scopes hold distinct numbers.
  uint32_t OpenLocal();
  void CloseLocal(uint32_t local);  // and all that were opened since
  // The node, fit to stand where more locals are open than where it was made: what it binds itself is renumbered above
  // them, or evaluating it would overwrite them. For every node that is kept under a name.
  NodeId Inside(NodeId node);

  // Of a fold: what looks at its range again in its rounds looks at a local, in which the range is kept. The fold itself where
  // nothing does, or where looking costs nothing.
  NodeId KeepRange(NodeId fold);

  bool IsConst(NodeId node) const;
  const Value& ConstValue(NodeId node) const;
  const Node& node(NodeId id) const { return program_.nodes[id]; }

  Program& program() { return program_; }
  Program Take();

 private:
  uint32_t FreeLocal(Op op, uint32_t imm, const std::vector<NodeId>& args) const;
  uint32_t BoundLocal(Op op, uint32_t imm, const std::vector<NodeId>& args) const;
  std::vector<NodeId> Below(NodeId root) const;
  NodeId Moved(NodeId root, uint32_t from, uint32_t by, NodeId replaced, NodeId with);
  NodeId Renumbered(const Node& node, uint32_t from, uint32_t by, const std::vector<NodeId>& args);
  uint32_t FoldId(const Fold& fold);
  uint32_t TreeSize(Op op, const std::vector<NodeId>& args) const;
  uint32_t MoreSteps(const std::vector<NodeId>& args) const;
  bool IsTotal(Op op, uint32_t imm, const std::vector<NodeId>& args) const;

  Program program_;
  std::vector<uint32_t> size_;         // by node: of its tree, but for the rounds of folds; saturated
  std::vector<uint32_t> free_local_;   // by node: the lowest local that it reads and does not bind, or kNone
  std::vector<uint32_t> bound_local_;  // by node: the lowest local that it or its operands bind, or kNone
  std::unordered_multimap<uint64_t, NodeId> nodes_by_hash_;
  std::unordered_multimap<uint64_t, uint32_t> constants_by_hash_;
  uint32_t open_locals_ = 0;
};

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_BUILDER_H_
