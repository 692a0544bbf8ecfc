#include "compiler/ir/cost.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "compiler/ir/cost_builtins.h"
#include "compiler/ir/extent.h"
#include "compiler/ir/overload.h"
#include "runtime/program/host_function.h"
#include "runtime/program/op_info.h"

namespace edict::ir {
namespace {

struct Estimate {
  Bound cost;
  Extent value;
};

// A step of a fold that adds to its accumulator: [filter ?] accu + [element] : accu, or as many map insertions.
struct Growth {
  uint32_t condition = kNone;
  bool appends = false;
  std::vector<uint32_t> parts;  // what is added: elements; keys and values in turn
};

class Estimator {
 public:
  Estimator(const Program& program, const CostContext& context) : p_(program), context_(context) {
    for (const auto& [local, name] : context.variables) locals_[local] = Unknown(name);
  }

  // The locals that `for` clauses bind are set around it.
  Estimate Of(uint32_t id) {
    const Node& node = p_.nodes[id];
    bool reusable = (node.flags & Node::kReadsLocal) == 0;
    if (reusable) {
      auto known = known_.find(id);
      if (known != known_.end()) return known->second;
    }
    Estimate estimate = Dispatch(node);
    if (IsScalar(node.rep)) estimate.value = {};
    if (node.rep == Kind::kString || node.rep == Kind::kBytes) estimate.value = TextExtent(estimate.value.size);
    if (reusable) known_[id] = estimate;
    return estimate;
  }

  // The cost of `body` for each combination of the loops' elements.
  template <typename Body>
  Bound ForEach(const std::vector<Loop>& loops, size_t depth, Body body) {
    if (depth == loops.size()) return body();
    const Loop& loop = loops[depth];
    Estimate range = Of(loop.range);
    locals_[loop.element] = Inside(range.value);
    if (loop.index != kNone) locals_[loop.index] = Inside(range.value);
    return range.cost + range.value.size * (1 + ForEach(loops, depth + 1, body));
  }

 private:
  uint32_t Arg(const Node& node, uint32_t i) const { return p_.args[node.args + i]; }

  Estimate Dispatch(const Node& node) {
    switch (node.op) {
      case Op::kConst:
        return {{}, ExtentOf(p_.constants[node.imm])};
      case Op::kSlot:
      case Op::kOptSlot:
        return {{}, Slot(node.imm)};
      case Op::kEvent:
        return {{}, Unknown("e")};
      case Op::kLocal: {
        auto local = locals_.find(node.imm);
        return {{}, local == locals_.end() ? UnboundedExtent() : local->second};
      }
      case Op::kLet:
        return Let(node);
      case Op::kField:
      case Op::kHasField:
      case Op::kOptField: {
        Estimate map = Of(Arg(node, 0));
        return {map.cost + map.value.size * 0.125 + Optional(node), Inside(map.value)};
      }
      case Op::kIndex:
      case Op::kOptIndex: {
        Estimate container = Of(Arg(node, 0));
        return {container.cost + Of(Arg(node, 1)).cost + container.value.size * 0.125 + Optional(node), Inside(container.value)};
      }
      case Op::kCond: {
        Estimate yes = Of(Arg(node, 1));
        Estimate no = Of(Arg(node, 2));
        return {Of(Arg(node, 0)).cost + Max(yes.cost, no.cost), Either(yes.value, no.value)};
      }
      case Op::kOptOr:
      case Op::kOptOrValue: {
        Estimate first = Of(Arg(node, 0));
        Estimate second = Of(Arg(node, 1));
        return {first.cost + second.cost, Either(first.value, second.value)};
      }
      case Op::kCall:
      case Op::kCallDyn:
        return Call(node);
      case Op::kCallHost:
        return CallHost(node);
      case Op::kList:
      case Op::kMap:
        return Literal(node);
      case Op::kFold:
        return FoldOver(node);
      default:
        return State(node);
    }
  }

  // Selecting and indexing make an optional, which takes one step, where they are asked to or are given one.
  double Optional(const Node& node) const {
    if (node.op == Op::kHasField) return 0;
    Kind from = p_.nodes[Arg(node, 0)].rep;
    bool plain = from != Kind::kOptional && from != Node::kAny;
    return (node.op == Op::kField || node.op == Op::kIndex) && plain ? 0 : 1;
  }

