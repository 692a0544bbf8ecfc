// CEL comprehensions.
#include <algorithm>
#include <string>

#include "runtime/builtins/map_insert.h"
#include "runtime/builtins/registry.h"
#include "runtime/interp/append.h"
#include "runtime/interp/operations.h"
#include "runtime/program/op_info.h"

namespace edict::interp {
namespace {

// The elements of a growing list or the entries of a growing map, in the arena.
template <typename Item>
class Buffer {
 public:
  // Room for one more behind the `count` that there are; the first time, and when full, `copy(to)` fills in those.
  template <typename Copy>
  Item& Next(Arena& arena, uint32_t count, Copy copy) {
    if (items_ == nullptr || count >= capacity_) {
      capacity_ = std::max<uint32_t>(8, count * 2);
      Item* grown = arena.AllocateArray<Item>(capacity_);
      copy(grown);
      items_ = grown;
    }
    return items_[count];
  }
  const Item* items() const { return items_; }

 private:
  Item* items_ = nullptr;
  uint32_t capacity_ = 0;
};

class FoldRun {
 public:
  FoldRun(const Frame& frame, const Node& node)
      : frame_(frame),
        fold_(frame.program->folds[node.imm]),
        condition_(Arg(frame, node, 2)),
        step_(Arg(frame, node, 3)),
        round_cost_(RoundCost(node)),
        append_(FindAppend(*frame.program, step_, fold_.accu)),
        before_errors_(frame.context->arena->Here()) {}

  void OverList(const Value& list) {
    int64_t index = 0;
    for (ListCursor c(list); c.Next(); ++index) {
      if (fold_.second != kNone) {
        frame_.locals[fold_.element] = Value::Int(index);
        frame_.locals[fold_.second] = c.value();
      } else {
        frame_.locals[fold_.element] = c.value();
      }
      if (!Iterate()) return;
    }
  }

  void OverMap(const Value& map) {
    for (MapCursor c(map); c.Next();) {
      frame_.locals[fold_.element] = c.key();
      if (fold_.second != kNone) frame_.locals[fold_.second] = c.value();
      if (!Iterate()) return;
    }
  }

 private:
  Value& accu() { return frame_.locals[fold_.accu]; }
  Arena& arena() { return *frame_.context->arena; }

  // False: the loop ends. A condition that is an error, or no bool, goes on: the step will meet the same.
  bool Iterate() {
    if (!Charge(*frame_.context, round_cost_)) return false;
    const Arena::Mark before = arena().Here();
    Value condition = Evaluate(frame_, condition_);
    if (condition.kind == Kind::kBool && !condition.b) return false;
    if (condition.is_error()) arena().Rewind(before);
    bool grows = append_.found() && accu().kind == (append_.element != kNone ? Kind::kList : Kind::kMap);
    Accumulate(grows ? Grow() : Evaluate(frame_, step_), before);
    return frame_.context->fuel >= 0;
  }

  // `before`: where the arena was when this round began. One error after the other takes the memory of one.
  void Accumulate(const Value& value, const Arena::Mark& before) {
    if (value.is_error() && !accu().is_error()) {
      before_errors_ = before;
      accu() = value;
    } else if (value.is_error() && value.error != accu().error) {
      const ErrorCode code = value.error->code;
      const std::string detail(value.error->detail);
      arena().Rewind(before_errors_);
      accu() = MakeError(arena(), code, detail);
    } else {
      accu() = value;
    }
  }

  // The step of an Append: errors and fuel as if it were evaluated as written, but for the copying.
  Value Grow() {
    if (append_.condition != kNone) {
      Value condition = Evaluate(frame_, append_.condition);
      if (condition.is_error()) return condition;
      if (condition.kind != Kind::kBool) return NoSuchOverload(frame_, std::string(TypeNameOf(condition)) + " ? :");
      if (!condition.b) return accu();
    }
    return append_.element != kNone ? GrowList() : GrowMap();
  }
  bool Pay(Builtin builtin) { return Charge(*frame_.context, OverloadAt(static_cast<uint32_t>(builtin)).cost); }

  Value GrowList() {
    Value element = Evaluate(frame_, append_.element);
    if (element.is_error()) return element;
    if (!Pay(Builtin::kAddList)) return FuelError(*frame_.context);
    Value list = accu();
    list_.Next(*frame_.context->arena, list.size, [&](Value* to) {
      for (ListCursor c(list); c.Next();) *to++ = c.value();
    }) = element;
    return Value::List(list_.items(), list.size + 1);
  }

  Value GrowMap() {
    Value key = Evaluate(frame_, append_.entry.key);
    if (key.is_error()) return key;
    Value value = Evaluate(frame_, append_.entry.value);
    if (value.is_error()) return value;
    if (!Pay(Builtin::kMapInsert)) return FuelError(*frame_.context);
    Value map = accu();
    Value error = CheckInsert(map, key, *frame_.context);
    if (error.is_error()) return error;
    map_.Next(*frame_.context->arena, map.size, [&](MapEntry* to) {
      for (MapCursor c(map); c.Next();) *to++ = {c.key(), c.value()};
    }) = {key, value};
    return Value::Map(map_.items(), map.size + 1);
  }

  const Frame& frame_;
  const Fold& fold_;
  uint32_t condition_;
  uint32_t step_;
  uint64_t round_cost_;
  Append append_;
  Buffer<Value> list_;
  Buffer<MapEntry> map_;
  Arena::Mark before_errors_;  // while the accumulator is an error: from then on there is nothing else in the arena that counts
};

}  // namespace

Value RunFold(const Frame& frame, const Node& node) {
  Value range = EvaluateArg(frame, node, 0);
  if (range.is_error()) return range;
  if (range.kind != Kind::kList && range.kind != Kind::kMap) {
    return NoSuchOverload(frame, "a comprehension over " + std::string(TypeNameOf(range)));
  }
  const Fold& fold = frame.program->folds[node.imm];
  frame.locals[fold.accu] = EvaluateArg(frame, node, 1);
  FoldRun run(frame, node);
  if (range.kind == Kind::kList) {
    run.OverList(range);
  } else {
    run.OverMap(range);
  }
  if (frame.context->fuel < 0) return FuelError(*frame.context);
  return EvaluateArg(frame, node, 4);
}

}  // namespace edict::interp
