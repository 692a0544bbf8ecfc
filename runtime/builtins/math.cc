// The math extension: math.*.
#include <cmath>

#include "runtime/builtins/support.h"

namespace edict::builtins {
namespace {

// The element that no other exceeds (`wanted` 1) or falls below (-1); the first of equals. NaN loses against numbers.
Value Extreme(const Value& list, int wanted, EvalContext& context) {
  if (!Charge(context, list.size)) return FuelError(context);
  Value best;
  for (ListCursor c(list); c.Next();) {
    const Value& value = c.value();
    if (!value.is_number()) {
      return Fail(
          context, ErrorCode::kNoSuchOverload,
          std::string("no such overload: math.") + (wanted > 0 ? "greatest" : "least") + " of " + std::string(TypeNameOf(value)));
    }
    bool best_is_nan = best.kind == Kind::kDouble && std::isnan(best.d);
    if (best.kind == Kind::kAbsent || best_is_nan || Compare(value, best) == wanted) best = value;
  }
  return best.kind == Kind::kAbsent ? Invalid(context, "math.greatest and math.least need a value") : best;
}

// The number as one of the list's declared kind: in JSON, 1 may stand for 1.0 and the other way round.
Value OfKind(Kind kind, const Value& number, EvalContext& context) {
  if (number.is_error() || number.kind == kind) return number;
  if (kind == Kind::kDouble && number.kind == Kind::kInt) return Value::Double(static_cast<double>(number.i));
  bool whole = number.kind == Kind::kDouble && std::trunc(number.d) == number.d && std::fabs(number.d) < 0x1p63;
  if (kind == Kind::kInt && whole) return Value::Int(static_cast<int64_t>(number.d));
  return Fail(context, ErrorCode::kNoSuchOverload,
              std::string("no such overload: a list of ") + KindName(kind) + " holds " + std::string(TypeNameOf(number)));
}

// 0 for shifts of 64 bits and more, as CEL has it; false: a negative offset.
bool CheckShift(Value* out, int64_t offset, EvalContext& context) {
  if (offset >= 0) return true;
  *out = Invalid(context, "negative offset of a bit shift: " + std::to_string(offset));
  return false;
}
uint64_t Left(uint64_t bits, int64_t offset) { return offset > 63 ? 0 : bits << offset; }
uint64_t Right(uint64_t bits, int64_t offset) { return offset > 63 ? 0 : bits >> offset; }
Value IntOfBits(uint64_t bits) { return Value::Int(static_cast<int64_t>(bits)); }

}  // namespace

EDICT_DEFINE(MathMax) { *out = Extreme(args[0], 1, context); }
EDICT_DEFINE(MathMaxInt) { *out = OfKind(Kind::kInt, Extreme(args[0], 1, context), context); }
EDICT_DEFINE(MathMaxUint) { *out = OfKind(Kind::kUint, Extreme(args[0], 1, context), context); }
EDICT_DEFINE(MathMaxDouble) { *out = OfKind(Kind::kDouble, Extreme(args[0], 1, context), context); }
EDICT_DEFINE(MathMin) { *out = Extreme(args[0], -1, context); }
EDICT_DEFINE(MathMinInt) { *out = OfKind(Kind::kInt, Extreme(args[0], -1, context), context); }
EDICT_DEFINE(MathMinUint) { *out = OfKind(Kind::kUint, Extreme(args[0], -1, context), context); }
EDICT_DEFINE(MathMinDouble) { *out = OfKind(Kind::kDouble, Extreme(args[0], -1, context), context); }

EDICT_DEFINE(Ceil) { *out = Value::Double(std::ceil(args[0].d)); }
EDICT_DEFINE(Floor) { *out = Value::Double(std::floor(args[0].d)); }
EDICT_DEFINE(Round) { *out = Value::Double(std::round(args[0].d)); }
EDICT_DEFINE(Trunc) { *out = Value::Double(std::trunc(args[0].d)); }
EDICT_DEFINE(SqrtInt) { *out = Value::Double(std::sqrt(static_cast<double>(args[0].i))); }
EDICT_DEFINE(SqrtUint) { *out = Value::Double(std::sqrt(static_cast<double>(args[0].u))); }
EDICT_DEFINE(SqrtDouble) { *out = Value::Double(std::sqrt(args[0].d)); }

EDICT_DEFINE(AbsInt) { *out = args[0].i == INT64_MIN ? Overflow(context, "math.abs overflows") : Value::Int(std::abs(args[0].i)); }
EDICT_DEFINE(AbsUint) { *out = args[0]; }
EDICT_DEFINE(AbsDouble) { *out = Value::Double(std::fabs(args[0].d)); }
EDICT_DEFINE(SignInt) { *out = Value::Int((args[0].i > 0) - (args[0].i < 0)); }
EDICT_DEFINE(SignUint) { *out = Value::Uint(args[0].u > 0 ? 1 : 0); }
EDICT_DEFINE(SignDouble) {
  double d = args[0].d;
  *out = std::isnan(d) ? args[0] : Value::Double((d > 0) - (d < 0));
}

EDICT_DEFINE(IsNan) { *out = Value::Bool(std::isnan(args[0].d)); }
EDICT_DEFINE(IsInf) { *out = Value::Bool(std::isinf(args[0].d)); }
EDICT_DEFINE(IsFinite) { *out = Value::Bool(std::isfinite(args[0].d)); }

EDICT_DEFINE(BitAndInt) { *out = Value::Int(args[0].i & args[1].i); }
EDICT_DEFINE(BitAndUint) { *out = Value::Uint(args[0].u & args[1].u); }
EDICT_DEFINE(BitOrInt) { *out = Value::Int(args[0].i | args[1].i); }
EDICT_DEFINE(BitOrUint) { *out = Value::Uint(args[0].u | args[1].u); }
EDICT_DEFINE(BitXorInt) { *out = Value::Int(args[0].i ^ args[1].i); }
EDICT_DEFINE(BitXorUint) { *out = Value::Uint(args[0].u ^ args[1].u); }
EDICT_DEFINE(BitNotInt) { *out = Value::Int(~args[0].i); }
EDICT_DEFINE(BitNotUint) { *out = Value::Uint(~args[0].u); }
EDICT_DEFINE(ShiftLeftInt) {
  if (CheckShift(out, args[1].i, context)) *out = IntOfBits(Left(args[0].u, args[1].i));
}
EDICT_DEFINE(ShiftLeftUint) {
  if (CheckShift(out, args[1].i, context)) *out = Value::Uint(Left(args[0].u, args[1].i));
}
EDICT_DEFINE(ShiftRightInt) {  // logical, also of negative ints
  if (CheckShift(out, args[1].i, context)) *out = IntOfBits(Right(args[0].u, args[1].i));
}
EDICT_DEFINE(ShiftRightUint) {
  if (CheckShift(out, args[1].i, context)) *out = Value::Uint(Right(args[0].u, args[1].i));
}

}  // namespace edict::builtins
