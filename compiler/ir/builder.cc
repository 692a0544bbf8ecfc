#include "compiler/ir/builder.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "compiler/ir/overload.h"
#include "runtime/base/hash.h"

namespace edict::ir {
namespace {

Value CopyValue(Arena& memory, const Value& value) {
  Value copy = value;
  switch (value.kind) {
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      copy.s = memory.Copy(value.text());
      break;
    case Kind::kList: {
      auto* items = memory.AllocateArray<Value>(std::max<uint32_t>(value.size, 1));
      uint32_t n = 0;
      for (ListCursor cursor(value); cursor.Next();) items[n++] = CopyValue(memory, cursor.value());
      copy = Value::List(items, n);
      break;
    }
    case Kind::kMap: {
      auto* entries = memory.AllocateArray<MapEntry>(std::max<uint32_t>(value.size, 1));
      uint32_t n = 0;
      for (MapCursor cursor(value); cursor.Next();) {
        entries[n++] = {CopyValue(memory, cursor.key()), CopyValue(memory, cursor.value())};
      }
      copy = Value::Map(entries, n);
      break;
    }
    case Kind::kOptional:
      if (value.inner != nullptr) {
        auto* inner = memory.AllocateArray<Value>(1);
        *inner = CopyValue(memory, *value.inner);
        copy.inner = inner;
      }
      break;
    default:
      break;
  }
  return copy;
}

// The same kind and the same bits: 0.0 and -0.0, 1 and 1.0 are different constants.
bool Identical(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kBytes:
      return a.flags == b.flags && a.text() == b.text();  // an address is no other bytes
    case Kind::kString:
    case Kind::kType:
      return a.text() == b.text();
    case Kind::kList: {
      if (ListSize(a) != ListSize(b)) return false;
      ListCursor other(b);
      for (ListCursor c(a); c.Next() && other.Next();) {
        if (!Identical(c.value(), other.value())) return false;
      }
      return true;
    }
    case Kind::kMap: {
      if (MapSize(a) != MapSize(b)) return false;
      MapCursor other(b);
      for (MapCursor c(a); c.Next() && other.Next();) {
        if (!Identical(c.key(), other.key()) || !Identical(c.value(), other.value())) return false;
      }
      return true;
    }
    case Kind::kOptional:
      if (a.inner == nullptr || b.inner == nullptr) return a.inner == b.inner;
      return Identical(*a.inner, *b.inner);
    default:
      return a.u == b.u && a.size == b.size;
  }
}

uint64_t HashOf(const Value& value) {
  uint64_t seed = static_cast<uint64_t>(value.kind);
  if (value.kind == Kind::kString || value.kind == Kind::kBytes || value.kind == Kind::kType) return Hash64(value.text(), seed);
  if (value.kind == Kind::kList) return seed + (uint64_t{ListSize(value)} << 8);
  if (value.kind == Kind::kMap) return seed + (uint64_t{MapSize(value)} << 8);
  if (value.kind == Kind::kOptional) return seed;
  char bits[8];
  std::memcpy(bits, &value.u, sizeof bits);
  return Hash64({bits, sizeof bits}, seed);
}

bool ReadsState(Op op) { return op >= Op::kCell && op <= Op::kScopeOpen; }

}  // namespace

Builder::Builder() = default;

Builder::Builder(Program program) : program_(std::move(program)) {
  program_.nodes.clear();
  program_.args.clear();
  program_.folds.clear();
  for (uint32_t i = 0; i < program_.constants.size(); ++i) constants_by_hash_.emplace(HashOf(program_.constants[i]), i);
}

uint32_t Builder::Constant(const Value& value) {
  uint64_t hash = HashOf(value);
  auto [begin, end] = constants_by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (Identical(program_.constants[it->second], value)) return it->second;
  }
  auto id = static_cast<uint32_t>(program_.constants.size());
  program_.constants.push_back(CopyValue(*program_.memory, value));
  constants_by_hash_.emplace(hash, id);
  return id;
}

uint32_t Builder::StringConstant(std::string_view text) { return Constant(Value::String(text)); }

