// [a, ?b] and {k: v, ?k: v}.
#include "runtime/builtins/registry.h"
#include "runtime/interp/operations.h"
#include "runtime/program/op_info.h"

namespace edict::interp {
namespace {

bool IsOptionalElement(const Frame& frame, const Node& node, uint32_t i) {
  return node.imm != kNone && frame.program->constants[node.imm].text()[i] == 1;
}

// Whether an element marked with `?` is there; its value is then in place. An error stands in `value` if it is no optional.
bool Unwrap(const Frame& frame, Value* value) {
  if (value->kind != Kind::kOptional) {
    *value = NoSuchOverload(frame, "an element marked with ? must be optional, not " + std::string(TypeNameOf(*value)));
    return true;
  }
  if (value->inner == nullptr) return false;
  *value = *value->inner;
  return true;
}

}  // namespace

Value CheckKey(const Frame& frame, const Value& key, const MapEntry* entries, uint32_t count) {
  bool allowed = key.kind == Kind::kBool || key.kind == Kind::kInt || key.kind == Kind::kUint || key.kind == Kind::kString;
  if (!allowed) return Fail(frame, ErrorCode::kInvalidArgument, "unsupported key type: " + std::string(TypeNameOf(key)));
  for (uint32_t i = 0; i < count; ++i) {
    if (Equal(entries[i].key, key))
      return Fail(frame, ErrorCode::kDuplicateKey, "duplicate key: " + ToMessageText(key, kShownBytes));
  }
  return key;
}

Value ListLiteral(const Frame& frame, const Node& node) {
  if (!Charge(*frame.context, LiteralCost(node))) return FuelError(*frame.context);
  Value* items = frame.context->arena->AllocateArray<Value>(node.arg_count);
  uint32_t used = 0;
  for (uint32_t i = 0; i < node.arg_count; ++i) {
    Value item = EvaluateArg(frame, node, i);
    if (!item.is_error() && IsOptionalElement(frame, node, i) && !Unwrap(frame, &item)) continue;
    if (item.is_error()) return item;
    items[used++] = item;
  }
  return Value::List(items, used);
}

Value MapLiteral(const Frame& frame, const Node& node) {
  if (!Charge(*frame.context, LiteralCost(node))) return FuelError(*frame.context);
  MapEntry* entries = frame.context->arena->AllocateArray<MapEntry>(node.arg_count / 2);
  uint32_t used = 0;
  for (uint32_t i = 0; i < node.arg_count / 2; ++i) {
    Value key = EvaluateArg(frame, node, 2 * i);
    if (key.is_error()) return key;
    Value value = EvaluateArg(frame, node, 2 * i + 1);
    if (!value.is_error() && IsOptionalElement(frame, node, i) && !Unwrap(frame, &value)) continue;
    if (value.is_error()) return value;
    key = CheckKey(frame, key, entries, used);
    if (key.is_error()) return key;
    entries[used++] = {key, value};
  }
  return Value::Map(entries, used);
}

}  // namespace edict::interp
