// Expressions in both tiers: the same value or error, word by word, and the same fuel left; at every limit of fuel too.
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compiler/expression.h"
#include "runtime/cli/evaluation.h"
#include "runtime/cli/typed_value.h"
#include "tests/support/random_expression.h"

namespace edict::tests {
namespace {

using nlohmann::json;

struct Bound {
  std::string decl;  // empty: dyn
  std::string name;
  Value value;
};

// Every bit of it: 1 is not 1u or 1.0, and -0.0 is not 0.0.
std::string Exactly(const Value& value) {
  if (value.is_error())
    return "error " + std::to_string(static_cast<int>(value.error->code)) + ": " + std::string(value.error->detail);
  if (value.kind == Kind::kDouble) return "double " + std::to_string(std::bit_cast<uint64_t>(value.d)) + " " + ToCelText(value);
  return std::string(KindName(value.kind)) + " " + ToCelText(value);
}

class Tiers {
 public:
  // Null text of the error if it does not compile.
  static std::string Compile(const compiler::ExpressionOptions& options, const std::vector<Value>& values, Tiers& out) {
    Result<compiler::Expression> compiled = compiler::CompileExpression(options);
    if (!compiled.ok()) return compiled.error().message;
    if (compiled.value().program == nullptr) return "it does not compile";
    out.expression_ = std::move(compiled.value());
    out.interpreter_ = std::make_unique<cli::Evaluation>(out.expression_, values);
    out.native_ = std::make_unique<cli::Evaluation>(out.expression_, values);
    Status status = out.native_->UseNative();
    return status.ok() ? "" : status.error().message;
  }

  // Runs both with so much fuel; gives what the interpreter took. -1: it ran out.
  int64_t Compare(const std::string& what, int64_t fuel) {
    std::string expected = Exactly(interpreter_->Run(fuel));
    EXPECT_EQ(Exactly(native_->Run(fuel)), expected) << what << "\n  fuel " << fuel;
    EXPECT_EQ(native_->fuel_left(), interpreter_->fuel_left()) << what << "\n  fuel " << fuel << ", " << expected;
    return interpreter_->fuel_left() < 0 ? -1 : fuel - interpreter_->fuel_left();
  }
  bool stays_native() {
    native_->Run();
    return !native_->was_reinterpreted();
  }

