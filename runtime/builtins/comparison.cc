// == != < <= > >= and `in`. The order itself is Compare of runtime/value; no overload here tells its operands apart.
#include <algorithm>

#include "runtime/builtins/support.h"

namespace edict::builtins {
namespace {

// Equality walks lists and maps: fuel for the smaller side's elements.
bool ChargeEquality(const Value* args, EvalContext& context) {
  bool deep = args[0].kind == Kind::kList || args[0].kind == Kind::kMap;
  return !deep || args[0].kind != args[1].kind || Charge(context, std::min(args[0].size, args[1].size));
}

// Compare gives 2 for unordered operands (NaN): then every comparison is false.
EDICT_DEFINE(Less) { *out = Value::Bool(Compare(args[0], args[1]) == -1); }
EDICT_DEFINE(LessEqual) {
  int order = Compare(args[0], args[1]);
  *out = Value::Bool(order == -1 || order == 0);
}
EDICT_DEFINE(Greater) { *out = Value::Bool(Compare(args[0], args[1]) == 1); }
EDICT_DEFINE(GreaterEqual) {
  int order = Compare(args[0], args[1]);
  *out = Value::Bool(order == 0 || order == 1);
}

}  // namespace

EDICT_DEFINE(Equals) { *out = ChargeEquality(args, context) ? Value::Bool(Equal(args[0], args[1])) : FuelError(context); }
EDICT_DEFINE(NotEquals) { *out = ChargeEquality(args, context) ? Value::Bool(!Equal(args[0], args[1])) : FuelError(context); }

EDICT_DEFINE_SAME(LessBool, Less)
EDICT_DEFINE_SAME(LessInt, Less)
EDICT_DEFINE_SAME(LessIntUint, Less)
EDICT_DEFINE_SAME(LessIntDouble, Less)
EDICT_DEFINE_SAME(LessUint, Less)
EDICT_DEFINE_SAME(LessUintInt, Less)
EDICT_DEFINE_SAME(LessUintDouble, Less)
EDICT_DEFINE_SAME(LessDouble, Less)
EDICT_DEFINE_SAME(LessDoubleInt, Less)
EDICT_DEFINE_SAME(LessDoubleUint, Less)
EDICT_DEFINE_SAME(LessString, Less)
EDICT_DEFINE_SAME(LessBytes, Less)
EDICT_DEFINE_SAME(LessTimestamp, Less)
EDICT_DEFINE_SAME(LessDuration, Less)

EDICT_DEFINE_SAME(LessEqualBool, LessEqual)
EDICT_DEFINE_SAME(LessEqualInt, LessEqual)
EDICT_DEFINE_SAME(LessEqualIntUint, LessEqual)
EDICT_DEFINE_SAME(LessEqualIntDouble, LessEqual)
EDICT_DEFINE_SAME(LessEqualUint, LessEqual)
EDICT_DEFINE_SAME(LessEqualUintInt, LessEqual)
EDICT_DEFINE_SAME(LessEqualUintDouble, LessEqual)
EDICT_DEFINE_SAME(LessEqualDouble, LessEqual)
EDICT_DEFINE_SAME(LessEqualDoubleInt, LessEqual)
EDICT_DEFINE_SAME(LessEqualDoubleUint, LessEqual)
EDICT_DEFINE_SAME(LessEqualString, LessEqual)
EDICT_DEFINE_SAME(LessEqualBytes, LessEqual)
EDICT_DEFINE_SAME(LessEqualTimestamp, LessEqual)
EDICT_DEFINE_SAME(LessEqualDuration, LessEqual)

EDICT_DEFINE_SAME(GreaterBool, Greater)
EDICT_DEFINE_SAME(GreaterInt, Greater)
EDICT_DEFINE_SAME(GreaterIntUint, Greater)
EDICT_DEFINE_SAME(GreaterIntDouble, Greater)
EDICT_DEFINE_SAME(GreaterUint, Greater)
EDICT_DEFINE_SAME(GreaterUintInt, Greater)
EDICT_DEFINE_SAME(GreaterUintDouble, Greater)
EDICT_DEFINE_SAME(GreaterDouble, Greater)
EDICT_DEFINE_SAME(GreaterDoubleInt, Greater)
EDICT_DEFINE_SAME(GreaterDoubleUint, Greater)
EDICT_DEFINE_SAME(GreaterString, Greater)
EDICT_DEFINE_SAME(GreaterBytes, Greater)
EDICT_DEFINE_SAME(GreaterTimestamp, Greater)
EDICT_DEFINE_SAME(GreaterDuration, Greater)

EDICT_DEFINE_SAME(GreaterEqualBool, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualInt, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualIntUint, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualIntDouble, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualUint, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualUintInt, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualUintDouble, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualDouble, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualDoubleInt, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualDoubleUint, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualString, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualBytes, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualTimestamp, GreaterEqual)
EDICT_DEFINE_SAME(GreaterEqualDuration, GreaterEqual)

EDICT_DEFINE(InList) {
  if (!Charge(context, args[1].size)) {
    *out = FuelError(context);
    return;
  }
  bool found = false;
  for (ListCursor c(args[1]); !found && c.Next();) found = Equal(args[0], c.value());
  *out = Value::Bool(found);
}
EDICT_DEFINE(InMap) {
  bool paid = Charge(context, args[1].size / 4);
  *out = paid ? Value::Bool(MapFind(args[1], args[0]).kind != Kind::kAbsent) : FuelError(context);
}

}  // namespace edict::builtins
