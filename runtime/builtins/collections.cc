// size(), optionals, and what comprehension macros need of maps.
#include <algorithm>

#include "runtime/builtins/map_insert.h"
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

// The values of the optionals that have one.
EDICT_DEFINE(OptionalUnwrap) {
  if (!Charge(context, args[0].size)) return void(*out = FuelError(context));
  Value* items = context.arena->AllocateArray<Value>(args[0].size);
  uint32_t used = 0;
  for (ListCursor c(args[0]); c.Next();) {
    const Value& item = c.value();
    if (item.kind != Kind::kOptional) {
      return void(*out = Fail(context, ErrorCode::kNoSuchOverload,
                              "no such overload: optional.unwrap of a list with " + std::string(TypeNameOf(item))));
    }
    if (item.inner != nullptr) items[used++] = *item.inner;
  }
  *out = Value::List(items, used);
}
EDICT_DEFINE_SAME(ListUnwrapOpt, OptionalUnwrap)
EDICT_DEFINE(ListFirst) { *out = args[0].size == 0 ? Value::Optional(nullptr) : NewOptional(context, ListAt(args[0], 0)); }
EDICT_DEFINE(ListLast) {
  if (!Charge(context, args[0].is_json() ? args[0].size / 8 : 0)) return void(*out = FuelError(context));  // walks there
  *out = args[0].size == 0 ? Value::Optional(nullptr) : NewOptional(context, ListAt(args[0], args[0].size - 1));
}

EDICT_DEFINE(MapInsert) {
  Value error = CheckInsert(args[0], args[1], context);
  if (error.is_error()) return void(*out = error);
  MapEntry* entries = context.arena->AllocateArray<MapEntry>(MapSize(args[0]) + 1);
  uint32_t used = 0;
  for (MapCursor c(args[0]); c.Next();) entries[used++] = {c.key(), c.value()};
  entries[used++] = {args[1], args[2]};
  *out = Value::Map(entries, used);
}

EDICT_DEFINE(MapMerge) {
  uint64_t size = uint64_t{MapSize(args[0])} + MapSize(args[1]);
  uint64_t lookups = uint64_t{MapSize(args[0])} * MapSize(args[1]);
  if (!Charge(context, size / 2 + lookups / 8)) return void(*out = FuelError(context));
  MapEntry* entries = context.arena->AllocateArray<MapEntry>(size);
  uint32_t used = 0;
  for (MapCursor c(args[0]); c.Next();) entries[used++] = {c.key(), c.value()};
  for (MapCursor c(args[1]); c.Next();) {
    if (MapFind(args[0], c.key()).kind != Kind::kAbsent) {
      return void(*out = Fail(context, ErrorCode::kDuplicateKey, "duplicate key: " + ToCelText(c.key(), kShownBytes)));
    }
    entries[used++] = {c.key(), c.value()};
  }
  *out = Value::Map(entries, used);
}

}  // namespace edict::builtins

namespace edict {

Value CheckInsert(const Value& map, const Value& key, EvalContext& context) {
  if (!Charge(context, MapSize(map) / 4)) return FuelError(context);
  if (key.kind != Kind::kBool && key.kind != Kind::kInt && key.kind != Kind::kUint && key.kind != Kind::kString) {
    return builtins::Invalid(context, "unsupported key type: " + std::string(TypeNameOf(key)));
  }
  if (MapFind(map, key).kind != Kind::kAbsent) {
    return builtins::Fail(context, ErrorCode::kDuplicateKey, "duplicate key: " + ToCelText(key, kShownBytes));
  }
  return Value::Absent();
}

}  // namespace edict
