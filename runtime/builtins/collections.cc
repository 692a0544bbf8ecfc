// size(), optionals, and what comprehension macros need of maps.
#include <algorithm>

#include "runtime/builtins/support.h"
#include "runtime/builtins/utf8.h"

namespace edict::builtins {
namespace {

// What optional.ofNonZeroValue takes for nothing: the default value of each type.
bool IsZero(const Value& value) {
  switch (value.kind) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return !value.b;
    case Kind::kInt:
    case Kind::kUint:
      return value.u == 0;
    case Kind::kDouble:
      return value.d == 0;
    case Kind::kString:
    case Kind::kBytes:
      return value.size == 0;
    case Kind::kList:
      return ListSize(value) == 0;
    case Kind::kMap:
      return MapSize(value) == 0;
    case Kind::kDuration:
    case Kind::kTimestamp:
      return value.i == 0 && value.size == 0;
    default:
      return false;
  }
}

}  // namespace

EDICT_DEFINE(SizeString) {
  bool paid = ChargeBytes(context, args[0].size);
  *out = paid ? Value::Int(static_cast<int64_t>(CountCodePoints(args[0].text()))) : FuelError(context);
}
EDICT_DEFINE(SizeBytes) { *out = Value::Int(args[0].size); }
EDICT_DEFINE(SizeList) { *out = Value::Int(ListSize(args[0])); }
EDICT_DEFINE(SizeMap) { *out = Value::Int(MapSize(args[0])); }
EDICT_DEFINE_SAME(SizeOfString, SizeString)
EDICT_DEFINE_SAME(SizeOfBytes, SizeBytes)
EDICT_DEFINE_SAME(SizeOfList, SizeList)
EDICT_DEFINE_SAME(SizeOfMap, SizeMap)

EDICT_DEFINE(OptionalOf) { *out = NewOptional(context, args[0]); }
EDICT_DEFINE(OptionalOfNonZero) { *out = IsZero(args[0]) ? Value::Optional(nullptr) : NewOptional(context, args[0]); }
EDICT_DEFINE(OptionalNone) { *out = Value::Optional(nullptr); }
EDICT_DEFINE(OptionalHasValue) { *out = Value::Bool(args[0].inner != nullptr); }
EDICT_DEFINE(OptionalValue) {
  *out = args[0].inner != nullptr ? *args[0].inner : Fail(context, ErrorCode::kOptionalNone, "optional.none() has no value");
}

EDICT_DEFINE(MapInsert) {
  uint32_t size = MapSize(args[0]);
  if (!Charge(context, size / 4)) return void(*out = FuelError(context));
  Kind key = args[1].kind;
  if (key != Kind::kBool && key != Kind::kInt && key != Kind::kUint && key != Kind::kString) {
    return void(*out = Invalid(context, "unsupported key type: " + std::string(TypeNameOf(args[1]))));
  }
  if (MapFind(args[0], args[1]).kind != Kind::kAbsent) {
    return void(*out = Fail(context, ErrorCode::kDuplicateKey, "duplicate key: " + ToCelText(args[1])));
  }
  MapEntry* entries = context.arena->AllocateArray<MapEntry>(size + 1);
  uint32_t used = 0;
  for (MapCursor c(args[0]); c.Next();) entries[used++] = {c.key(), c.value()};
  entries[used++] = {args[1], args[2]};
  *out = Value::Map(entries, used);
}

}  // namespace edict::builtins
