#include "runtime/builtins/registry.h"

#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/builtins/support.h"

namespace edict {
namespace {

constexpr bool kGlobal = false;
constexpr bool kMember = true;

constexpr Overload kOverloads[] = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) {#symbol, function, scope, signature, cost, builtins::symbol},
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};
constexpr size_t kNamedBytes = 80;  // of an expression's text, in the error of spent fuel
constexpr uint32_t kOverloadCount = sizeof(kOverloads) / sizeof(kOverloads[0]);

KindOfType ParseKind(std::string_view name) {
  static const std::unordered_map<std::string_view, KindOfType> kNames = {
      {"A", {}},
      {"B", {}},
      {"dyn", {}},
      {"null", {Kind::kNull}},
      {"bool", {Kind::kBool}},
      {"int", {Kind::kInt}},
      {"uint", {Kind::kUint}},
      {"double", {Kind::kDouble}},
      {"string", {Kind::kString}},
      {"bytes", {Kind::kBytes}},
      {"list", {Kind::kList}},
      {"map", {Kind::kMap}},
      {"optional", {Kind::kOptional}},
      {"type", {Kind::kType}},
      {"timestamp", {Kind::kTimestamp}},
      {"duration", {Kind::kDuration}},
      {"net.IP", {Kind::kBytes, kIpFlag}},
      {"net.CIDR", {Kind::kBytes, kCidrFlag}},
  };
  return kNames.at(name.substr(0, name.find('(')));
}

// "list(A), map(A,B) -> bool": the parameters are apart by ", " (without a space inside parentheses).
OverloadKinds ParseKinds(std::string_view signature) {
  OverloadKinds result;
  const size_t arrow = signature.find("->");
  std::string_view left = signature.substr(0, arrow);
  while (!left.empty() && left.back() == ' ') left.remove_suffix(1);
  while (!left.empty()) {
    size_t end = left.find(", ");
    result.params[result.count++] = ParseKind(left.substr(0, end));
    left = end == std::string_view::npos ? std::string_view() : left.substr(end + 2);
  }
  result.result = ParseKind(signature.substr(signature.find_first_not_of(' ', arrow + 2)));
  return result;
}

struct Index {
  std::vector<OverloadKinds> kinds;
  std::unordered_map<std::string_view, std::vector<uint32_t>> by_name[2];  // [member]

  Index() {
    kinds.reserve(kOverloadCount);
    for (const Overload& overload : kOverloads) kinds.push_back(ParseKinds(overload.signature));
    // From the last: where kinds do not tell list(int) from list(dyn), the more general comes first.
    for (uint32_t id = kOverloadCount; id-- > 0;) by_name[kOverloads[id].member][kOverloads[id].function].push_back(id);
  }
};
const Index& TheIndex() {
  static const Index index;
  return index;
}

bool Fits(const OverloadKinds& kinds, const Value* args, uint32_t n) {
  if (kinds.count != n) return false;
  for (uint32_t i = 0; i < n; ++i) {
    const KindOfType& p = kinds.params[i];
    if (p.kind == Kind::kAbsent) continue;
    bool flags_fit = p.kind != Kind::kBytes || (args[i].flags & kOpaqueFlags) == p.opaque;
    if (args[i].kind != p.kind || !flags_fit) return false;
  }
  return true;
}

const Value* FirstError(const Value* args, uint32_t n) {
  for (uint32_t i = 0; i < n; ++i) {
    if (args[i].is_error()) return &args[i];
  }
  return nullptr;
}

Value NoSuchOverload(std::string_view function, bool member, const Value* args, uint32_t n, EvalContext& context) {
  std::string text = "no such overload: ";
  if (member && n > 0) {
    text += TypeNameOf(args[0]);
    text += '.';
  }
  text += function;
  text += '(';
  for (uint32_t i = member ? 1 : 0; i < n; ++i) {
    if (text.back() != '(') text += ", ";
    text += TypeNameOf(args[i]);
  }
  text += ')';
  return MakeError(*context.arena, ErrorCode::kNoSuchOverload, text);
}

void CallCharged(Value* out, const Overload& overload, const Value* args, uint32_t n, EvalContext& context) {
  if (Charge(context, overload.cost)) {
    overload.fn(out, args, n, context);
  } else {
    *out = FuelError(context);
  }
}

}  // namespace

Value FuelError(EvalContext& context) {
  std::string text = "the limit of " + std::to_string(context.fuel_limit) + " steps is spent";
  if (context.program != nullptr && context.span != kNone) {
    const Span& span = context.program->spans[context.span];
    text += " in the expression at " + context.program->files[span.file] + ":" + std::to_string(span.line) + ":" +
            std::to_string(span.column);
  } else if (!context.expression.empty()) {
    text += " in the expression " + ToMessageText(Value::String(context.expression.substr(0, kNamedBytes)));
    if (context.expression.size() > kNamedBytes) text += "...";
  }
  return MakeError(*context.arena, ErrorCode::kFuel, text);
}

uint32_t OverloadCount() { return kOverloadCount; }
const Overload& OverloadAt(uint32_t id) { return kOverloads[id]; }
const OverloadKinds& KindsAt(uint32_t id) { return TheIndex().kinds[id]; }
const std::vector<uint32_t>& OverloadsNamed(std::string_view function, bool member) {
  static const std::vector<uint32_t> kNothing;
  const auto& by_name = TheIndex().by_name[member];
  const auto found = by_name.find(function);
  return found != by_name.end() ? found->second : kNothing;
}

void CallChecked(Value* out, uint32_t id, const Value* args, uint32_t n, EvalContext& context) {
  const Overload& overload = kOverloads[id];
  if (const Value* error = FirstError(args, n)) {
    *out = *error;
  } else if (!Fits(TheIndex().kinds[id], args, n)) {
    *out = NoSuchOverload(overload.function, overload.member, args, n, context);
  } else {
    CallCharged(out, overload, args, n, context);
  }
}

void CallDynamic(Value* out, std::string_view function, bool member, const Value* args, uint32_t n, EvalContext& context) {
  if (const Value* error = FirstError(args, n)) {
    *out = *error;
    return;
  }
  const Index& index = TheIndex();
  auto found = index.by_name[member].find(function);
  if (found != index.by_name[member].end()) {
    for (uint32_t id : found->second) {
      if (!Fits(index.kinds[id], args, n)) continue;
      CallCharged(out, kOverloads[id], args, n, context);
      return;
    }
  }
  *out = NoSuchOverload(function, member, args, n, context);
}

std::string_view TypeNameOf(const Value& value) {
  if (value.kind == Kind::kBytes && (value.flags & kIpFlag) != 0) return "net.IP";
  if (value.kind == Kind::kBytes && (value.flags & kCidrFlag) != 0) return "net.CIDR";
  return KindName(value.kind);
}

}  // namespace edict
