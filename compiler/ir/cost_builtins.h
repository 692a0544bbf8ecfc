// What each builtin charges beyond its fixed cost, and how large its result is. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_COST_BUILTINS_H_
#define EDICT_COMPILER_IR_COST_BUILTINS_H_

#include <string_view>
#include <vector>

#include "compiler/ir/cost.h"

namespace edict::ir {

struct CallCost {
  Bound cost;  // without its operands
  Extent result;
};

// Of the overload with this id (builtins.def). `equal_depth`: whether the operands of == may be lists or maps.
CallCost CostOfCall(uint32_t overload, const std::vector<Extent>& args, bool may_be_deep);
// Of any overload of that name.
CallCost CostOfDynamicCall(std::string_view function, bool member, const std::vector<Extent>& args);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_COST_BUILTINS_H_
