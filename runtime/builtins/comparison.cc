// == != < <= > >= and `in`. The order itself is Compare of runtime/value; no overload here tells its operands apart.
#include <algorithm>

#include "runtime/builtins/support.h"

namespace edict::builtins {
namespace {

bool IsText(const Value& value) { return value.kind == Kind::kString || value.kind == Kind::kBytes; }

bool EqualPaid(const Value& a, const Value& b, EvalContext& context);

bool EqualLists(const Value& a, const Value& b, EvalContext& context) {
  ListCursor x(a);
  ListCursor y(b);
  while (x.Next() && y.Next()) {
    if (!Charge(context, 1) || !EqualPaid(x.value(), y.value(), context)) return false;
  }
  return true;
}

bool EqualMaps(const Value& a, const Value& b, EvalContext& context) {
  for (MapCursor x(a); x.Next();) {
    if (!Charge(context, 1 + b.size / 8)) return false;
    Value other = MapFind(b, x.key());
    if (other.kind == Kind::kAbsent || !EqualPaid(x.value(), other, context)) return false;
  }
  return true;
}

// Equal() that takes fuel for each element compared, at every depth: lists can share parts, so that a short expression
// makes a value that takes forever to walk. False also when the fuel has run out.
bool EqualPaid(const Value& a, const Value& b, EvalContext& context) {
  if (a.kind == Kind::kOptional && b.kind == Kind::kOptional && a.inner != nullptr && b.inner != nullptr) {
    return EqualPaid(*a.inner, *b.inner, context);
  }
  if (IsText(a) && a.kind == b.kind && a.size == b.size && !ChargeComparison(context, a.size)) return false;
  bool walks = a.kind == b.kind && (a.kind == Kind::kList || a.kind == Kind::kMap);
  if (!walks) return Equal(a, b);
  if (a.size != b.size) return false;
  return a.kind == Kind::kList ? EqualLists(a, b, context) : EqualMaps(a, b, context);
}

// The result of == (`wanted` true) or != (false).
Value Equality(const Value* args, bool wanted, EvalContext& context) {
  bool equal = EqualPaid(args[0], args[1], context);
  return context.fuel < 0 ? FuelError(context) : Value::Bool(equal == wanted);
}

// The order of the two operands in `order` (Compare); false: no fuel for it, which is then the result.
bool Order(Value* out, const Value* args, EvalContext& context, int* order) {
  if (IsText(args[0]) && !ChargeComparison(context, std::min(args[0].size, args[1].size))) {
    *out = FuelError(context);
    return false;
  }
  *order = Compare(args[0], args[1]);
  return true;
}

// Compare gives 2 for unordered operands (NaN): then every comparison is false.
EDICT_DEFINE(Less) {
  int order;
  if (Order(out, args, context, &order)) *out = Value::Bool(order == -1);
}
EDICT_DEFINE(LessEqual) {
  int order;
  if (Order(out, args, context, &order)) *out = Value::Bool(order == -1 || order == 0);
}
EDICT_DEFINE(Greater) {
  int order;
  if (Order(out, args, context, &order)) *out = Value::Bool(order == 1);
}
EDICT_DEFINE(GreaterEqual) {
  int order;
  if (Order(out, args, context, &order)) *out = Value::Bool(order == 0 || order == 1);
}

}  // namespace

EDICT_DEFINE(Equals) { *out = Equality(args, true, context); }
EDICT_DEFINE(NotEquals) { *out = Equality(args, false, context); }

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
  for (ListCursor c(args[1]); !found && c.Next();) found = EqualPaid(args[0], c.value(), context);
  *out = context.fuel < 0 ? FuelError(context) : Value::Bool(found);
}
EDICT_DEFINE(InMap) {
  bool paid = Charge(context, args[1].size / 4);
  *out = paid ? Value::Bool(MapFind(args[1], args[0]).kind != Kind::kAbsent) : FuelError(context);
}

}  // namespace edict::builtins
