// What an expression allocates is bounded by its fuel in both tiers: hostile ones, that build much for little.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiler/expression.h"
#include "runtime/cli/evaluation.h"
#include "tests/support/judge.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr int64_t kFuel = 100'000;
constexpr double kBytesPerStep = 128;
constexpr double kAtLeast = 4 << 20;  // what the arena takes at once

std::string Repeated(const std::string& part, size_t times, const std::string& separator) {
  std::string text = part;
  for (size_t i = 1; i < times; ++i) text += separator + part;
  return text;
}

class Hostile {
 public:
  Hostile() : text_(3'000, 'x') {
    for (int64_t i = 0; i < 1'000; ++i) numbers_.push_back(Value::Int(i));
    for (int64_t i = 0; i < 20; ++i) names_.push_back("k" + std::to_string(i));
    for (const std::string& name : names_) entries_.push_back({Value::String(name), Value::Int(1)});
  }

  // In every combination of two elements of the list, some of which are evaluated before the fuel is spent.
  void InLoops(const std::string& body) const {
    Run("l.all(a, l.all(b, " + body + " || b >= 0))");
    Run("l.map(a, l.map(b, " + body + ")).size() > 0");
    Run("l.exists_one(b, " + body + ")");
  }

  void Run(const std::string& text) const {
    compiler::ExpressionOptions options;
    options.text = text;
    options.unchecked = text.find(".foo(") != std::string::npos;
    options.variables = {{"l", "", "list(int)"}, {"s", "", "string"}, {"m", "", "map(string, int)"}, {"x", "", "dyn"}};
    Result<compiler::Expression> compiled = compiler::CompileExpression(options);
    ASSERT_TRUE(compiled.ok() && compiled.value().program != nullptr)
        << text.substr(0, 200) << "\n"
        << (compiled.ok() ? diag::RenderText(compiled.value().diagnostics, *compiled.value().sources, false) : "");
    for (bool native : {false, true}) {
      cli::Evaluation evaluation(compiled.value(),
                                 {Value::List(numbers_.data(), static_cast<uint32_t>(numbers_.size())), Value::String(text_),
                                  Value::Map(entries_.data(), static_cast<uint32_t>(entries_.size())), Value::Int(1)});
      if (native) {
        ASSERT_TRUE(evaluation.UseNative().ok());
      }
      evaluation.Run(kFuel);
      auto used = static_cast<double>(kFuel - evaluation.fuel_left());
      EXPECT_LE(static_cast<double>(evaluation.memory_bytes()), kAtLeast + used * kBytesPerStep)
          << text.substr(0, 200) << (native ? " native" : "") << " took " << used << " steps";
    }
  }

 private:
  std::string text_;
  std::vector<Value> numbers_;
  std::vector<std::string> names_;
  std::vector<MapEntry> entries_;
};

TEST(Memory, OfLiterals) {
  Hostile hostile;
  hostile.InLoops("[" + Repeated("b + 1", 200, ", ") + "].size() == 0");
  hostile.InLoops("[?m[?s]].size() > 0");
  hostile.InLoops("[b].size() == 0");
  hostile.InLoops("{b: b}.size() == 0");
  std::string entries;
  for (int i = 0; i < 200; ++i) entries += (i == 0 ? "" : ", ") + std::to_string(i) + ": b";
  hostile.InLoops("{" + entries + "}.size() == 0");
}

TEST(Memory, OfErrorsThatDoNotCount) {
  Hostile hostile;
  hostile.InLoops("(" + Repeated("x.foo == 1", 20, " || ") + " || b == 1)");
  hostile.InLoops("(m[s] == 1 || b == 1)");
  hostile.InLoops("(int(s) == 1 || b == 1)");
  hostile.InLoops("(x[s] || x.foo(1, 2, 3, 4, 5, 6, 7, 8) || b == 1)");
  hostile.InLoops("(l[b + 1000] == 1 || b == 1)");
  hostile.InLoops("(l.all(c, x.foo) || b == 1)");
  hostile.InLoops("cel.bind(v, m[s], cel.bind(w, m[s], [v, w].size() > 0 || true))");
  hostile.Run("l.map(a, cel.bind(v, m[s], [a])).size() > 0");
  hostile.Run("l.exists_one(a, m[s + 'a'] == 1)");
}

TEST(Memory, OfTextsListsAndMaps) {
  Hostile hostile;
  for (const char* body : {"(s + s).size() == 0",
                           "(l + l).size() == 0",
                           "s.replace('', s).size() == 0",
                           "s.split('').size() == 0",
                           "[s, s, s].join(s).size() == 0",
                           "'%s %s'.format([l, s]).size() == 0",
                           "'%s'.format([[bytes(s), bytes(s)]]).size() == 0",
                           "'%.100f'.format([1e308]).size() == 0",
                           "'%s'.format([optional.of(l)]).size() == 0",
                           "strings.quote(s).size() == 0",
                           "(bytes(s) + bytes(s)).size() == 0",
                           "base64.encode(bytes(s)).size() == 0",
                           "string(b).size() == 0",
                           "l.transformMap(i, v, v).size() == 0",
                           "l.transformMapEntry(i, v, {v: v, string(v): v}).size() == 0",
                           "m.transformMap(k, v, [v]).size() == 0",
                           "m[?'k1'].hasValue()",
                           "m.?k1.or(m.?k2).hasValue()",
                           "s.reverse().size() == 0",
                           "s.upperAscii().size() == 0",
                           "l.filter(c, c >= 0).size() == 0",
                           "optional.unwrap([optional.of(b)]).size() == 0"}) {
    hostile.InLoops(body);
  }
}

// Of thousands of findings on one event few are kept; the others take neither the fuel of their messages nor the time to find
// their places.
TEST(Memory, OfFindingsThatAreNotKept) {
  std::shared_ptr<const Program> program = CompileText(
      "event Event by type { A { l: int[] s: string } }\n"
      "rule R \"r\" { on A as e for v in e.l require v < 0 message \"{e.s + e.s}\" }");
  ASSERT_NE(program, nullptr);
  EngineOptions options;
  options.fuel_per_event = 1'000'000;  // some 200 for each message
  const std::string event =
      R"({"type": "A", "l": [)" + Repeated("0", 10'000, ",") + R"(], "s": ")" + std::string(1'600, 'x') + R"("})";
  const std::vector<std::string> found = Judge(Engine(program, options), {event});
  ASSERT_EQ(found.size(), options.max_findings_per_event + 1);
  EXPECT_NE(found.back().find("9936 more findings"), std::string::npos) << found.back();
}

}  // namespace
}  // namespace edict::tests
