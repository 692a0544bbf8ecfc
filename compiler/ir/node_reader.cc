#include "compiler/ir/node_reader.h"

#include <algorithm>

#include "compiler/ir/text.h"
#include "runtime/program/op_info.h"

namespace edict::ir {
namespace {

// Operations in each other: bounds recursion. The printer nests far less.
constexpr int kMaxNodeDepth = 200;
constexpr uint32_t kMaxLocals = 1u << 16;

// The operation whose word it is; kCall for all others, which are functions.
Op OpOfWord(std::string_view word) {
  for (int i = 0; i <= static_cast<int>(Op::kEnumName); ++i) {
    Op op = static_cast<Op>(i);
    bool bare = op == Op::kConst || op == Op::kSlot || op == Op::kEvent || op == Op::kLocal || op == Op::kCall;
    if (!bare && OpWord(op) == word) return op;
  }
  return Op::kCall;
}

}  // namespace

void NodeReader::Begin(const EventType* event) {
  event_ = event;
  names_.clear();
}

uint32_t NodeReader::Local() {
  in_.Need("$");
  auto local = static_cast<uint32_t>(in_.Number(kMaxLocals));
  p_.local_count = std::max(p_.local_count, local + 1);
  return local;
}

bool NodeReader::TakeDefinition() {
  if (!in_.Take("%")) return false;
  size_t begin = in_.position();
  uint32_t name = in_.Index();
  in_.Need("=");
  NodeId node = Expression();
  if (!names_.emplace(name, node).second) in_.FailAt(begin, "this name is taken");
  return true;
}

NodeId NodeReader::Expression() {
  if (++depth_ > kMaxNodeDepth) in_.Fail("the expression is nested too deep");
  NodeId node = in_.failed() ? Nothing() : Nested();
  --depth_;
  return in_.failed() ? Nothing() : node;
}

// "e.name" or "slot 3".
uint32_t NodeReader::Slot() {
  if (in_.TakeWord("slot")) return in_.Index();
  in_.Need("e.");
  size_t begin = in_.position();
  std::string name = in_.Name("a slot's name");
  if (event_ != nullptr) {
    auto found = std::find(event_->slot_names.begin(), event_->slot_names.end(), name);
    if (found != event_->slot_names.end()) return static_cast<uint32_t>(found - event_->slot_names.begin());
  }
  in_.FailAt(begin, "there is no slot " + name + " here");
  return 0;
}

NodeId NodeReader::Nested() {
  char c = in_.PeekToken();
  if (c == '(') return Compound();
  if (c == '%') return Named();
  if (c == '$') {
    uint32_t local = Local();
    return Finish(Op::kLocal, local, {});
  }
  if (in_.TakeWord("event")) return Finish(Op::kEvent, kNone, {});
  if (in_.AtWord("slot") || in_.At("e.")) {
    uint32_t slot = Slot();
    return Finish(Op::kSlot, slot, {});
  }
  Value value = in_.Literal(literals_);
  return in_.failed() ? Nothing() : b_.Const(value);
}

NodeId NodeReader::Named() {
  size_t begin = in_.position();
  in_.Need("%");
  auto found = names_.find(in_.Index());
  if (found != names_.end()) return found->second;
  in_.FailAt(begin, "this name stands for nothing yet");
  return Nothing();
}

// ":int" after a node is its kind.
NodeId NodeReader::Finish(Op op, uint32_t imm, const std::vector<NodeId>& args, uint32_t imm2) {
  if (in_.failed()) return Nothing();
  Node node;
  node.op = op;
  node.imm = imm;
  node.imm2 = imm2;
  Kind kind = UsualKind(p_, event_, node, args);
  if (in_.TakeNow(":")) kind = static_cast<Kind>(in_.OneOf(kKindWords, "a kind"));
  return b_.Make(op, kind, imm, args, imm2);
}

std::vector<NodeId> NodeReader::Operands(std::string* marks) {
  std::vector<NodeId> args;
  while (!in_.failed() && in_.PeekToken() != ')') {
    bool optional = marks != nullptr && in_.Take("?");
    if (marks != nullptr) marks->push_back(optional ? '\1' : '\0');
    args.push_back(Expression());
  }
  in_.Need(")");
  return args;
}

void NodeReader::NeedCount(size_t begin, size_t count, size_t want) {
  if (count != want) in_.FailAt(begin, "this takes " + std::to_string(want) + (want == 1 ? " operand" : " operands"));
}

NodeId NodeReader::Compound() {
  in_.Need("(");
  in_.PeekToken();
  size_t begin = in_.position();
  std::string_view head = in_.Until("()#\"$");
  Op op = OpOfWord(head);
  uint32_t imm = kNone;
  uint32_t want = InfoOf(op).operands;
  switch (op) {
    case Op::kCall: {
      std::string_view symbol = in_.TakeNow("#") ? in_.Until("()\"$%") : std::string_view();
      return Call(head, symbol, begin);
    }
    case Op::kPresent:
    case Op::kOptSlot:
      imm = Slot();
      break;
    case Op::kLet:
      imm = Local();
      break;
    case Op::kField:
    case Op::kHasField:
    case Op::kOptField:
      imm = b_.StringConstant(in_.String("a field"));
      break;
    case Op::kCallDyn:
      return Dynamic();
    case Op::kList:
    case Op::kMap:
      return Collection(op);
    case Op::kFold:
      return FoldNode();
    case Op::kCallHost:
      imm = ReadReference(in_, p_.host_functions, &HostDecl::name, "a host function");
      if (!in_.failed()) want = static_cast<uint32_t>(p_.host_functions[imm].params.size());
      break;
    case Op::kWindow:
      imm = ReadReference(in_, p_.windows, &Window::name, "a window");
      if (!in_.failed()) want = p_.windows[imm].key_count;
      break;
    case Op::kArmed:
      imm = ReadReference(in_, p_.timers, &Timer::name, "a sequence or deadline");
      if (!in_.failed()) want = p_.timers[imm].key_count;
      break;
    case Op::kScopeOpen:
      imm = ReadReference(in_, p_.scopes, &Scope::name, "a scope");
      break;
    case Op::kEnumName:
      imm = ReadReference(in_, p_.enums, &Enum::name, "an enum");
      break;
    case Op::kDocument:
    case Op::kDocumentHas:
    case Op::kDocumentAt:
    case Op::kPatchFault:
      imm = ReadReference(in_, p_.documents, &Document::name, "a document");
      break;
    default:
      if (op >= Op::kCell && op <= Op::kLifeComplete) return OfState(op);
      break;
  }
  std::vector<NodeId> args = Operands();
  NeedCount(begin, args.size(), want);
  return Finish(op, imm, args);
}

NodeId NodeReader::Call(std::string_view function, std::string_view symbol, size_t begin) {
  std::vector<NodeId> args = Operands();
  if (in_.failed()) return Nothing();
  std::vector<Kind> kinds;
  for (NodeId arg : args) kinds.push_back(b_.node(arg).rep);
  uint32_t overload = kNone;
  if (symbol.empty()) {
    overload = UsualOverload(function, kinds);
  } else {
    for (uint32_t id = 0; id < Overloads().size() && overload == kNone; ++id) {
      if (Overloads()[id].symbol == symbol && Overloads()[id].function == function) overload = id;
    }
  }
  if (overload == kNone) {
    in_.FailAt(begin, "there is no such function");
    return Nothing();
  }
  return Finish(Op::kCall, overload, args);
}

NodeId NodeReader::Dynamic() {
  bool receiver = in_.Take(".");
  std::string function = in_.PeekToken() == '"' ? in_.String("a function") : std::string(in_.Until("()\"#$%"));
  if (function.empty()) in_.Fail("expected a function");
  std::vector<NodeId> args = Operands();
  if (in_.failed()) return Nothing();
  return Finish(Op::kCallDyn, b_.StringConstant(function), args, receiver ? 1 : 0);
}

NodeId NodeReader::Collection(Op op) {
  size_t begin = in_.position();
  std::string marks;
  std::vector<NodeId> args = Operands(&marks);
  if (op == Op::kMap) {
    if (args.size() % 2 != 0) in_.FailAt(begin, "a map has a value for each key");
    for (size_t i = 0; 2 * i < marks.size(); ++i) marks[i] = marks[2 * i];
    marks.resize(marks.size() / 2);
  }
  if (in_.failed()) return Nothing();
  bool any = marks.find('\1') != std::string::npos;
  return Finish(op, any ? b_.Constant(Value::Bytes(marks)) : kNone, args);
}

NodeId NodeReader::FoldNode() {
  size_t begin = in_.position();
  Fold fold;
  fold.accu = Local();
  in_.NeedWord("over");
  fold.element = Local();
  if (in_.Take(",")) fold.second = Local();
  std::vector<NodeId> args = Operands();
  NeedCount(begin, args.size(), InfoOf(Op::kFold).operands);
  if (in_.failed()) return Nothing();
  Kind kind = b_.node(args[4]).rep;
  if (in_.TakeNow(":")) kind = static_cast<Kind>(in_.OneOf(kKindWords, "a kind"));
  return b_.MakeFold(fold, args[0], args[1], args[2], args[3], args[4], kind);
}

// Cells and lifecycles.
NodeId NodeReader::OfState(Op op) {
  in_.PeekToken();
  size_t begin = in_.position();
  uint32_t imm = 0;
  uint32_t imm2 = kNone;
  uint32_t want = InfoOf(op).operands;
  if (op < Op::kLifeState) {
    imm = ReadReference(in_, p_.cells, &Cell::name, "a cell");
  } else {
    imm = ReadReference(in_, p_.lifecycles, &Lifecycle::name, "a lifecycle");
    if (in_.failed()) return Nothing();
    const Lifecycle& lifecycle = p_.lifecycles[imm];
    if (op == Op::kLifeState) {
      want = lifecycle.key_count;
    } else if (op == Op::kLifeKeep || op == Op::kLifeComplete) {
      want = lifecycle.key_count;
      imm2 = ReadReference(in_, lifecycle.keeps, &Keep::name, "a keep");
    } else if (in_.Take("#")) {
      imm2 = in_.Index();
    } else if (in_.PeekToken() != ')') {
      const std::vector<std::string>& names = p_.enums[lifecycle.states].names;
      size_t at = in_.position();
      auto found = std::find(names.begin(), names.end(), in_.Name("a state"));
      if (found == names.end()) in_.FailAt(at, "the lifecycle has no such state");
      imm2 = static_cast<uint32_t>(found - names.begin());
    }
  }
  std::vector<NodeId> args = Operands();
  NeedCount(begin, args.size(), want);
  return Finish(op, imm, args, imm2);
}

}  // namespace edict::ir