  // && and || and !, and what reads the state.
  Estimate State(const Node& node) {
    Estimate result;
    Extent last;  // the operand, of what has one
    for (uint32_t i = 0; i < node.arg_count; ++i) {
      Estimate operand = Of(Arg(node, i));
      result.cost = result.cost + operand.cost;
      last = operand.value;
    }
    switch (node.op) {
      case Op::kEntry:
      case Op::kEntryHas:
      case Op::kEntryOpt:
        result.cost = result.cost + (node.op == Op::kEntryOpt ? 2 : 1) + last.size * (1.0 / 32);
        result.value = CellValue(p_.cells[node.imm]);
        break;
      case Op::kLifeState:
      case Op::kArmed:
        result.cost = result.cost + 1;
        break;
      case Op::kWindow:
        result.cost = result.cost + 2 + static_cast<double>(p_.windows[node.imm].bound_entries / 8);
        break;
      case Op::kLifeKeep:
        result.cost = result.cost + 1;
        result.value = KeepValue(p_.lifecycles[node.imm].keeps[node.imm2]);
        break;
      case Op::kLifeComplete:
        result.cost = result.cost + 1;
        break;
      case Op::kDocument:
        result.value = DocumentValue(p_.documents[node.imm]);
        break;
      case Op::kDocumentAt:
        // Of each object on the way all members may be looked at: none is looked at twice.
        result.value = DocumentValue(p_.documents[node.imm]);
        result.cost = result.cost + 2 + result.value.size + last.size * (1.0 / 32);
        break;
      case Op::kPatchFault:
        result.cost = Bound::Unbounded();  // operations of a patch may copy and search without end
        result.value = UnboundedExtent();
        break;
      case Op::kCell:
      case Op::kCellOpt:
        result.cost = node.op == Op::kCellOpt ? 1 : 0;
        result.value = CellValue(p_.cells[node.imm]);
        break;
      case Op::kCellKeys:
        result.value = CellKeys(p_.cells[node.imm]);
        result.cost = result.value.size * 0.25;
        break;
      case Op::kLifeKeys:
        result.value = LifecycleKeys(p_.lifecycles[node.imm]);
        result.cost = result.value.size * (0.25 * (1 + p_.lifecycles[node.imm].key_count));
        break;
      case Op::kEnumName:
        for (const std::string& name : p_.enums[node.imm].names) result.value = Either(result.value, TextExtent(name.size()));
        break;
      default:
        break;
    }
    return result;
  }

  Estimate Let(const Node& node) {
    Estimate value = Of(Arg(node, 0));
    locals_[node.imm] = value.value;
    Estimate body = Of(Arg(node, 1));
    bool may_fail = p_.nodes[Arg(node, 0)].op != Op::kConst;
    return {value.cost + body.cost + (may_fail ? static_cast<double>(kLetErrorCost) : 0), body.value};
  }

  Estimate Call(const Node& node) {
    Bound cost;
    std::vector<Extent> args;
    bool deep = true;
    for (uint32_t i = 0; i < node.arg_count; ++i) {
      Estimate arg = Of(Arg(node, i));
      cost = cost + arg.cost;
      args.push_back(arg.value);
      Kind rep = p_.nodes[Arg(node, i)].rep;
      deep = deep && (rep == Node::kAny || rep == Kind::kList || rep == Kind::kMap);
    }
    CallCost call = node.op == Op::kCall ? CostOfCall(node.imm, args, deep)
                                         : CostOfDynamicCall(p_.constants[node.imm].text(), node.imm2 == 1, args);
    return {cost + call.cost, call.result};
  }

  // What is declared; text that comes back is paid for as builtins' is.
  Estimate CallHost(const Node& node) {
    const HostDecl& decl = p_.host_functions[node.imm];
    Estimate result;
    result.cost = static_cast<double>(decl.cost);
    for (uint32_t i = 0; i < node.arg_count; ++i) result.cost = result.cost + Of(Arg(node, i)).cost;
    if (IsScalar(decl.result)) return result;
    result.cost = result.cost + static_cast<double>(kMaxHostTextBytes / 16);
    result.value = TextExtent(static_cast<double>(kMaxHostTextBytes));
    return result;
  }

  Estimate Literal(const Node& node) {
    Estimate result;
    double count = node.op == Op::kMap ? node.arg_count / 2 : node.arg_count;
    result.cost = static_cast<double>(LiteralCost(node));
    result.value.size = count;
    result.value.total = count;
    for (uint32_t i = 0; i < node.arg_count; ++i) {
      Estimate item = Of(Arg(node, i));
      result.cost = result.cost + item.cost;
      result.value.largest = Max(result.value.largest, Max(item.value.size, item.value.largest));
      result.value.total = result.value.total + item.value.total;
    }
    return result;
  }

  // ---- comprehensions ----

  bool IsLocal(uint32_t id, uint32_t local) const { return p_.nodes[id].op == Op::kLocal && p_.nodes[id].imm == local; }

  // The elements and entries that `step` adds to the accumulator; nothing if it does something else.
  bool Adds(uint32_t step, uint32_t accu, Growth& growth) const {
    const Node& node = p_.nodes[step];
    if (node.op != Op::kCall) return false;
    if (node.imm == kAddList && IsLocal(Arg(node, 0), accu)) {
      const Node& list = p_.nodes[Arg(node, 1)];
      growth.appends = list.op == Op::kList && list.arg_count == 1 && list.imm == kNone;
      if (growth.appends) growth.parts = {Arg(list, 0)};
      return growth.appends;
    }
    if (node.imm != kMapInsert) return false;
    growth.parts.push_back(Arg(node, 1));
    growth.parts.push_back(Arg(node, 2));
    return IsLocal(Arg(node, 0), accu) || Adds(Arg(node, 0), accu, growth);
  }

