#include "compiler/ir/exclusive.h"

#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

constexpr int kSplits = 200;  // cases looked at, of one pair of conditions

struct Wanted {
  NodeId node;
  bool value;
};

// What is known of the expressions in one case.
struct Facts {
  std::map<NodeId, bool> truth;
  std::map<NodeId, uint32_t> equal;                     // to a constant
  std::map<NodeId, std::set<uint32_t>> unequal;         // to constants
  std::map<NodeId, std::pair<int64_t, int64_t>> range;  // of an int, both ends included
};

class Prover {
 public:
  explicit Prover(const Program& program) : p_(program) {}

  // Whether what is wanted contradicts itself and the facts.
  bool Contradiction(std::vector<Wanted> wanted, Facts facts) {
    while (!wanted.empty()) {
      Wanted next = wanted.back();
      wanted.pop_back();
      const Node& n = p_.nodes[next.node];
      if (n.op == Op::kNot) {
        wanted.push_back({Arg(n, 0), !next.value});
      } else if (n.op == Op::kAnd || n.op == Op::kOr) {
        bool both = (n.op == Op::kAnd) == next.value;
        if (!both) return Split({{{Arg(n, 0), next.value}}, {{Arg(n, 1), next.value}}}, wanted, facts);
        wanted.push_back({Arg(n, 0), next.value});
        wanted.push_back({Arg(n, 1), next.value});
      } else if (n.op == Op::kCond) {
        return Split({{{Arg(n, 0), true}, {Arg(n, 1), next.value}}, {{Arg(n, 0), false}, {Arg(n, 2), next.value}}}, wanted, facts);
      } else if (!Note(next, facts)) {
        return true;
      }
    }
    return false;
  }

 private:
  uint32_t Arg(const Node& n, uint32_t i) const { return p_.args[n.args + i]; }

  // Every case must contradict itself.
  bool Split(const std::vector<std::vector<Wanted>>& cases, const std::vector<Wanted>& wanted, const Facts& facts) {
    for (const std::vector<Wanted>& more : cases) {
      if (++splits_ > kSplits) return false;
      std::vector<Wanted> all = wanted;
      all.insert(all.end(), more.begin(), more.end());
      if (!Contradiction(std::move(all), facts)) return false;
    }
    return true;
  }

  // False: it contradicts the facts.
  bool Note(Wanted wanted, Facts& facts) {
    const Node& n = p_.nodes[wanted.node];
    if (n.op == Op::kConst) {
      const Value& value = p_.constants[n.imm];
      return value.kind == Kind::kBool && value.b == wanted.value;
    }
    auto [known, added] = facts.truth.emplace(wanted.node, wanted.value);
    if (!added && known->second != wanted.value) return false;
    if (n.op != Op::kCall || n.arg_count != 2) return true;
    std::string_view function = Overloads()[n.imm].function;
    for (uint32_t side = 0; side < 2; ++side) {
      const Node& constant = p_.nodes[Arg(n, 1 - side)];
      if (constant.op != Op::kConst) continue;
      if (function == "_==_" || function == "_!=_") {
        return NoteEquality(Arg(n, side), constant.imm, (function == "_==_") == wanted.value, facts);
      }
      if (p_.constants[constant.imm].kind == Kind::kInt && p_.nodes[Arg(n, side)].rep == Kind::kInt) {
        return NoteOrder(Arg(n, side), function, side == 1, p_.constants[constant.imm].i, wanted.value, facts);
      }
    }
    return true;
  }

  bool NoteEquality(NodeId node, uint32_t constant, bool equal, Facts& facts) {
    std::set<uint32_t>& unequal = facts.unequal[node];
    const Value& value = p_.constants[constant];
    if (value.kind == Kind::kInt && p_.nodes[node].rep == Kind::kInt && equal && !Narrow(node, value.i, value.i, facts))
      return false;
    if (!equal) {
      unequal.insert(constant);
      auto known = facts.equal.find(node);
      return known == facts.equal.end() || known->second != constant;
    }
    auto [known, added] = facts.equal.emplace(node, constant);
    // Constants are interned by their bits: two of the same kind that are not the same are not equal, but for doubles.
    bool differs = known->second != constant && p_.constants[known->second].kind == value.kind && value.kind != Kind::kDouble;
    return !differs && unequal.count(constant) == 0;
  }

  // node < value and its like; `swapped`: value < node.
  bool NoteOrder(NodeId node, std::string_view function, bool swapped, int64_t value, bool truth, Facts& facts) {
    constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
    constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
    bool less = function == "_<_" || function == "_<=_";
    bool greater = function == "_>_" || function == "_>=_";
    if (!less && !greater) return true;
    bool or_equal = function == "_<=_" || function == "_>=_";
    if (swapped) less = !less;
    if (!truth) {
      less = !less;
      or_equal = !or_equal;
    }
    if (or_equal) return less ? Narrow(node, kMin, value, facts) : Narrow(node, value, kMax, facts);
    if (value == (less ? kMin : kMax)) return false;
    return less ? Narrow(node, kMin, value - 1, facts) : Narrow(node, value + 1, kMax, facts);
  }

  bool Narrow(NodeId node, int64_t low, int64_t high, Facts& facts) {
    auto [known, added] = facts.range.emplace(node, std::pair(low, high));
    std::pair<int64_t, int64_t>& range = known->second;
    range = {std::max(range.first, low), std::min(range.second, high)};
    return range.first <= range.second;
  }

  const Program& p_;
  int splits_ = 0;
};

}  // namespace

bool Exclusive(const Program& program, NodeId a, NodeId b) { return Prover(program).Contradiction({{a, true}, {b, true}}, {}); }

}  // namespace edict::ir
