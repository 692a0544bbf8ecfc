// The builtin functions at run time: the overloads of runtime/program/builtins.def with their implementations.
#ifndef EDICT_RUNTIME_BUILTINS_REGISTRY_H_
#define EDICT_RUNTIME_BUILTINS_REGISTRY_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/builtins/context.h"
#include "runtime/value/value.h"

namespace edict {

// No argument is an error or absent (callers propagate errors), and each is of the kind that the signature says. `out` may
// not alias an argument.
using BuiltinFn = void (*)(Value* out, const Value* args, uint32_t n, EvalContext& context);

struct Overload {
  const char* symbol;
  const char* function;
  bool member;
  const char* signature;
  uint32_t cost;
  BuiltinFn fn;
};

// Overload ids by symbol: Builtin::kAddInt ... .
enum class Builtin : uint32_t {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) k##symbol,
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

// What a type of a signature says about a Value.
struct KindOfType {
  Kind kind = Kind::kAbsent;  // kAbsent: any
  uint8_t opaque = 0;         // kBytes: kOpaqueFlags that the Value must have
};
// The kinds that an overload takes and gives, read from its signature.
struct OverloadKinds {
  static constexpr uint32_t kMax = 4;
  uint32_t count = 0;
  KindOfType params[kMax];
  KindOfType result;
};

uint32_t OverloadCount();
const Overload& OverloadAt(uint32_t id);
const OverloadKinds& KindsAt(uint32_t id);
// Ids, in the order in which a dynamic call tries them; empty for an unknown name.
const std::vector<uint32_t>& OverloadsNamed(std::string_view function, bool member);

// Calls the overload after checking the arguments' kinds against its signature; the first error among the arguments is the
// result, kinds that differ are a no_such_overload error. Charges its cost.
void CallChecked(Value* out, uint32_t id, const Value* args, uint32_t n, EvalContext& context);
// Calls the first overload of that name whose parameters fit the arguments' kinds. An unknown name is a no_such_overload
// error as well: it only ever comes from expressions that were not checked.
void CallDynamic(Value* out, std::string_view function, bool member, const Value* args, uint32_t n, EvalContext& context);

// CEL's name of the value's type, opaque types included: "int", "list", "net.IP".
std::string_view TypeNameOf(const Value& value);

}  // namespace edict

#endif  // EDICT_RUNTIME_BUILTINS_REGISTRY_H_
