// CEL comprehensions.
#include <algorithm>

#include "runtime/builtins/registry.h"
#include "runtime/interp/append.h"
#include "runtime/interp/operations.h"

namespace edict::interp {
namespace {

class FoldRun {
 public:
  FoldRun(const Frame& frame, const Node& node)
      : frame_(frame),
        fold_(frame.program->folds[node.imm]),
        condition_(Arg(frame, node, 2)),
        step_(Arg(frame, node, 3)),
        append_(FindAppend(*frame.program, step_, fold_.accu)) {}

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

  // False: the loop ends. A condition that is an error, or no bool, goes on: the step will meet the same.
  bool Iterate() {
    if (!Charge(*frame_.context, 1)) return false;
    Value condition = Evaluate(frame_, condition_);
    if (condition.kind == Kind::kBool && !condition.b) return false;
    bool grows = append_.element != kNone && accu().kind == Kind::kList;
    accu() = grows ? Grow() : Evaluate(frame_, step_);
    return frame_.context->fuel >= 0;
  }

  // The step of an Append: errors and fuel as if it were evaluated as written, but for the copying.
  Value Grow() {
    if (append_.condition != kNone) {
      Value condition = Evaluate(frame_, append_.condition);
      if (condition.is_error()) return condition;
      if (condition.kind != Kind::kBool) return NoSuchOverload(frame_, std::string(TypeNameOf(condition)) + " ? :");
      if (!condition.b) return accu();
    }
    Value element = Evaluate(frame_, append_.element);
    if (element.is_error()) return element;
    if (!Charge(*frame_.context, OverloadAt(static_cast<uint32_t>(Builtin::kAddList)).cost)) return FuelError(*frame_.context);
    Reserve(accu());
    items_[size_++] = element;
    return Value::List(items_, size_);
  }

  // Room for one element more. `list` is what the accumulator holds: the buffer's own elements, unless it is the first.
  void Reserve(const Value& list) {
    if (items_ != nullptr && size_ < capacity_) return;
    capacity_ = std::max<uint32_t>(8, list.size * 2);
    Value* grown = frame_.context->arena->AllocateArray<Value>(capacity_);
    size_ = 0;
    for (ListCursor c(list); c.Next();) grown[size_++] = c.value();
    items_ = grown;
  }

  const Frame& frame_;
  const Fold& fold_;
  uint32_t condition_;
  uint32_t step_;
  Append append_;
  Value* items_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
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