NodeId Builder::Make(Op op, Kind rep, uint32_t imm, const std::vector<NodeId>& args, uint32_t imm2, uint32_t span) {
  if (op == Op::kFold) imm2 = MoreSteps(args);
  std::vector<uint32_t> words = {static_cast<uint32_t>(op), static_cast<uint32_t>(rep), imm, imm2};
  words.insert(words.end(), args.begin(), args.end());
  uint64_t hash = Hash64({reinterpret_cast<const char*>(words.data()), words.size() * sizeof(uint32_t)}, 0);
  auto [begin, end] = nodes_by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    const Node& n = program_.nodes[it->second];
    if (n.op == op && n.rep == rep && n.imm == imm && n.imm2 == imm2 && n.arg_count == args.size() &&
        std::equal(args.begin(), args.end(), program_.args.begin() + n.args)) {
      return it->second;
    }
  }
  Node node;
  node.op = op;
  node.rep = rep;
  node.imm = imm;
  node.imm2 = imm2;
  node.args = static_cast<uint32_t>(program_.args.size());
  node.arg_count = static_cast<uint32_t>(args.size());
  node.span = span;
  if (ReadsState(op)) node.flags |= Node::kReadsState;
  for (NodeId arg : args) node.flags |= program_.nodes[arg].flags & Node::kReadsState;
  uint32_t free = FreeLocal(op, imm, args);
  if (free != kNone) node.flags |= Node::kReadsLocal;
  if (IsTotal(op, imm, args)) node.flags |= Node::kTotal;
  program_.args.insert(program_.args.end(), args.begin(), args.end());
  auto id = static_cast<NodeId>(program_.nodes.size());
  program_.nodes.push_back(node);
  size_.push_back(TreeSize(op, args));
  free_local_.push_back(free);
  bound_local_.push_back(BoundLocal(op, imm, args));
  nodes_by_hash_.emplace(hash, id);
  return id;
}

// What evaluating the node once looks at, each round of a fold for itself.
uint32_t Builder::TreeSize(Op op, const std::vector<NodeId>& args) const {
  constexpr uint64_t kMaxTree = 1u << 30;
  uint64_t size = 1;
  for (size_t i = 0; i < args.size(); ++i) {
    const bool in_rounds = op == Op::kFold && (i == 2 || i == 3);
    if (!in_rounds) size += size_[args[i]];
  }
  return static_cast<uint32_t>(std::min(size, kMaxTree));
}

// What a round of a fold costs beside the one step that each does: for every 32 nodes one more. kNone: nothing.
uint32_t Builder::MoreSteps(const std::vector<NodeId>& args) const {
  const uint32_t more = size_[args[2]] / 32 + size_[args[3]] / 32;
  return more == 0 ? kNone : more;
}

// The lowest local that the node reads and does not bind itself. Locals are numbered by nesting, so that what a kLet or
// kFold binds, and all that is bound inside, has higher numbers than what is bound around it.
uint32_t Builder::FreeLocal(Op op, uint32_t imm, const std::vector<NodeId>& args) const {
  if (op == Op::kLocal) return imm;
  uint32_t bound = op == Op::kLet ? imm : op == Op::kFold ? program_.folds[imm].accu : kNone;
  uint32_t lowest = kNone;
  for (size_t i = 0; i < args.size(); ++i) {
    uint32_t free = free_local_[args[i]];
    bool outside = i == 0 || (op == Op::kFold && i == 1);  // value, range and init do not see what is bound
    if (free < bound || (outside && free != kNone)) lowest = std::min(lowest, free);
  }
  return lowest;
}

uint32_t Builder::BoundLocal(Op op, uint32_t imm, const std::vector<NodeId>& args) const {
  uint32_t lowest = op == Op::kLet ? imm : op == Op::kFold ? program_.folds[imm].accu : kNone;
  for (NodeId arg : args) lowest = std::min(lowest, bound_local_[arg]);
  return lowest;
}

NodeId Builder::Inside(NodeId node) {
  const uint32_t from = bound_local_[node];
  return from >= open_locals_ ? node : Moved(node, from, open_locals_ - from, kNone, kNone);
}

NodeId Builder::KeepRange(NodeId fold) {
  const Node n = program_.nodes[fold];
  const NodeId range = program_.args[n.args];
  const Op op = program_.nodes[range].op;
  if (op == Op::kConst || op == Op::kLocal || op == Op::kSlot) return fold;
  const auto looks = [&](NodeId id) {
    const Node& node = program_.nodes[id];
    const auto args = program_.args.begin() + node.args;
    return std::find(args + (id == fold ? 1 : 0), args + node.arg_count, range) != args + node.arg_count;
  };
  const std::vector<NodeId> below = Below(fold);
  if (std::none_of(below.begin(), below.end(), looks)) return fold;
  // The fold's lowest local, all others of it one further up.
  const uint32_t kept = program_.folds[n.imm].accu;
  const NodeId local = Make(Op::kLocal, program_.nodes[range].rep, kept, {});
  return Make(Op::kLet, n.rep, kept, {range, Moved(fold, kept, 1, range, local)});
}

// The node and all that it is made of, operands first: children precede parents.
std::vector<NodeId> Builder::Below(NodeId root) const {
  std::unordered_set<NodeId> seen;
  std::vector<NodeId> open = {root};
  std::vector<NodeId> below;
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    below.push_back(id);
    const Node& n = program_.nodes[id];
    for (uint32_t i = 0; i < n.arg_count; ++i) open.push_back(program_.args[n.args + i]);
  }
  std::sort(below.begin(), below.end());
  return below;
}

