// Expressions by walking their nodes, by threaded code and by native code: the same value or error, word by word, and the same
// fuel left; at every limit of fuel too.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
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
    out.threaded_ = std::make_unique<cli::Evaluation>(out.expression_, values);
    out.threaded_->UseThreaded();
    out.native_ = std::make_unique<cli::Evaluation>(out.expression_, values);
    Status status = out.native_->UseNative();
    return status.ok() ? "" : status.error().message;
  }

  // Runs all with so much fuel; gives what the walk took. -1: it ran out.
  int64_t Compare(const std::string& what, int64_t fuel) {
    const std::string expected = Exactly(interpreter_->Run(fuel));
    const auto same = [&](const char* name, cli::Evaluation& other) {
      EXPECT_EQ(Exactly(other.Run(fuel)), expected) << name << " of " << what << "\n  fuel " << fuel;
      EXPECT_EQ(other.fuel_left(), interpreter_->fuel_left()) << name << " of " << what << "\n  fuel " << fuel << ", " << expected;
    };
    same("threaded code", *threaded_);
    same("native code", *native_);
    return interpreter_->fuel_left() < 0 ? -1 : fuel - interpreter_->fuel_left();
  }
  bool stays_native() {
    native_->Run();
    return !native_->was_reinterpreted();
  }

 private:
  compiler::Expression expression_;
  std::unique_ptr<cli::Evaluation> interpreter_;
  std::unique_ptr<cli::Evaluation> threaded_;
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