  std::optional<Growth> GrowthOf(uint32_t step, uint32_t accu) const {
    Growth growth;
    const Node& node = p_.nodes[step];
    if (node.op == Op::kCond && IsLocal(Arg(node, 2), accu)) {
      growth.condition = Arg(node, 0);
      step = Arg(node, 1);
    }
    return Adds(step, accu, growth) ? std::optional<Growth>(growth) : std::nullopt;
  }

  Estimate FoldOver(const Node& node) {
    const Fold& fold = p_.folds[node.imm];
    Estimate range = Of(Arg(node, 0));
    Estimate init = Of(Arg(node, 1));
    const Bound& n = range.value.size;
    locals_[fold.element] = Inside(range.value);
    if (fold.second != kNone) locals_[fold.second] = Inside(range.value);
    bool scalar = IsScalar(p_.nodes[Arg(node, 1)].rep) && IsScalar(p_.nodes[Arg(node, 3)].rep);
    locals_[fold.accu] = scalar ? Extent() : UnboundedExtent();

    std::optional<Growth> growth = GrowthOf(Arg(node, 3), fold.accu);
    Bound each;
    if (growth) {
      each = Grow(*growth, n, init.value, locals_[fold.accu]);
    } else {
      each = Of(Arg(node, 3)).cost;
    }
    each = each + Of(Arg(node, 2)).cost + static_cast<double>(RoundCost(node));
    Estimate result = Of(Arg(node, 4));
    return {range.cost + init.cost + n * each + result.cost, result.value};
  }

  // The cost of one step, and in `accu` what has grown after n of them.
  Bound Grow(const Growth& growth, const Bound& n, const Extent& init, Extent& accu) {
    Bound cost = growth.condition == kNone ? Bound() : Of(growth.condition).cost;
    Extent grown = init;
    double entries = growth.appends ? 1 : static_cast<double>(growth.parts.size()) / 2;
    grown.size = init.size + n * entries;
    Bound more = growth.appends ? 1 : 2 * entries;
    for (uint32_t part : growth.parts) {
      Estimate added = Of(part);
      cost = cost + added.cost;
      grown.largest = Max(grown.largest, Max(added.value.size, added.value.largest));
      more = more + added.value.total;
    }
    grown.total = init.total + n * more;
    // An append copies nothing; an insertion pays for what is there.
    cost = cost + (growth.appends ? Bound(2) : Bound(entries) * (2 + grown.size * 0.25));
    accu = grown;
    return cost;
  }

  Extent Slot(uint32_t slot) const {
    if (context_.event == nullptr || context_.event->shape == kNone) return UnboundedExtent();
    const std::string& name = context_.event->slot_names[slot];
    for (const ShapeField& field : p_.shapes[context_.event->shape].fields) {
      if (field.slot == slot) return ShapeExtent(p_, field.shape, "e." + name);
    }
    return Unknown("e." + name);
  }

  const Program& p_;
  const CostContext& context_;
  std::unordered_map<uint32_t, Extent> locals_;
  std::unordered_map<uint32_t, Estimate> known_;  // nodes that depend on no local
};

}  // namespace

Bound CostOf(const Program& program, uint32_t node, const CostContext& context) {
  return Estimator(program, context).Of(node).cost;
}

namespace {

// What a clause's message and place take.
Bound SayingCost(Estimator& estimator, const Clause& clause) {
  Bound cost;
  for (uint32_t node : clause.message.nodes) cost = cost + estimator.Of(node).cost;
  const auto add_steps = [&](const std::vector<BlameStep>& steps) {
    for (const BlameStep& step : steps) {
      if (step.node != kNone) cost = cost + estimator.Of(step.node).cost;
    }
  };
  add_steps(clause.blame.steps);
  for (const Loop& loop : clause.loops) add_steps(loop.path.steps);
  return cost;
}

Bound CheckCost(const Program& program, const Check& check, const CostContext& context, bool passes) {
  Estimator estimator(program, context);
  Bound cost = check.guard == kNone ? Bound() : estimator.Of(check.guard).cost;
  for (const Clause& clause : check.clauses) {
    cost = cost + estimator.ForEach(clause.loops, 0, [&] {
      const Bound once = estimator.Of(clause.condition).cost;
      return passes ? once : once + SayingCost(estimator, clause);
    });
  }
  return cost;
}

}  // namespace

Bound CostOf(const Program& program, const Check& check, const CostContext& context) {
  return CheckCost(program, check, context, false);
}

Bound PassingCostOf(const Program& program, const Check& check, const CostContext& context) {
  return CheckCost(program, check, context, true);
}

Bound CostOf(const Program& program, const Effect& effect, const CostContext& context) {
  Estimator estimator(program, context);
  return estimator.ForEach(effect.loops, 0, [&] {
    Bound once = effect.guard == kNone ? Bound() : estimator.Of(effect.guard).cost;
    for (uint32_t key : effect.keys) once = once + estimator.Of(key).cost;
    return effect.value == kNone ? once : once + estimator.Of(effect.value).cost;
  });
}

}  // namespace edict::ir
