// + - * / % and negation of numbers, and + of strings, bytes and lists. Integers overflow into an error, doubles as IEEE.
#include <limits>

#include "runtime/builtins/support.h"
#include "runtime/builtins/utf8.h"

namespace edict::builtins {
namespace {

constexpr int64_t kMinInt = std::numeric_limits<int64_t>::min();

// `operation` names the failed one: "integer addition".
Value IntOrOverflow(EvalContext& context, bool overflow, int64_t value, std::string_view operation) {
  return overflow ? Overflow(context, std::string(operation) + " overflows") : Value::Int(value);
}
Value UintOrOverflow(EvalContext& context, bool overflow, uint64_t value, std::string_view operation) {
  return overflow ? Overflow(context, std::string(operation) + " overflows") : Value::Uint(value);
}
Value DivisionByZero(EvalContext& context) { return Fail(context, ErrorCode::kDivideByZero, "division by zero"); }
Value ModulusByZero(EvalContext& context) { return Fail(context, ErrorCode::kModulusByZero, "modulus by zero"); }

bool TooLong(uint64_t size) { return size > std::numeric_limits<uint32_t>::max(); }

}  // namespace

EDICT_DEFINE(AddInt) {
  int64_t r;
  bool overflow = __builtin_add_overflow(args[0].i, args[1].i, &r);
  *out = IntOrOverflow(context, overflow, r, "int addition");
}
EDICT_DEFINE(AddUint) {
  uint64_t r;
  bool overflow = __builtin_add_overflow(args[0].u, args[1].u, &r);
  *out = UintOrOverflow(context, overflow, r, "uint addition");
}
EDICT_DEFINE(AddDouble) { *out = Value::Double(args[0].d + args[1].d); }

EDICT_DEFINE(AddString) {
  std::string_view a = args[0].text(), b = args[1].text();
  uint64_t size = uint64_t{a.size()} + b.size();
  if (!ChargeBytes(context, size)) {
    *out = FuelError(context);
  } else if (TooLong(size)) {
    *out = Overflow(context, "string is too long");
  } else if (b.empty() || a.empty()) {
    *out = b.empty() ? args[0] : args[1];
  } else {
    TextBuilder text(*context.arena, size);
    text.Append(a);
    text.Append(b);
    *out = text.Take();
  }
}
EDICT_DEFINE(AddBytes) {
  std::string_view a = args[0].text(), b = args[1].text();
  uint64_t size = uint64_t{a.size()} + b.size();
  if (!ChargeBytes(context, size)) {
    *out = FuelError(context);
    return;
  }
  if (TooLong(size)) {
    *out = Overflow(context, "bytes are too long");
    return;
  }
  char* data = static_cast<char*>(context.arena->Allocate(size));
  std::copy(a.begin(), a.end(), data);
  std::copy(b.begin(), b.end(), data + a.size());
  *out = Value::Bytes({data, size});
}
EDICT_DEFINE(AddList) {
  uint64_t size = uint64_t{args[0].size} + args[1].size;
  if (!Charge(context, size / 4)) {
    *out = FuelError(context);
    return;
  }
  if (TooLong(size)) {
    *out = Overflow(context, "list is too long");
    return;
  }
  Value* items = context.arena->AllocateArray<Value>(size);
  uint32_t used = 0;
  for (uint32_t side = 0; side < 2; ++side) {
    for (ListCursor c(args[side]); c.Next();) items[used++] = c.value();
  }
  *out = Value::List(items, used);
}

EDICT_DEFINE(SubtractInt) {
  int64_t r;
  bool overflow = __builtin_sub_overflow(args[0].i, args[1].i, &r);
  *out = IntOrOverflow(context, overflow, r, "int subtraction");
}
EDICT_DEFINE(SubtractUint) {
  uint64_t r;
  bool overflow = __builtin_sub_overflow(args[0].u, args[1].u, &r);
  *out = UintOrOverflow(context, overflow, r, "uint subtraction");
}
EDICT_DEFINE(SubtractDouble) { *out = Value::Double(args[0].d - args[1].d); }

EDICT_DEFINE(MultiplyInt) {
  int64_t r;
  bool overflow = __builtin_mul_overflow(args[0].i, args[1].i, &r);
  *out = IntOrOverflow(context, overflow, r, "int multiplication");
}
EDICT_DEFINE(MultiplyUint) {
  uint64_t r;
  bool overflow = __builtin_mul_overflow(args[0].u, args[1].u, &r);
  *out = UintOrOverflow(context, overflow, r, "uint multiplication");
}
EDICT_DEFINE(MultiplyDouble) { *out = Value::Double(args[0].d * args[1].d); }

EDICT_DEFINE(DivideInt) {
  int64_t a = args[0].i, b = args[1].i;
  if (b == 0) {
    *out = DivisionByZero(context);
  } else {
    bool overflow = a == kMinInt && b == -1;
    *out = IntOrOverflow(context, overflow, overflow ? 0 : a / b, "int division");
  }
}
EDICT_DEFINE(DivideUint) { *out = args[1].u == 0 ? DivisionByZero(context) : Value::Uint(args[0].u / args[1].u); }
EDICT_DEFINE(DivideDouble) { *out = Value::Double(args[0].d / args[1].d); }
EDICT_DEFINE(ModuloInt) {
  int64_t a = args[0].i, b = args[1].i;
  if (b == 0) {
    *out = ModulusByZero(context);
  } else {
    bool overflow = a == kMinInt && b == -1;
    *out = IntOrOverflow(context, overflow, overflow ? 0 : a % b, "int modulus");
  }
}
EDICT_DEFINE(ModuloUint) { *out = args[1].u == 0 ? ModulusByZero(context) : Value::Uint(args[0].u % args[1].u); }

EDICT_DEFINE(NegateInt) {
  bool overflow = args[0].i == kMinInt;
  *out = IntOrOverflow(context, overflow, overflow ? 0 : -args[0].i, "int negation");
}
EDICT_DEFINE(NegateDouble) { *out = Value::Double(-args[0].d); }

}  // namespace edict::builtins
