#include "runtime/interp/append.h"

#include "runtime/builtins/registry.h"

namespace edict::interp {
namespace {

bool IsLocal(const Node& node, uint32_t local) { return node.op == Op::kLocal && node.imm == local; }

// The one-element list that `accu + [x]` appends: the node of x. kNone: the node is something else.
uint32_t AppendedElement(const Program& program, uint32_t id, uint32_t accu) {
  const Node& node = program.nodes[id];
  bool concatenates = node.op == Op::kCall && node.imm == static_cast<uint32_t>(Builtin::kAddList);
  if (!concatenates || !IsLocal(program.nodes[program.args[node.args]], accu)) return kNone;
  const Node& list = program.nodes[program.args[node.args + 1]];
  bool one = list.op == Op::kList && list.arg_count == 1 && list.imm == kNone;
  return one ? program.args[list.args] : kNone;
}

Entry InsertedEntry(const Program& program, uint32_t id, uint32_t accu) {
  const Node& node = program.nodes[id];
  bool inserts = node.op == Op::kCall && node.imm == static_cast<uint32_t>(Builtin::kMapInsert);
  if (!inserts || !IsLocal(program.nodes[program.args[node.args]], accu)) return {};
  return {program.args[node.args + 1], program.args[node.args + 2]};
}

}  // namespace

Append FindAppend(const Program& program, uint32_t step, uint32_t accu) {
  Append append{kNone, AppendedElement(program, step, accu), InsertedEntry(program, step, accu)};
  const Node& node = program.nodes[step];
  if (append.found() || node.op != Op::kCond) return append;
  if (!IsLocal(program.nodes[program.args[node.args + 2]], accu)) return append;
  uint32_t chosen = program.args[node.args + 1];
  return {program.args[node.args], AppendedElement(program, chosen, accu), InsertedEntry(program, chosen, accu)};
}

}  // namespace edict::interp
