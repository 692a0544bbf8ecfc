// What the builtin families share: their declarations, results, text building. For runtime/builtins, and the tiers.
#ifndef EDICT_RUNTIME_BUILTINS_SUPPORT_H_
#define EDICT_RUNTIME_BUILTINS_SUPPORT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/builtins/context.h"
#include "runtime/builtins/registry.h"
#include "runtime/value/value.h"

namespace edict::builtins {

#define EDICT_BUILTIN(symbol, function, scope, signature, cost) \
  void symbol(Value* out, const Value* args, uint32_t n, EvalContext& context);
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN

// Defines a builtin: EDICT_DEFINE(AddInt) { *out = ...; }
#define EDICT_DEFINE(symbol)                                                                                \
  void symbol([[maybe_unused]] Value* out, [[maybe_unused]] const Value* args, [[maybe_unused]] uint32_t n, \
              [[maybe_unused]] EvalContext& context)
// Defines one that does the same as another.
#define EDICT_DEFINE_SAME(symbol, other) \
  EDICT_DEFINE(symbol) { other(out, args, n, context); }

inline Value Fail(EvalContext& context, ErrorCode code, std::string_view detail) { return MakeError(*context.arena, code, detail); }
inline Value Invalid(EvalContext& context, std::string_view detail) {
  return MakeError(*context.arena, ErrorCode::kInvalidArgument, detail);
}
inline Value Overflow(EvalContext& context, std::string_view detail) {
  return MakeError(*context.arena, ErrorCode::kOverflow, detail);
}
inline Value NewString(EvalContext& context, std::string_view text) {
  return Value::String({context.arena->Copy(text), text.size()});
}
inline Value NewBytes(EvalContext& context, std::string_view bytes) {
  return Value::Bytes({context.arena->Copy(bytes), bytes.size()});
}
inline Value NewOptional(EvalContext& context, const Value& inner) {
  Value* copy = context.arena->AllocateArray<Value>(1);
  *copy = inner;
  return Value::Optional(copy);
}

// Takes the fuel for work on so many bytes (or twice as many list elements, map entries). False: out of fuel.
inline bool ChargeBytes(EvalContext& context, uint64_t bytes) { return Charge(context, bytes / 16); }

// The same for comparing text in place, which costs nothing worth counting below a kilobyte: native code compares short
// text in line and comes here for longer.
inline bool ChargeComparison(EvalContext& context, uint64_t bytes) { return Charge(context, bytes / 1024); }

// The shortest text that reads back as the same double, as JavaScript prints it: "0.1", "1e+21", "NaN", "-Infinity".
std::string DoubleText(double value);
std::string TimestampText(const Value& timestamp);  // RFC 3339
std::string DurationText(const Value& duration);    // "1.5s"

}  // namespace edict::builtins

namespace edict {

// Types that CEL's extensions add are bytes Values with a flag, holding their canonical text.
inline constexpr uint8_t kIpFlag = 2;
inline constexpr uint8_t kCidrFlag = 4;
inline constexpr uint8_t kOpaqueFlags = kIpFlag | kCidrFlag;

}  // namespace edict

#endif  // EDICT_RUNTIME_BUILTINS_SUPPORT_H_