 private:
  compiler::Expression expression_;
  std::unique_ptr<cli::Evaluation> interpreter_;
  std::unique_ptr<cli::Evaluation> native_;
};

void CompareAtEveryLimit(const std::string& what, Tiers& tiers) {
  int64_t needed = tiers.Compare(what, 10'000'000);
  for (int64_t fuel = 0; fuel < needed + 2 && fuel < 300; ++fuel) tiers.Compare(what, fuel);
}

TEST(ExpressionTiers, ConformanceCases) {
  std::ifstream in(std::string(EDICT_SOURCE_DIR) + "/tests/conformance/cases.jsonl");
  size_t evaluated = 0, values = 0, native = 0;
  for (std::string line; std::getline(in, line);) {
    json item = json::parse(line);
    if (item.value("check_only", false)) continue;
    Arena arena;
    compiler::ExpressionOptions options;
    options.text = item["expr"];
    options.container = item.value("container", "");
    options.unchecked = item.value("disable_check", false);
    std::map<std::string, Value> bindings;
    const json bound_values = item.value("bindings", json::object());
    for (const auto& [name, typed] : bound_values.items()) {
      Result<Value> value = cli::ReadTypedValue(typed, arena);
      if (!value.ok()) continue;
      bindings[name] = value.value();
      options.variables.push_back({name, ""});
    }
    const json decls = item.value("type_env", json::array());
    for (const json& decl : decls) options.variables.push_back({"", decl.get<std::string>()});
    Result<compiler::Expression> names = compiler::CompileExpression(options);
    if (!names.ok() || names.value().program == nullptr) continue;
    std::vector<Value> variables;
    for (const std::string& name : names.value().variables) {
      auto bound = bindings.find(name);
      variables.push_back(bound != bindings.end() ? bound->second : MakeError(arena, ErrorCode::kNoSuchField, "no value"));
    }
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(options, variables, tiers), "") << line;
    CompareAtEveryLimit(line, tiers);
    ++evaluated;
    bool is_value = item["expect"].contains("value");
    values += is_value ? 1 : 0;
    native += is_value && tiers.stays_native() ? 1 : 0;
  }
  EXPECT_GT(evaluated, 1000u);
  // What has a value is native code's own work, but for errors in the midst of it that are not && or ||'s.
  RecordProperty("values", static_cast<int>(values));
  RecordProperty("native", static_cast<int>(native));
  EXPECT_GE(native * 100, values * 97) << native << " of " << values;
}

// Comparing long texts takes fuel by their length, the same in both tiers.
TEST(ExpressionTiers, LongTexts) {
  const std::string text(100'000, 'x');
  const std::string literal = "'" + std::string(5'000, 'x') + "'";
  const std::vector<Value> list = {Value::String("y"), Value::String(text)};
  for (const std::string& what :
       {std::string("a == b"), std::string("a != b"), std::string("a < b"), std::string("a >= b"), std::string("a.startsWith(b)"),
        std::string("a.endsWith(b)"), std::string("a in l"), std::string("l == [b, b]"), std::string("dyn(a) == b"),
        "a == " + literal, "a in ['y', " + literal + "]", "a.startsWith(" + literal + ")"}) {
    compiler::ExpressionOptions options;
    options.text = what;
    options.variables = {{"a", "", "string"}, {"b", "", "string"}, {"l", "", "list(string)"}};
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(options, {Value::String(text), Value::String(text), Value::List(list.data(), 2)}, tiers), "") << what;
    CompareAtEveryLimit(what, tiers);
  }
}

// What grows with the number of elements or entries: literals, looking into maps, what is put together. And errors that do
// not count, after which the fuel that they took is gone in both tiers.
TEST(ExpressionTiers, LargeLiteralsMapsAndLists) {
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) names.push_back("k" + std::to_string(i));
  std::vector<MapEntry> entries;
  for (const std::string& name : names) entries.push_back({Value::String(name), Value::Int(1)});
  const Value map = Value::Map(entries.data(), static_cast<uint32_t>(entries.size()));
  std::string elements, pairs, calls;
  for (int i = 0; i < 50; ++i) {
    const std::string separator = i == 0 ? "" : ", ";
    elements += separator + "i + " + std::to_string(i);
    pairs += separator + std::to_string(i) + ": i";
    calls += separator + "x.k1";
  }
  const std::vector<std::string> expressions = {"m.k3 + m.k39",
                                                "has(m.k3) && !has(m.none)",
                                                "x.k3 == x['k4']",
                                                "has(x.k3)",
                                                "m.?k3.hasValue() && !m.?none.hasValue()",
                                                "m[?'k3'].orValue(2)",
                                                "x[?'k3']",
                                                "optional.of(m).k3",
                                                "optional.of(x).?k3",
                                                "dyn(optional.of(m)).k3",
                                                "m.none == 1 || m.k3 == 1",
                                                "[1, 2, 3].all(e, m.none == e || m.k3 == 1)",
                                                "[" + elements + "]",
                                                "[" + elements + "].size() + [" + elements + "][3]",
                                                "{" + pairs + "}",
                                                "{" + pairs + "}[i] + [i][0]",
                                                "[" + elements + "].map(e, [e, e + 1])",
                                                "[" + elements + "].transformMap(k, v, {k: v})",
                                                "[i, ?m[?'k1'], ?m[?'no']]",
                                                "[" + calls + "] + [" + calls + "]",
                                                "cel.bind(v, m.none, i == 0 ? v : m.k1)",
                                                "math.greatest([i, 2, 3]) + math.least(i, 2)",
                                                "math.greatest(dyn([1.5, i]))",
                                                "x.f(1, 2, 3, 4, 5, 6) || m.k1 == 1"};
  for (const std::string& what : expressions) {
    compiler::ExpressionOptions options;
    options.text = what;
    options.unchecked = what.starts_with("x.f(");
    options.variables = {{"m", "", "map(string, int)"}, {"x", "", "dyn"}, {"i", "", "int"}};
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(options, {map, map, Value::Int(7)}, tiers), "") << what;
    CompareAtEveryLimit(what, tiers);
  }
}

// EDICT_DIFF_SEEDS=first:count tries other seeds than those of every test run.
TEST(ExpressionTiers, RandomExpressions) {
  unsigned long long first = 1;
  unsigned long long count = 150;
  if (const char* seeds = std::getenv("EDICT_DIFF_SEEDS")) {
    ASSERT_EQ(std::sscanf(seeds, "%llu:%llu", &first, &count), 2) << "EDICT_DIFF_SEEDS is first:count";
  }
  size_t values = 0, native = 0;
  for (unsigned long long seed = first; seed < first + count; ++seed) {
    Random random(seed);
    Arena arena;
    RandomExpression generated = MakeRandomExpression(random, arena);
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(generated.options, generated.values, tiers), "") << generated.options.text;
    std::string what = "seed " + std::to_string(seed) + ": " + generated.options.text;
    CompareAtEveryLimit(what, tiers);
    ++values;
    native += tiers.stays_native() ? 1 : 0;
  }
  EXPECT_GE(native * 3, values) << "most of the expressions are errors";
}

}  // namespace
}  // namespace edict::tests
