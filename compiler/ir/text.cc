#include "compiler/ir/text.h"

#include <algorithm>

#include "runtime/program/op_info.h"

namespace edict::ir {
namespace {

// "list(A)" -> kList; type parameters and opaque types have no kind of their own.
Kind KindOfType(std::string_view type) {
  std::string_view word = type.substr(0, type.find('('));
  uint32_t kind = WordIndex(kKindWords, word);
  return kind == kNone ? Node::kAny : static_cast<Kind>(kind);
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

struct Signature {
  std::vector<Kind> params;
  Kind result = Node::kAny;
};

Signature ParseSignature(std::string_view text) {
  Signature signature;
  size_t arrow = text.rfind("->");
  signature.result = KindOfType(Trimmed(text.substr(arrow + 2)));
  std::string_view params = Trimmed(text.substr(0, arrow));
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= params.size() && !params.empty(); ++i) {
    char c = i < params.size() ? params[i] : ',';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || depth > 0) continue;
    signature.params.push_back(KindOfType(Trimmed(params.substr(begin, i - begin))));
    begin = i + 1;
  }
  return signature;
}

const std::vector<Signature>& Signatures() {
  static const std::vector<Signature> all = [] {
    std::vector<Signature> signatures;
    for (const OverloadText& overload : Overloads()) signatures.push_back(ParseSignature(overload.signature));
    return signatures;
  }();
  return all;
}

Kind KindOfShape(const Program& p, const Shape& shape) {
  if (shape.nullable) return Node::kAny;
  switch (shape.kind) {
    case ShapeKind::kBool:
      return Kind::kBool;
    case ShapeKind::kInt:
      return Kind::kInt;
    case ShapeKind::kNumber:
      return Kind::kDouble;
    case ShapeKind::kString:
      return Kind::kString;
    case ShapeKind::kEnum: {
      auto is_string = [&](uint32_t literal) { return p.constants[literal].kind == Kind::kString; };
      return std::all_of(shape.literals.begin(), shape.literals.end(), is_string) ? Kind::kString : Node::kAny;
    }
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
      return Kind::kMap;
    case ShapeKind::kArray:
      return Kind::kList;
    default:
      return Node::kAny;
  }
}

Kind KindOfSlot(const Program& p, const EventType* event, uint32_t slot) {
  if (event == nullptr || event->shape >= p.shapes.size()) return Node::kAny;
  for (const ShapeField& field : p.shapes[event->shape].fields) {
    if (field.slot == slot && field.shape < p.shapes.size()) return KindOfShape(p, p.shapes[field.shape]);
  }
  return Node::kAny;
}

}  // namespace

bool IsWord(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsWordChar); }
std::string Quoted(std::string_view text) { return ToCelText(Value::String(text)); }
std::string Name(std::string_view text) { return IsWord(text) ? std::string(text) : Quoted(text); }

std::string Literal(const Value& value) {
  std::string text;
  switch (value.kind) {
    case Kind::kType:
      return "type(" + Name(value.text()) + ")";
    case Kind::kOptional:
      return value.inner == nullptr ? ToCelText(value) : "optional.of(" + Literal(*value.inner) + ")";
    case Kind::kList:
      for (ListCursor c(value); c.Next();) text += (text.empty() ? "" : ", ") + Literal(c.value());
      return "[" + text + "]";
    case Kind::kMap:
      for (MapCursor c(value); c.Next();) text += (text.empty() ? "" : ", ") + Literal(c.key()) + ": " + Literal(c.value());
      return "{" + text + "}";
    default:
      return ToCelText(value);
  }
}

const std::vector<OverloadText>& Overloads() {
  static const std::vector<OverloadText> all = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) {#symbol, function, signature},
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
  };
  return all;
}

uint32_t UsualOverload(std::string_view function, const std::vector<Kind>& args) {
  uint32_t first = kNone;
  uint32_t open = kNone;  // fits, but for operands whose kind is not known
  for (uint32_t id = 0; id < Overloads().size(); ++id) {
    if (Overloads()[id].function != function) continue;
    if (first == kNone) first = id;
    const std::vector<Kind>& params = Signatures()[id].params;
    if (params.size() != args.size()) continue;
    bool exact = true;
    bool fits = true;
    for (size_t i = 0; i < args.size(); ++i) {
      exact = exact && (params[i] == args[i] || params[i] == Node::kAny);
      fits = fits && (params[i] == args[i] || params[i] == Node::kAny || args[i] == Node::kAny);
    }
    if (exact) return id;
    if (fits && open == kNone) open = id;
  }
  return open != kNone ? open : first;
}

std::string OpWord(Op op) {
  switch (op) {
    case Op::kOptSlot:
      return "opt";
    case Op::kCallDyn:
      return "dynamic";
    case Op::kScopeOpen:
      return "open";
    default:
      return OpName(op);
  }
}

Kind UsualKind(const Program& p, const EventType* event, const Node& n, const std::vector<uint32_t>& args) {
  auto of = [&](size_t i) { return i < args.size() ? p.nodes[args[i]].rep : Node::kAny; };
  switch (n.op) {
    case Op::kConst:
      return p.constants[n.imm].kind;
    case Op::kSlot:
      return KindOfSlot(p, event, n.imm);
    case Op::kOptOr:
      return Kind::kOptional;
    case Op::kLet:
    case Op::kOptOrValue:
      return of(1);
    case Op::kCond:
      return of(1) == of(2) ? of(1) : Node::kAny;
    case Op::kFold:
      return of(4);
    case Op::kLifeKeep:
      return p.lifecycles[n.imm].keeps[n.imm2].rep;
    case Op::kCell:
    case Op::kEntry:
      return p.cells[n.imm].rep;
    case Op::kWindow:
      switch (p.windows[n.imm].function) {
        case WindowFunction::kSum:
          return p.windows[n.imm].rep;
        case WindowFunction::kMin:
        case WindowFunction::kMax:
          return Kind::kOptional;
        case WindowFunction::kRate:
          return Kind::kDouble;
        default:
          return Kind::kInt;
      }
    case Op::kCallHost:
      return p.host_functions[n.imm].result;
    case Op::kCall:
      return Signatures()[n.imm].result;
    default:
      return InfoOf(n.op).result;
  }
}

}  // namespace edict::ir
