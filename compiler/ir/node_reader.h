// Reads the expressions of one plan, or of another set of roots, as NodePrinter writes them. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_NODE_READER_H_
#define EDICT_COMPILER_IR_NODE_READER_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/ir/builder.h"
#include "compiler/ir/cursor.h"

namespace edict::ir {

class NodeReader {
 public:
  NodeReader(Cursor& in, Builder& builder) : in_(in), b_(builder), p_(builder.program()) {}

  // A new plan: its own names, and the slots of the event (may be null).
  void Begin(const EventType* event);
  // A node; after an error any.
  NodeId Expression();
  // "%3 = ...", if that is what comes.
  bool TakeDefinition();
  uint32_t Local();  // "$3"

 private:
  NodeId Nested();
  NodeId Named();
  NodeId Compound();
  NodeId Finish(Op op, uint32_t imm, const std::vector<NodeId>& args, uint32_t imm2 = kNone);
  NodeId Call(std::string_view function, std::string_view symbol, size_t begin);
  NodeId Dynamic();
  NodeId Collection(Op op);
  NodeId FoldNode();
  NodeId OfState(Op op);
  std::vector<NodeId> Operands(std::string* marks = nullptr);
  void NeedCount(size_t begin, size_t count, size_t want);
  uint32_t Slot();
  NodeId Nothing() { return b_.Bool(false); }

  Cursor& in_;
  Builder& b_;
  Program& p_;
  const EventType* event_ = nullptr;
  std::unordered_map<uint32_t, NodeId> names_;
  Arena literals_;
  int depth_ = 0;
};

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_NODE_READER_H_