// Looking for an entry of a large map takes fuel by the map's size, whichever operation looks.
TEST(ExpressionTiers, LargeMaps) {
  std::vector<std::string> keys;
  for (int i = 100; i < 200; ++i) keys.push_back("k" + std::to_string(i));
  std::vector<MapEntry> entries;
  for (const std::string& key : keys) entries.push_back({Value::String(key), Value::Int(50)});
  const Value map = Value::Map(entries.data(), 100);
  for (const std::string& what : {std::string("m.k150 == 50"),
                                  std::string("m.k200 == 50"),
                                  std::string("m.k200 == 50 || m.k150 == 50"),
                                  std::string("has(m.k150) && !has(m.k200)"),
                                  std::string("m['k150'] == 50"),
                                  std::string("d.k150 == 50"),
                                  std::string("has(d.k150)"),
                                  std::string("m.?k150.orValue(1) == 50"),
                                  std::string("m.?k200.orValue(1)"),
                                  std::string("m[?'k150'].orValue(1)"),
                                  std::string("m[?'k200'].hasValue()"),
                                  std::string("m.?k150.value()"),
                                  std::string("m.?k200.value() == 1 || m.?k150.hasValue()"),
                                  std::string("d.?k150.orValue(1)"),
                                  std::string("d[?'k200'].orValue(1)"),
                                  std::string("optional.of(m).k150.orValue(1)"),
                                  std::string("optional.of(m).?k150.or(optional.of(1))"),
                                  std::string("optional.of(m)[?'k200'].or(optional.of(1))"),
                                  std::string("{'a': m}.?a.?k150.orValue(1)"),
                                  std::string("{'a': m}.?b.?k150.orValue(1)"),
                                  std::string("{'a': dyn(m)}.?a.?k150.?z.orValue(1)"),
                                  std::string("{'a': dyn(1)}.?a.?b.hasValue() || true"),
                                  std::string("{'a': m}.?a[?'k200'].orValue(1)")}) {
    compiler::ExpressionOptions options;
    options.text = what;
    options.variables = {{"m", "", "map(string, int)"}, {"d", "", "dyn"}};
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(options, {map, map}, tiers), "") << what;
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
  std::string tests = "e > 0";
  for (int i = 0; i < 60; ++i) tests += " && e > " + std::to_string(-i);
  const std::vector<std::string> expressions = {"m.k3 + m.k39",
                                                "[1, 2, 3].all(e, " + tests + ")",
                                                "[1, i, 3].filter(e, " + tests + ").size() + [i].map(e, " + tests + " ? 1 : 2)[0]",
                                                "dyn([1, 2, 3]).exists(e, !(" + tests + "))",
                                                "m.all(k, e, " + tests + ")",
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

Value ListOf(const std::vector<Value>& values) { return Value::List(values.data(), static_cast<uint32_t>(values.size())); }

// Texts that are added at once in native code are charged as one after the other; halves of a surrogate pair that meet in
// the midst of it become shorter.
TEST(ExpressionTiers, SumsOfTexts) {
  const Value high = Value::String("high\xed\xa0\xbd");
  const Value low = Value::String("\xed\xb8\x80low");
  const Value hangul = Value::String("\xed\x95\x9c");
  std::string chain = "a";
  for (int i = 0; i < 40; ++i) chain += i % 3 == 0 ? " + b" : " + 'some text'";
  for (const std::string& what :
       {std::string("a + b"), std::string("a + b + c"), std::string("a + '' + b"), std::string("a + b + a + b"),
        std::string("'' + '' + c + ''"), std::string("c + a + (b + c) + b"), std::string("a + (b + c)"),
        std::string("c + c == 'x' || a + b + d + c == 'x' || true"), std::string("d + a + b"), std::string("a + d + 'x' + b"),
        std::string("dyn(a) + b + c"), std::string("a + c + [b][1] == '' || true"), chain}) {
    for (const Value& dyn : {Value::Int(1), Value::String("text of more than sixteen bytes")}) {
      compiler::ExpressionOptions options;
      options.text = what;
      options.variables = {{"a", "", "string"}, {"b", "", "string"}, {"c", "", "string"}, {"d", "", "dyn"}};
      Tiers tiers;
      ASSERT_EQ(Tiers::Compile(options, {high, low, hangul, dyn}, tiers), "") << what;
      CompareAtEveryLimit(what, tiers);
    }
  }
}

// Around the limits of each kind and of what a double holds exactly.
TEST(ExpressionTiers, NumbersOfDifferentKinds) {
  std::vector<Value> ints, uints, doubles = {Value::Double(NAN), Value::Double(INFINITY), Value::Double(-INFINITY)};
  for (const int64_t near : {int64_t{0}, int64_t{1} << 53, -(int64_t{1} << 53), int64_t{1} << 60, INT64_MAX - 1, INT64_MIN + 1}) {
    for (const int64_t by : {-1, 0, 1}) ints.push_back(Value::Int(near + by));
  }
  for (const uint64_t near : {uint64_t{1}, uint64_t{1} << 53, uint64_t{1} << 63, UINT64_MAX - 1}) {
    for (const uint64_t by : {-1, 0, 1}) uints.push_back(Value::Uint(near + by));
  }
  for (const double near : {0.0, 0.5, 1.0, 0x1p53, 0x1p60, 0x1p63, 0x1p64, 0x1p70}) {
    for (const double number : {std::nextafter(near, 0), near, std::nextafter(near, INFINITY)}) {
      doubles.push_back(Value::Double(number));
      doubles.push_back(Value::Double(-number));
    }
  }
  for (const std::string list : {"is", "us"}) {
    compiler::ExpressionOptions options;
    options.text = list +
                   ".map(i, ds.map(d, [i < d, i <= d, i > d, i >= d, dyn(i) == d, dyn(i) != d, "
                   "d < i, d <= i, d > i, d >= i, dyn(d) == i, dyn(d) != i]))";
    options.variables = {{"is", "", "list(int)"}, {"us", "", "list(uint)"}, {"ds", "", "list(double)"}};
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(options, {ListOf(ints), ListOf(uints), ListOf(doubles)}, tiers), "");
    EXPECT_GT(tiers.Compare(options.text, 10'000'000), 0);
    EXPECT_TRUE(tiers.stays_native());
  }
}

TEST(ExpressionTiers, TimesAndTheirLimits) {
  constexpr int64_t kFirst = -62135596800, kLast = 253402300799, kLongest = 315576000000;
  std::vector<Value> times, durations;
  for (const int64_t seconds : {kFirst, kFirst + 1, int64_t{-1}, int64_t{0}, kLast}) {
    for (const int32_t nanos : {0, 1, 500'000'000, 999'999'999}) times.push_back(Value::Timestamp(seconds, nanos));
  }
  for (const int64_t seconds : {-kLongest, int64_t{-1}, int64_t{0}, int64_t{1}, kLongest}) {
    for (const int32_t nanos : {0, 1, 500'000'000, 999'999'999}) {
      if (nanos != 0 && std::abs(seconds) == kLongest) continue;
      durations.push_back(Value::Duration(seconds, seconds < 0 ? -nanos : nanos));
      if (seconds == 0) durations.push_back(Value::Duration(0, -nanos));
    }
  }
  size_t values = 0, errors = 0;
  for (const std::string what :
       {"t[0] + d[0]", "d[0] + t[0]", "t[0] - d[0]", "d[0] + d[0]", "d[0] - d[0] - d[0]", "d[0] - duration('0.5s')",
        "duration('-0.5s') - d[0]", "duration('315575999999s') + d[0]", "t[0] + duration('1h')", "t[0] - duration('1.5s')",
        "t[0] + duration('-999999999ns')", "timestamp('1970-01-01T00:00:00.25Z') + d[0]"}) {
    std::vector<Value> t(1), d(1);  // changed between runs
    compiler::ExpressionOptions options;
    options.text = what;
    options.fold = true;
    options.variables = {{"t", "", "list(timestamp)"}, {"d", "", "list(duration)"}};
    Tiers tiers;
    ASSERT_EQ(Tiers::Compile(options, {ListOf(t), ListOf(d)}, tiers), "") << what;
    for (const Value& time : times) {
      for (const Value& duration : durations) {
        t[0] = time;
        d[0] = duration;
        tiers.Compare(what + " of " + ToCelText(time) + ", " + ToCelText(duration), 10'000'000);
        (tiers.stays_native() ? values : errors) += 1;
      }
    }
  }
  EXPECT_GT(values, 0u);
  EXPECT_GT(errors, 0u);
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
