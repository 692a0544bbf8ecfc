#include "compiler/codegen/batches.h"

#include "compiler/codegen/emit_scan.h"
#include "compiler/ir/roots.h"
#include "compiler/ir/tree_sizes.h"

namespace edict::codegen {
namespace {

// A module costs some ms whatever is in it, an instruction 0.03 ms: so the former is lost among the latter, and there are still
// enough modules for the threads to end together.
constexpr uint64_t kMostWeight = 3000;

// Instructions, before optimisation; measured on the standard packages.
constexpr uint64_t kFunction = 60;
constexpr uint64_t kNode = 12;
constexpr uint64_t kField = 60;

class Batcher {
 public:
  explicit Batcher(const Program& program)
      : program_(program), sizes_(ir::TreeSizes(program)), reached_(program.shapes.size(), false) {}

  std::vector<Batch> Run(uint32_t value_count) {
    batches_.emplace_back();
    for (uint32_t event = 0; event < program_.events.size(); ++event) {
      Room(WeightOf(program_.events[event])).events.push_back(event);
      // The event's own shape is walked in its function.
      if (program_.events[event].shape != kNone) ReachParts(program_.shapes[program_.events[event].shape]);
    }
    for (uint32_t shape = 0; shape < program_.shapes.size(); ++shape) {
      if (reached_[shape]) Room(WeightOf(program_.shapes[shape])).shapes.push_back(shape);
    }
    for (uint32_t value = 0; value < value_count; ++value) Room(kFunction).values.push_back(value);
    return std::move(batches_);
  }

 private:
  Batch& Room(uint64_t weight) {
    if (batches_.back().weight != 0 && batches_.back().weight + weight > kMostWeight) batches_.emplace_back();
    batches_.back().weight += weight;
    return batches_.back();
  }

  uint64_t WeightOf(const Shape& shape) const { return kFunction + kField * (shape.fields.size() + shape.alternatives.size()); }
  uint64_t WeightOf(const EventType& event) const {
    uint64_t weight = kFunction;
    const auto add = [&](uint32_t node) { weight += kNode * sizes_[node]; };
    for (const Check& check : event.checks) {
      if (check.guard != kNone) add(check.guard);
      for (const Clause& clause : check.clauses) {
        for (const Loop& loop : clause.loops) add(loop.range);
        add(clause.condition);
      }
    }
    for (const Effect& effect : event.effects) ir::VisitRoots(effect, add);
    return event.shape == kNone ? weight : weight + WeightOf(program_.shapes[event.shape]);
  }

  void Reach(uint32_t shape) {
    if (shape == kNone || reached_[shape] || !HasParts(program_.shapes[shape])) return;
    reached_[shape] = true;
    ReachParts(program_.shapes[shape]);
  }
  void ReachParts(const Shape& shape) {
    Reach(shape.element);
    Reach(shape.otherwise);
    for (const ShapeField& field : shape.fields) Reach(field.shape);
    for (const ShapeAlternative& alternative : shape.alternatives) Reach(alternative.shape);
    for (uint32_t member : shape.members) Reach(member);
  }

  const Program& program_;
  const std::vector<uint32_t> sizes_;
  std::vector<bool> reached_;
  std::vector<Batch> batches_;
};

}  // namespace

std::vector<Batch> MakeBatches(const Program& program, uint32_t value_count) { return Batcher(program).Run(value_count); }

}  // namespace edict::codegen
