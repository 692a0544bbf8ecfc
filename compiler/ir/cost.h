// The fuel that an expression takes at worst, before any input is seen: exact numbers where sizes are declared or follow
// from the expression, named sizes of the input otherwise. Never less than what any tier charges.
//
//   size(x)     bytes of a string, elements of a list, entries of a map
//   largest(x)  the largest size of anything inside x
//   total(x)    the sizes of x and of everything inside it, together
#ifndef EDICT_COMPILER_IR_COST_H_
#define EDICT_COMPILER_IR_COST_H_

#include <map>
#include <string>
#include <vector>

#include "compiler/ir/bound.h"
#include "runtime/program/program.h"

namespace edict::ir {

// Bounds of a value's sizes; a number, bool, time ... has none. An optional has those of what is in it.
struct Extent {
  Bound size;
  Bound largest;
  Bound total;
};

// What an expression reads.
struct CostContext {
  const EventType* event = nullptr;  // whose slots; its fields are named e.<field>
  // Names of the locals that the expression reads and does not bind: variables of `edict eval`.
  std::map<uint32_t, std::string> variables;
};

Bound CostOf(const Program& program, uint32_t node, const CostContext& context);
// One rule at one event that it fails: guard, clauses for each element of their loops, and messages.
Bound CostOf(const Program& program, const Check& check, const CostContext& context);
// At one that it passes: without messages.
Bound PassingCostOf(const Program& program, const Check& check, const CostContext& context);
Bound CostOf(const Program& program, const Effect& effect, const CostContext& context);

// The sizes of a value that is known, under the name that Bounds use.
void Measure(const std::string& name, const Value& value, std::map<std::string, double>& sizes);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_COST_H_
