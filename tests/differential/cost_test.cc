// The static cost is never less than the fuel that is taken: every expression of the conformance suite, and random rules, whose
// events get exactly as much fuel as was foreseen.
#include "compiler/ir/cost.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/cli/evaluation.h"
#include "runtime/cli/typed_value.h"
#include "runtime/json/document.h"
#include "tests/support/judge.h"
#include "tests/support/random_expression.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr int64_t kFuel = 1'000'000;

struct Tally {
  size_t compared = 0;
  size_t finite = 0;
};

// The fuel taken against that foreseen; nothing where the expression does not compile.
void Compare(const compiler::ExpressionOptions& options, const std::vector<Value>& values, Tally& tally) {
  Result<compiler::Expression> compiled = compiler::CompileExpression(options);
  if (!compiled.ok() || compiled.value().program == nullptr) return;
  const compiler::Expression& expression = compiled.value();
  cli::Evaluation evaluation(expression, values);
  evaluation.Run(kFuel);
  ir::CostContext context;
  std::map<std::string, double> sizes;
  for (uint32_t local = 0; local < values.size(); ++local) {
    context.variables[local] = expression.variables[local];
    ir::Measure(expression.variables[local], values[local], sizes);
  }
  ir::Bound cost = ir::CostOf(*expression.program, expression.node, context);
  EXPECT_GE(cost.At(sizes), static_cast<double>(kFuel - evaluation.fuel_left())) << options.text << "\n" << cost.Text();
  ++tally.compared;
  if (std::isfinite(cost.At(sizes))) ++tally.finite;
}

void CompareCase(const nlohmann::json& item, Tally& tally) {
  Arena arena;
  compiler::ExpressionOptions options;
  options.text = item["expr"];
  options.container = item.value("container", "");
  options.unchecked = item.value("disable_check", false);
  std::vector<Value> values;
  const nlohmann::json bindings = item.value("bindings", nlohmann::json::object());
  for (const auto& [name, typed] : bindings.items()) {
    Result<Value> value = cli::ReadTypedValue(typed, arena);
    if (!value.ok()) return;
    options.variables.push_back({name, ""});
    values.push_back(value.value());
  }
  Compare(options, values, tally);
}

TEST(Cost, BoundsTheConformanceSuite) {
  std::ifstream cases(std::string(EDICT_SOURCE_DIR) + "/tests/conformance/cases.jsonl");
  Tally tally;
  for (std::string line; std::getline(cases, line);) CompareCase(nlohmann::json::parse(line), tally);
  EXPECT_GT(tally.compared, 900u);
  EXPECT_GT(tally.finite * 100, tally.compared * 95) << "of " << tally.compared;
}

TEST(Cost, BoundsRandomExpressions) {
  Tally tally;
  for (uint64_t seed = 1; seed <= 1500; ++seed) {
    Random random(seed);
    Arena arena;
    RandomExpression expression = MakeRandomExpression(random, arena);
    Compare(expression.options, expression.values, tally);
  }
  EXPECT_GT(tally.compared, 1400u);
  EXPECT_GT(tally.finite * 100, tally.compared * 90) << "of " << tally.compared;
}

// What all rules and handlers of the event may take together, for this event; infinity where that is not known.
double Foreseen(const Program& program, const EventType& type, const JsonNode& event) {
  ir::CostContext context;
  context.event = &type;
  std::map<std::string, double> sizes;
  ir::Measure("e", FromJson(event), sizes);
  for (const std::string& slot : type.slot_names) {
    const JsonNode* member = FindMember(event, slot);
    ir::Measure("e." + slot, member == nullptr ? Value::Null() : FromJson(*member), sizes);
  }
  double sum = 0;
  for (const Check& check : type.checks) sum += ir::CostOf(program, check, context).At(sizes);
  for (const Effect& effect : type.effects) sum += ir::CostOf(program, effect, context).At(sizes);
  return sum;
}

TEST(Cost, IsEnoughFuelForRandomRules) {
  size_t judged = 0;
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    Random random(seed);
    std::string rules = RandomRules(random);
    std::shared_ptr<const Program> program = CompileText(rules);
    ASSERT_NE(program, nullptr);
    JsonParser parser;
    for (int i = 0; i < 100; ++i) {
      std::string text = RandomEvent(random);
      const JsonNode* event = parser.Parse(text, JsonLimits{});
      const JsonNode* type = event != nullptr && event->kind == JsonKind::kObject ? FindMember(*event, "type") : nullptr;
      if (type == nullptr || type->kind != JsonKind::kString) continue;
      for (const EventType& known : program->events) {
        if (known.name != type->text()) continue;
        double foreseen = Foreseen(*program, known, *event);
        if (!(foreseen < 1e15)) continue;
        EngineOptions options;
        options.fuel_per_event = static_cast<int64_t>(std::ceil(foreseen));
        std::vector<std::string> found = Judge(Engine(program, options), {text});
        ASSERT_EQ(found, Judge(Engine(program), {text})) << "seed " << seed << ", fuel " << foreseen << "\n"
                                                         << text << "\n"
                                                         << rules;
        ++judged;
      }
    }
  }
  EXPECT_GT(judged, 500u);
}

}  // namespace
}  // namespace edict::tests
