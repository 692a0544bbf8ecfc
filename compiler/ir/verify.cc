#include "compiler/ir/verify.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "runtime/program/op_info.h"
#include "runtime/program/serialize.h"

namespace edict::ir {
namespace {

class Verifier {
 public:
  explicit Verifier(const Program& program) : p_(program), free_(program.nodes.size()), binds_(program.nodes.size()) {}

  Status Run() {
    std::set<std::vector<uint32_t>> known;
    for (uint32_t id = 0; id < p_.nodes.size() && wrong_.empty(); ++id) {
      OneNode(id);
      Need(known.insert(Identity(p_.nodes[id])).second, id, "is the same as an earlier one");
    }
    if (wrong_.empty()) return {};
    return Error{wrong_};
  }

 private:
  void Need(bool condition, uint32_t id, const std::string& what) {
    if (!condition && wrong_.empty()) wrong_ = "node " + std::to_string(id) + " (" + OpName(p_.nodes[id].op) + ") " + what;
  }
  uint32_t Arg(const Node& n, uint32_t i) const { return p_.args[n.args + i]; }

  std::vector<uint32_t> Identity(const Node& n) const {
    std::vector<uint32_t> words = {static_cast<uint32_t>(n.op), static_cast<uint32_t>(n.rep), n.imm, n.imm2};
    for (uint32_t i = 0; i < n.arg_count; ++i) words.push_back(Arg(n, i));
    return words;
  }

  void OneNode(uint32_t id) {
    const Node& n = p_.nodes[id];
    Kind result = n.op == Op::kConst ? p_.constants[n.imm].kind : InfoOf(n.op).result;
    Need(result == Node::kAny || n.rep == result, id, "has a kind that it cannot have");
    bool state = n.op >= Op::kCell && n.op <= Op::kScopeOpen;
    for (uint32_t i = 0; i < n.arg_count; ++i) state = state || (p_.nodes[Arg(n, i)].flags & Node::kReadsState) != 0;
    Need(((n.flags & Node::kReadsState) != 0) == state, id, "does not say whether it reads state");
    Locals(id);
    Need(((n.flags & Node::kReadsLocal) != 0) == !free_[id].empty(), id, "does not say whether it reads locals");
    if (n.op == Op::kCond) Agrees(id, {1, 2});
    if (n.op == Op::kLet) Agrees(id, {1});
  }

  // A node that passes operands on has their kind, unless one of the kinds is open.
  void Agrees(uint32_t id, std::initializer_list<uint32_t> operands) {
    const Node& n = p_.nodes[id];
    for (uint32_t i : operands) {
      Kind kind = p_.nodes[Arg(n, i)].rep;
      bool open = n.rep == Node::kAny || kind == Node::kAny;
      // null stands for an optional value as it is.
      Need(open || kind == n.rep || (n.rep == Kind::kOptional && kind == Kind::kNull), id,
           "differs in kind from what it passes on");
    }
  }

  // free_[id]: the locals that the node reads and does not bind.
  void Locals(uint32_t id) {
    const Node& n = p_.nodes[id];
    std::set<uint32_t>& free = free_[id];
    if (n.op == Op::kLocal) free.insert(n.imm);
    const Fold* fold = n.op == Op::kFold ? &p_.folds[n.imm] : nullptr;
    for (uint32_t i = 0; i < n.arg_count; ++i) {
      for (uint32_t local : free_[Arg(n, i)]) {
        bool bound = n.op == Op::kLet && i == 1 && local == n.imm;
        if (fold != nullptr && i >= 2) {
          bound = local == fold->accu || (i != 4 && (local == fold->element || local == fold->second));
        }
        if (!bound) free.insert(local);
      }
    }
    Binds(id);
    if (fold != nullptr) {
      Need(fold->element != fold->accu && fold->second != fold->accu && fold->second != fold->element, id, "binds one local twice");
    }
  }

  // binds_[id]: the locals that evaluating the node sets. What a kLet or kFold evaluates while its own locals are in use
  // must set others.
  void Binds(uint32_t id) {
    const Node& n = p_.nodes[id];
    std::set<uint32_t> own;
    if (n.op == Op::kLet) own = {n.imm};
    if (n.op == Op::kFold) own = {p_.folds[n.imm].accu, p_.folds[n.imm].element, p_.folds[n.imm].second};
    own.erase(kNone);
    for (uint32_t i = 0; i < n.arg_count; ++i) {
      bool inside = n.op == Op::kLet ? i == 1 : n.op == Op::kFold && (i == 2 || i == 3);
      for (uint32_t local : binds_[Arg(n, i)]) {
        Need(!inside || own.count(local) == 0, id, "holds a node that overwrites its locals");
        binds_[id].insert(local);
      }
    }
    binds_[id].insert(own.begin(), own.end());
  }

  const Program& p_;
  std::vector<std::set<uint32_t>> free_;   // by node: read and not bound
  std::vector<std::set<uint32_t>> binds_;  // by node: set
  std::string wrong_;
};

}  // namespace

Status Verify(const Program& program) {
  Status sound = CheckProgram(program);
  if (!sound.ok()) return sound;
  return Verifier(program).Run();
}

}  // namespace edict::ir
