// Prints the nodes of one event type's plan, or of another set of roots. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_NODE_PRINTER_H_
#define EDICT_COMPILER_IR_NODE_PRINTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/program/program.h"

namespace edict::ir {

// Whether a node's kind and a call's overload are said where they are not the usual ones. A text that is to be read back
// needs them.
enum class Detail { kBrief, kWhole };

// Nodes that several places use are named %0, %1 ... in the order of their first use; their definitions come before the
// first line that needs them.
class NodePrinter {
 public:
  NodePrinter(const Program& program, const EventType* event, Detail detail)
      : p_(program),
        event_(event),
        detail_(detail),
        uses_(program.nodes.size()),
        depth_(program.nodes.size()),
        names_(program.nodes.size(), kNone) {}

  // Every root that will be printed must be counted first.
  void Count(uint32_t root);
  // The node's text; definitions that it needs are appended to `definitions`, a line each.
  std::string Text(uint32_t root, const std::string& indent, std::string& definitions);

 private:
  std::vector<uint32_t> Unnamed(uint32_t root) const;
  std::string NameOf(uint32_t id) const { return names_[id] != kNone ? "%" + std::to_string(names_[id]) : Expand(id); }
  std::string Slot(uint32_t slot) const;
  std::string StateName(const Node& n) const;
  std::string Function(const Node& n) const;
  std::string Head(const Node& n) const;
  bool OptionalPart(const Node& n, uint32_t i) const;
  std::string KindMark(const Node& n) const;
  std::string Expand(uint32_t id) const;
  std::vector<uint32_t> Args(const Node& n) const;

  const Program& p_;
  const EventType* event_;
  Detail detail_;
  std::vector<uint32_t> uses_;   // by node
  std::vector<int> depth_;       // by node that has been reached: of its text
  std::vector<uint32_t> names_;  // by node: the n of %n, or kNone
  uint32_t next_name_ = 0;
};

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_NODE_PRINTER_H_
