#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "compiler/passes/passes.h"
#include "compiler/passes/rewriter.h"

namespace edict::passes {
namespace {

class FieldReader : public Rewriter {
 public:
  using Rewriter::Rewriter;

 protected:
  NodeId Replace(const Node& node, const std::vector<NodeId>& args, const EventType* event) override {
    if (event == nullptr || event->shape == kNone) return Same(node, args);
    if (node.op == Op::kLet && builder().IsConst(args[0])) return WithConstant(args[1], node.imm, args[0], *event);
    return Read(node, args, *event);
  }

 private:
  // What an operation reads of the event, if it does.
  struct Selection {
    Op op = Op::kEvent;     // kPresent, kSlot or kOptSlot; kEvent: it reads none
    uint32_t name = kNone;  // constant
  };
  Selection SelectionOf(const Node& node, const std::vector<NodeId>& args) {
    const auto is_event = [&](size_t i) { return builder().node(args[i]).op == Op::kEvent; };
    const auto name = [&](size_t i) {
      const bool text = builder().IsConst(args[i]) && builder().ConstValue(args[i]).kind == Kind::kString;
      return text ? builder().node(args[i]).imm : kNone;
    };
    switch (node.op) {
      case Op::kHasField:
        return is_event(0) ? Selection{Op::kPresent, node.imm} : Selection();
      case Op::kField:
        return is_event(0) ? Selection{Op::kSlot, node.imm} : Selection();
      case Op::kOptField:
        return is_event(0) ? Selection{Op::kOptSlot, node.imm} : Selection();
      case Op::kIndex:
        return is_event(0) ? Selection{Op::kSlot, name(1)} : Selection();
      case Op::kOptIndex:
        return is_event(0) ? Selection{Op::kOptSlot, name(1)} : Selection();
      case Op::kCallDyn:
        return IsCall(node, "@in", 2) && is_event(1) ? Selection{Op::kPresent, name(0)} : Selection();
      default:
        return {};
    }
  }

  bool IsCall(const Node& node, std::string_view function, uint32_t count) {
    const Program& p = builder().program();
    return node.op == Op::kCallDyn && node.imm2 != 1 && node.arg_count == count && p.constants[node.imm].text() == function;
  }

  NodeId Read(const Node& node, const std::vector<NodeId>& args, const EventType& event) {
    // string(e.name) of a field that is declared as a string is the field.
    if (IsCall(node, "string", 1) && IsText(builder().node(args[0]), event)) {
      const Node& field = builder().node(args[0]);
      return builder().Make(Op::kSlot, Kind::kString, field.imm, {}, field.imm2, node.span);
    }
    const Selection selection = SelectionOf(node, args);
    const bool reads = selection.op != Op::kEvent && selection.name != kNone;
    const uint32_t slot = reads ? SlotOf(event, selection.name, selection.op != Op::kPresent) : kNone;
    return slot == kNone ? Same(node, args) : builder().Make(selection.op, node.rep, slot, {}, kNone, node.span);
  }

  // Whether it reads a field that holds a string where it is there.
  bool IsText(const Node& node, const EventType& event) {
    if (node.op != Op::kSlot) return false;
    const Program& p = builder().program();
    const std::vector<ShapeField>& fields = p.shapes[event.shape].fields;
    return std::any_of(fields.begin(), fields.end(), [&](const ShapeField& field) {
      const Shape& shape = p.shapes[field.shape];
      return field.slot == node.imm && shape.kind == ShapeKind::kString && !shape.nullable;
    });
  }

  // The expression with the constant in place of the local, so that a name which is a function's argument is seen.
  NodeId WithConstant(NodeId root, uint32_t local, NodeId constant, const EventType& event) {
    std::unordered_map<NodeId, NodeId> made;
    return Substituted(root, local, constant, event, made);
  }
  NodeId Substituted(NodeId id, uint32_t local, NodeId constant, const EventType& event,  // NOLINT(misc-no-recursion): nesting
                     std::unordered_map<NodeId, NodeId>& made) {
    const auto known = made.find(id);
    if (known != made.end()) return known->second;
    const Node node = builder().node(id);
    NodeId result = id;
    if (node.op == Op::kLocal) {
      if (node.imm == local) result = constant;
    } else if ((node.flags & Node::kReadsLocal) != 0) {
      std::vector<NodeId> args;
      for (uint32_t i = 0; i < node.arg_count; ++i) {
        args.push_back(Substituted(builder().program().args[node.args + i], local, constant, event, made));
      }
      result = node.op == Op::kFold ? AgainFold(node, args) : Read(node, args, event);
    }
    return made[id] = result;
  }
  // A fold that this pass has made.
  NodeId AgainFold(const Node& node, const std::vector<NodeId>& args) {
    const edict::Fold fold = builder().program().folds[node.imm];
    return builder().MakeFold(fold, args[0], args[1], args[2], args[3], args[4], node.rep);
  }

  // kNone: the field cannot be read so, or its Value would be another.
  uint32_t SlotOf(const EventType& event, uint32_t name, bool wants_value) {
    const Program& p = builder().program();
    const Shape& shape = p.shapes[event.shape];
    if (shape.kind != ShapeKind::kRecord) return kNone;
    for (const ShapeField& field : shape.fields) {
      if (p.constants[field.name].text() != p.constants[name].text()) continue;
      return wants_value && MayBeNumber(field.shape, 0) ? kNone : field.slot;
    }
    return shape.closed ? kNone : AddField(event, name);
  }

  // In a slot a number has the notation of its type; in the event, that of its text.
  bool MayBeNumber(uint32_t id, int depth) {
    constexpr int kMostUnions = 8;
    const Program& p = builder().program();
    const Shape& shape = p.shapes[id];
    if (shape.kind == ShapeKind::kInt || shape.kind == ShapeKind::kNumber) return true;
    if (shape.kind == ShapeKind::kEnum) {
      return std::any_of(shape.literals.begin(), shape.literals.end(), [&](uint32_t l) { return p.constants[l].is_number(); });
    }
    if (shape.kind != ShapeKind::kUnion) return false;
    return depth == kMostUnions ||
           std::any_of(shape.members.begin(), shape.members.end(), [&](uint32_t m) { return MayBeNumber(m, depth + 1); });
  }

  // A field that nobody declared, of any value, in a shape that is the event's own.
  uint32_t AddField(const EventType& event, uint32_t name) {
    Program& p = builder().program();
    const auto index = static_cast<size_t>(&event - p.events.data());
    EventType& own = p.events[index];
    Shape anything;
    anything.nullable = true;
    p.shapes.push_back(std::move(anything));
    const auto any = static_cast<uint32_t>(p.shapes.size() - 1);
    Shape record = p.shapes[own.shape];
    ShapeField field;
    field.name = name;
    field.shape = any;
    field.optional = true;
    field.slot = own.slot_count++;
    own.slot_names.emplace_back(p.constants[name].text());
    const uint32_t slot = field.slot;
    record.fields.push_back(field);
    p.shapes.push_back(std::move(record));
    own.shape = static_cast<uint32_t>(p.shapes.size() - 1);
    return slot;
  }
};

}  // namespace

Program EventFields(Program program) { return FieldReader(std::move(program)).Run(); }

}  // namespace edict::passes
