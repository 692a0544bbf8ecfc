// Message literals. There are no protobuf messages here but the well-known ones that stand for a plain CEL value:
// google.protobuf.Int32Value{value: 1} and its like, and google.protobuf.Value{...}.
#include <cmath>
#include <limits>

#include "compiler/sema/checker.h"

namespace edict::sema {
namespace {

struct Wrapper {
  const char* name;
  TypeKind kind;
  Kind constant;  // kind of the literal within; low and high bound integers
  double low;
  double high;
};
constexpr double kInt32Low = std::numeric_limits<int32_t>::min();
constexpr double kInt32High = std::numeric_limits<int32_t>::max();
constexpr double kUint32High = std::numeric_limits<uint32_t>::max();
constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr Wrapper kWrappers[] = {
    {"google.protobuf.BoolValue", TypeKind::kBool, Kind::kBool, -kAny, kAny},
    {"google.protobuf.Int32Value", TypeKind::kInt, Kind::kInt, kInt32Low, kInt32High},
    {"google.protobuf.Int64Value", TypeKind::kInt, Kind::kInt, -kAny, kAny},
    {"google.protobuf.UInt32Value", TypeKind::kUint, Kind::kUint, 0, kUint32High},
    {"google.protobuf.UInt64Value", TypeKind::kUint, Kind::kUint, 0, kAny},
    {"google.protobuf.FloatValue", TypeKind::kDouble, Kind::kDouble, -kAny, kAny},
    {"google.protobuf.DoubleValue", TypeKind::kDouble, Kind::kDouble, -kAny, kAny},
    {"google.protobuf.StringValue", TypeKind::kString, Kind::kString, -kAny, kAny},
    {"google.protobuf.BytesValue", TypeKind::kBytes, Kind::kBytes, -kAny, kAny},
};

Value ZeroOf(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return Value::Bool(false);
    case Kind::kInt:
      return Value::Int(0);
    case Kind::kUint:
      return Value::Uint(0);
    case Kind::kDouble:
      return Value::Double(0);
    case Kind::kString:
      return Value::String("");
    default:
      return Value::Bytes("");
  }
}

bool InRange(const Value& value, double low, double high) {
  if (value.kind == Kind::kInt) return static_cast<double>(value.i) >= low && static_cast<double>(value.i) <= high;
  return value.kind != Kind::kUint || static_cast<double>(value.u) <= high;
}

// The field of google.protobuf.Value that holds a constant of this kind.
const char* ValueField(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null_value";
    case Kind::kBool:
      return "bool_value";
    case Kind::kDouble:
      return "number_value";
    case Kind::kString:
      return "string_value";
    default:
      return "";
  }
}

}  // namespace

Checked Checker::Message(const ast::Expr& expr, const Env& env) {
  // `name` in the container, then outwards: only what ends in a well-known name matters.
  std::string container = expr.leading_dot ? "" : env.container;
  const std::string kPackage = "google.protobuf";
  std::string name = container == kPackage ? kPackage + "." + expr.text : expr.text;
  const Wrapper* wrapper = nullptr;
  for (const Wrapper& candidate : kWrappers) wrapper = name == candidate.name ? &candidate : wrapper;
  bool any = name == kPackage + ".Value";
  if ((wrapper == nullptr && !any) || expr.args.size() > 1 || (any && expr.args.empty())) {
    return Fail(diag::Code::kUnsupported, expr.span, "message literals need protobuf, which rules do not have");
  }
  if (expr.args.empty()) return Literal(ZeroOf(wrapper->constant), wrapper->kind);
  Checked value = Check(*expr.args[0], env);
  if (!value.ok()) return value;
  if (!b_.IsConst(value.node))
    return Fail(diag::Code::kUnsupported, expr.args[0]->span, "a message literal only holds a constant here");
  Value constant = b_.ConstValue(value.node);
  if (any && expr.names[0] == ValueField(constant.kind)) return {value.node, types_.Basic(TypeKind::kDyn)};
  bool fits = wrapper != nullptr && expr.names[0] == "value" && constant.kind == wrapper->constant &&
              InRange(constant, wrapper->low, wrapper->high);
  if (!fits) return Fail(diag::Code::kTypeMismatch, expr.args[0]->span, name + " does not hold this");
  if (name == kPackage + ".FloatValue") constant = Value::Double(static_cast<double>(static_cast<float>(constant.d)));
  return Literal(constant, wrapper->kind);
}

}  // namespace edict::sema