// The same with its locals from `from` on moved up by `by`, and `with` in the place of `replaced`.
NodeId Builder::Moved(NodeId root, uint32_t from, uint32_t by, NodeId replaced, NodeId with) {
  std::unordered_map<NodeId, NodeId> moved;
  for (const NodeId id : Below(root)) {
    const Node n = program_.nodes[id];  // a copy: Renumbered appends nodes
    std::vector<NodeId> args;
    for (uint32_t i = 0; i < n.arg_count; ++i) args.push_back(moved[program_.args[n.args + i]]);
    moved[id] = id == replaced ? with : Renumbered(n, from, by, args);
  }
  return moved[root];
}

// A node like `node` with other operands and its locals from `from` on moved up by `by`.
NodeId Builder::Renumbered(const Node& node, uint32_t from, uint32_t by, const std::vector<NodeId>& args) {
  auto moved = [&](uint32_t local) {
    if (local == kNone || local < from) return local;
    program_.local_count = std::max(program_.local_count, local + by + 1);
    return local + by;
  };
  uint32_t imm = node.imm;
  if (node.op == Op::kLocal || node.op == Op::kLet) imm = moved(imm);
  if (node.op == Op::kFold) {
    Fold fold = program_.folds[imm];
    fold.accu = moved(fold.accu);
    fold.element = moved(fold.element);
    fold.second = moved(fold.second);
    imm = FoldId(fold);
  }
  return Make(node.op, node.rep, imm, args, node.imm2, node.span);
}

bool Builder::IsTotal(Op op, uint32_t imm, const std::vector<NodeId>& args) const {
  auto total = [&](NodeId arg) { return (program_.nodes[arg].flags & Node::kTotal) != 0; };
  switch (op) {
    case Op::kConst:
    case Op::kPresent:
    case Op::kOptSlot:
    case Op::kEvent:
    case Op::kCellHas:
    case Op::kCellSize:
    case Op::kLifeCount:
    case Op::kDocumentHas:
    case Op::kScopeOpen:
      return true;
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
      return std::all_of(args.begin(), args.end(),
                         [&](NodeId arg) { return program_.nodes[arg].rep == Kind::kBool && total(arg); });
    case Op::kCell:
      return imm < program_.cells.size() && !program_.cells[imm].optional;
    case Op::kCall:  // values of any kinds can be compared for equality
      return (imm == kEquals || imm == kNotEquals) && std::all_of(args.begin(), args.end(), total);
    default:
      return false;
  }
}

NodeId Builder::Const(const Value& value) { return Make(Op::kConst, value.kind, Constant(value), {}); }

bool Builder::IsConst(NodeId node) const { return program_.nodes[node].op == Op::kConst; }
const Value& Builder::ConstValue(NodeId node) const { return program_.constants[program_.nodes[node].imm]; }

// An operand may only stand for the whole where it is a bool for certain: true && 'a' is an error.
NodeId Builder::And(NodeId a, NodeId b) {
  if (IsConst(a) && ConstValue(a).kind == Kind::kBool) {
    if (!ConstValue(a).b) return a;
    if (node(b).rep == Kind::kBool) return b;
  }
  if (IsConst(b) && ConstValue(b).kind == Kind::kBool) {
    if (!ConstValue(b).b) return b;  // whatever the other is: && absorbs its error
    if (node(a).rep == Kind::kBool) return a;
  }
  return Make(Op::kAnd, Kind::kBool, kNone, {a, b});
}

NodeId Builder::Or(NodeId a, NodeId b) {
  if (IsConst(a) && ConstValue(a).kind == Kind::kBool) {
    if (ConstValue(a).b) return a;
    if (node(b).rep == Kind::kBool) return b;
  }
  if (IsConst(b) && ConstValue(b).kind == Kind::kBool) {
    if (ConstValue(b).b) return b;
    if (node(a).rep == Kind::kBool) return a;
  }
  return Make(Op::kOr, Kind::kBool, kNone, {a, b});
}

NodeId Builder::Not(NodeId a) {
  if (IsConst(a) && ConstValue(a).kind == Kind::kBool) return Bool(!ConstValue(a).b);
  return Make(Op::kNot, Kind::kBool, kNone, {a});
}

uint32_t Builder::FoldId(const Fold& fold) {
  for (uint32_t i = 0; i < program_.folds.size(); ++i) {
    const Fold& other = program_.folds[i];
    if (other.element == fold.element && other.second == fold.second && other.accu == fold.accu) return i;
  }
  program_.folds.push_back(fold);
  return static_cast<uint32_t>(program_.folds.size() - 1);
}

NodeId Builder::MakeFold(const Fold& fold, NodeId range, NodeId init, NodeId condition, NodeId step, NodeId result, Kind rep) {
  return Make(Op::kFold, rep, FoldId(fold), {range, init, condition, step, result});
}

uint32_t Builder::OpenLocal() {
  uint32_t local = open_locals_++;
  program_.local_count = std::max(program_.local_count, open_locals_);
  return local;
}

void Builder::CloseLocal(uint32_t local) { open_locals_ = local; }

Program Builder::Take() { return std::move(program_); }

}  // namespace edict::ir
