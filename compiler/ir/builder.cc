#include "compiler/ir/builder.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/hash.h"

namespace edict::ir {
namespace {

Value CopyValue(Arena& memory, const Value& value) {
  Value copy = value;
  switch (value.kind) {
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType: copy.s = memory.Copy(value.text()); break;
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
    default: break;
  }
  return copy;
}

// The same kind and the same bits: 0.0 and -0.0, 1 and 1.0 are different constants. Aggregates are never shared.
bool Identical(const Value& a, const Value& b) {
  if (a.kind != b.kind || a.flags != b.flags) return false;
  switch (a.kind) {
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType: return a.text() == b.text();
    case Kind::kList:
    case Kind::kMap: return a.size == 0 && b.size == 0;
    case Kind::kOptional: return a.inner == nullptr && b.inner == nullptr;
    default: return a.u == b.u && a.size == b.size;
  }
}

uint64_t HashOf(const Value& value) {
  uint64_t seed = static_cast<uint64_t>(value.kind);
  if (value.kind == Kind::kString || value.kind == Kind::kBytes || value.kind == Kind::kType) return Hash64(value.text(), seed);
  if (value.kind == Kind::kList || value.kind == Kind::kMap || value.kind == Kind::kOptional) return seed;
  char bits[8];
  std::memcpy(bits, &value.u, sizeof bits);
  return Hash64({bits, sizeof bits}, seed);
}

bool ReadsState(Op op) { return op >= Op::kCell && op <= Op::kScopeOpen; }

}  // namespace

Builder::Builder() = default;

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
  if (op == Op::kLocal) node.flags |= Node::kReadsLocal;
  if (op == Op::kConst || op == Op::kPresent || op == Op::kScopeOpen) node.flags |= Node::kTotal;
  for (NodeId arg : args) node.flags |= program_.nodes[arg].flags & (Node::kReadsState | Node::kReadsLocal);
  program_.args.insert(program_.args.end(), args.begin(), args.end());
  auto id = static_cast<NodeId>(program_.nodes.size());
  program_.nodes.push_back(node);
  nodes_by_hash_.emplace(hash, id);
  return id;
}

NodeId Builder::Const(const Value& value) { return Make(Op::kConst, value.kind, Constant(value), {}); }

bool Builder::IsConst(NodeId node) const { return program_.nodes[node].op == Op::kConst; }
const Value& Builder::ConstValue(NodeId node) const { return program_.constants[program_.nodes[node].imm]; }

NodeId Builder::And(NodeId a, NodeId b) {
  if (IsConst(a) && ConstValue(a).kind == Kind::kBool) return ConstValue(a).b ? b : a;
  if (IsConst(b) && ConstValue(b).is_true()) return a;
  return Make(Op::kAnd, Kind::kBool, kNone, {a, b});
}

NodeId Builder::Or(NodeId a, NodeId b) {
  if (IsConst(a) && ConstValue(a).kind == Kind::kBool) return ConstValue(a).b ? a : b;
  if (IsConst(b) && ConstValue(b).kind == Kind::kBool && !ConstValue(b).b) return a;
  return Make(Op::kOr, Kind::kBool, kNone, {a, b});
}

NodeId Builder::Not(NodeId a) {
  if (IsConst(a) && ConstValue(a).kind == Kind::kBool) return Bool(!ConstValue(a).b);
  return Make(Op::kNot, Kind::kBool, kNone, {a});
}

NodeId Builder::MakeFold(const Fold& fold, NodeId range, NodeId init, NodeId condition, NodeId step, NodeId result, Kind rep) {
  auto id = static_cast<uint32_t>(program_.folds.size());
  for (uint32_t i = 0; i < program_.folds.size(); ++i) {
    const Fold& other = program_.folds[i];
    if (other.element == fold.element && other.second == fold.second && other.accu == fold.accu) id = i;
  }
  if (id == program_.folds.size()) program_.folds.push_back(fold);
  return Make(Op::kFold, rep, id, {range, init, condition, step, result});
}

uint32_t Builder::OpenLocal() {
  uint32_t local = open_locals_++;
  program_.local_count = std::max(program_.local_count, open_locals_);
  return local;
}

void Builder::CloseLocal(uint32_t local) { open_locals_ = local; }

Program Builder::Take() { return std::move(program_); }

}  // namespace edict::ir
