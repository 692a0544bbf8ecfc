// Message literals. There are no protobuf messages here but the well-known ones that stand for a plain CEL value:
// google.protobuf.Int32Value{value: 1} and its like, Value, ListValue, Struct, Timestamp and Duration.
#include <cmath>
#include <limits>

#include "compiler/sema/checker.h"

namespace edict::sema {
namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();

// A message whose one field `value` is the CEL value itself; low and high bound integers.
struct Wrapper {
  const char* name;
  TypeKind kind;
  Value zero;
  double low = -kAny;
  double high = kAny;
};

const Wrapper* FindWrapper(std::string_view name) {
  constexpr double kInt32Low = std::numeric_limits<int32_t>::min();
  constexpr double kInt32High = std::numeric_limits<int32_t>::max();
  constexpr double kUint32High = std::numeric_limits<uint32_t>::max();
  static const Wrapper kWrappers[] = {
      {"BoolValue", TypeKind::kBool, Value::Bool(false)},   {"Int32Value", TypeKind::kInt, Value::Int(0), kInt32Low, kInt32High},
      {"Int64Value", TypeKind::kInt, Value::Int(0)},        {"UInt32Value", TypeKind::kUint, Value::Uint(0), 0, kUint32High},
      {"UInt64Value", TypeKind::kUint, Value::Uint(0)},     {"FloatValue", TypeKind::kDouble, Value::Double(0)},
      {"DoubleValue", TypeKind::kDouble, Value::Double(0)}, {"StringValue", TypeKind::kString, Value::String("")},
      {"BytesValue", TypeKind::kBytes, Value::Bytes("")},
  };
  for (const Wrapper& wrapper : kWrappers) {
    if (name == wrapper.name) return &wrapper;
  }
  return nullptr;
}

bool InRange(const Value& value, double low, double high) {
  if (value.kind == Kind::kInt) return static_cast<double>(value.i) >= low && static_cast<double>(value.i) <= high;
  return value.kind != Kind::kUint || static_cast<double>(value.u) <= high;
}

// The fields of google.protobuf.Value, ListValue and Struct hold a CEL value as it is.
struct Holder {
  const char* message;
  const char* field;
  TypeKind kind;
};
constexpr Holder kHolders[] = {
    {"Value", "null_value", TypeKind::kNull},     {"Value", "bool_value", TypeKind::kBool},
    {"Value", "number_value", TypeKind::kDouble}, {"Value", "string_value", TypeKind::kString},
    {"Value", "list_value", TypeKind::kList},     {"Value", "struct_value", TypeKind::kMap},
    {"ListValue", "values", TypeKind::kList},     {"Struct", "fields", TypeKind::kMap},
};

}  // namespace

// Whether the value has the type, also where types are not checked but the node tells.
bool Checker::IsCertainly(const Checked& value, TypeKind kind) {
  if (value.type->kind == kind) return true;
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  TypeRef type = kind == TypeKind::kList ? types_.List(dyn) : kind == TypeKind::kMap ? types_.Map(dyn, dyn) : types_.Basic(kind);
  return c_.unchecked && b_.node(value.node).rep == RepOf(type);
}

Checked Checker::Message(const ast::Expr& expr, const Env& env) {
  const std::string kPackage = "google.protobuf.";
  // By its full name, or by its own name within the container.
  std::string message;
  if (expr.text.compare(0, kPackage.size(), kPackage) == 0) {
    message = expr.text.substr(kPackage.size());
  } else if (!expr.leading_dot && env.container == "google.protobuf") {
    message = expr.text;
  }
  for (bool optional : expr.optional) message = optional ? "" : message;
  if (const Wrapper* wrapper = FindWrapper(message)) {
    Checked value = expr.args.empty()
                        ? Literal(wrapper->zero, wrapper->kind)
                        : WrappedValue(expr, env, wrapper->kind, wrapper->low, wrapper->high, message == "FloatValue");
    if (value.ok()) value.type = types_.Wrapper(types_.Basic(wrapper->kind));
    return value;
  }
  if (message == "Timestamp" || message == "Duration") return TimeMessage(expr, env, message == "Timestamp");
  if (message == "Value" || message == "ListValue" || message == "Struct") return HeldValue(expr, env, message);
  return Fail(diag::Code::kUnknownType, expr.span, "there is no message type \"" + expr.text + "\"");
}

