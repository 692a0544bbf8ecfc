#include "runtime/cli/bench_rules.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "runtime/engine/judge.h"

namespace edict::cli {
namespace {

using Clock = std::chrono::steady_clock;

class RuleTimer : public EngineObserver {
 public:
  RuleTimer(const Program& program, double clock_nanoseconds) : program_(program), clock_(clock_nanoseconds) {
    for (const EventType& event : program.events) {
      alone_.emplace_back();
      for (const Check& check : event.checks) alone_.back().push_back({check});
    }
  }

  void OnEvent(const Frame& frame, uint32_t event) override {
    const int64_t fuel = frame.context->fuel;
    const Arena::Mark mark = frame.context->arena->Here();
    verdict_.Clear();
    for (const std::vector<Check>& check : alone_[event]) {
      Time(frame, costs_[check[0].code], [&] { JudgeChecks(frame, check, verdict_); });
    }
    if (!program_.events[event].effects.empty()) {
      Time(frame, writes_, [&] { JudgeEffects(frame, program_.events[event].effects, verdict_); });
    }
    // As if nothing had been: the engine judges the event now.
    frame.context->fuel = fuel;
    frame.context->arena->Rewind(mark);
  }
  void OnCheck(const Check&) override {}
  void OnClause(const Check&, uint32_t, bool) override {}
  void OnDone(const Check&, bool) override {}
  void OnWrite(const Effect&) override {}

  std::vector<RuleCost> Costs() const {
    std::map<std::string, RuleCost> by_code;
    for (const auto& [code, cost] : costs_) {
      RuleCost& sum = by_code[program_.codes[code].code];
      sum.events += cost.events;
      sum.steps += cost.steps;
      sum.nanoseconds += cost.nanoseconds;
    }
    std::vector<RuleCost> costs;
    for (auto& [code, cost] : by_code) {
      cost.code = code;
      costs.push_back(cost);
    }
    std::stable_sort(costs.begin(), costs.end(),
                     [](const RuleCost& a, const RuleCost& b) { return a.nanoseconds > b.nanoseconds; });
    if (writes_.events == 0) return costs;
    costs.push_back(writes_);
    costs.back().code = "(writes)";
    return costs;
  }

 private:
  template <typename Work>
  void Time(const Frame& frame, RuleCost& cost, const Work& work) const {
    const int64_t fuel = frame.context->fuel;
    const Clock::time_point start = Clock::now();
    work();
    cost.nanoseconds += static_cast<double>(std::chrono::nanoseconds(Clock::now() - start).count()) - clock_;
    cost.steps += static_cast<uint64_t>(fuel - frame.context->fuel);
    ++cost.events;
  }

  const Program& program_;
  double clock_;
  std::vector<std::vector<std::vector<Check>>> alone_;  // each check of each event type by itself
  std::map<uint32_t, RuleCost> costs_;                  // by code
  RuleCost writes_;
  Verdict verdict_;
};

}  // namespace

std::vector<RuleCost> MeasureRules(std::shared_ptr<const Program> program, const BenchInputs& inputs, double clock_nanoseconds) {
  RuleTimer timer(*program, clock_nanoseconds);
  Engine engine(std::move(program));
  engine.Observe(&timer);
  RunPass(engine, inputs);
  return timer.Costs();
}

}  // namespace edict::cli