Checked Checker::WrappedValue(const ast::Expr& expr, const Env& env, TypeKind kind, double low, double high, bool is_float) {
  Checked value = Check(*expr.args[0], env);
  if (!value.ok()) return value;
  auto fail = [&](const char* why) { return Fail(diag::Code::kTypeMismatch, expr.args[0]->span, expr.text + why); };
  if (expr.args.size() != 1 || expr.names[0] != "value") return fail(" has one field, value");
  if (!IsCertainly(value, kind)) return fail(" does not hold this");
  if (low == -kAny && high == kAny && !is_float) return value;
  if (!b_.IsConst(value.node)) {
    return Fail(diag::Code::kNotConstant, expr.args[0]->span, "this message literal only holds a constant here");
  }
  Value constant = b_.ConstValue(value.node);
  if (!InRange(constant, low, high)) return fail(" does not hold this");
  if (is_float) constant = Value::Double(static_cast<double>(static_cast<float>(constant.d)));
  return Literal(constant, kind);
}

Checked Checker::HeldValue(const ast::Expr& expr, const Env& env, const std::string& message) {
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  TypeRef type = message == "Value"    ? dyn
                 : message == "Struct" ? types_.Map(types_.Basic(TypeKind::kString), dyn)
                                       : types_.List(dyn);
  if (expr.args.empty()) {
    Value zero = message == "Value" ? Value::Null() : message == "Struct" ? Value::Map(nullptr, 0) : Value::List(nullptr, 0);
    return {b_.Const(zero), type};
  }
  Checked value = Check(*expr.args[0], env);
  if (!value.ok()) return value;
  for (const Holder& holder : kHolders) {
    if (message != holder.message || expr.names[0] != holder.field || expr.args.size() != 1) continue;
    if (IsCertainly(value, holder.kind)) return {value.node, type};
  }
  return Fail(diag::Code::kTypeMismatch, expr.args[0]->span, expr.text + " does not hold this");
}

Checked Checker::TimeMessage(const ast::Expr& expr, const Env& env, bool timestamp) {
  int64_t parts[2] = {0, 0};  // seconds, nanos
  for (size_t i = 0; i < expr.args.size(); ++i) {
    Checked value = Check(*expr.args[i], env);
    if (!value.ok()) return value;
    bool known = expr.names[i] == "seconds" || expr.names[i] == "nanos";
    if (!known || !b_.IsConst(value.node) || b_.ConstValue(value.node).kind != Kind::kInt) {
      return Fail(diag::Code::kTypeMismatch, expr.args[i]->span, expr.text + " holds constant seconds and nanos");
    }
    parts[expr.names[i] == "nanos"] = b_.ConstValue(value.node).i;
  }
  constexpr int64_t kFirstSecond = -62'135'596'800;  // of the year 1
  constexpr int64_t kLastSecond = 253'402'300'799;   // of the year 9999
  constexpr int64_t kMaxDuration = 315'576'000'000;
  bool signs = parts[0] == 0 || parts[1] == 0 || (parts[0] < 0) == (parts[1] < 0);
  bool fits = timestamp ? parts[0] >= kFirstSecond && parts[0] <= kLastSecond && parts[1] >= 0
                        : parts[0] >= -kMaxDuration && parts[0] <= kMaxDuration && parts[1] > -1'000'000'000 && signs;
  if (!fits || parts[1] >= 1'000'000'000) return Fail(diag::Code::kTypeMismatch, expr.span, "the time is out of range");
  auto nanos = static_cast<int32_t>(parts[1]);
  if (timestamp) return Literal(Value::Timestamp(parts[0], nanos), TypeKind::kTimestamp);
  return Literal(Value::Duration(parts[0], nanos), TypeKind::kDuration);
}

}  // namespace edict::sema
