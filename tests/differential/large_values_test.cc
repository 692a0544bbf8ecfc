// Large values that no rule reads, scanned by several threads: events are judged as by the interpreter, which parses all of them,
// also where one byte of them is damaged, and by several threads indeed.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/helpers.h"
#include "tests/support/judge.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr const char* kRules = R"(
event Event by type { A { id: string, value: any? } }
rule SEEN "once" { on A as e require e.id != "x" message "{e.id}" }
)";

// That count how often they help.
class CountingHelpers final : public Helpers {
 public:
  explicit CountingHelpers(unsigned threads) : helpers_(MakeHelpers(threads)) {}
  unsigned threads() const override { return helpers_->threads(); }
  bool ForEach(size_t count, const std::function<void(size_t)>& work) override {
    ++calls;
    return helpers_->ForEach(count, work);
  }
  std::atomic<size_t> calls{0};

 private:
  const std::shared_ptr<Helpers> helpers_;
};

// Of more than a megabyte, with what looks like JSON in its strings.
std::string LargeValue(Random& random) {
  std::string text = random.Chance(50) ? "[" : R"({"items":[)";
  const bool list = text.size() == 1;
  while (text.size() < (1u << 20)) {
    text += R"({"id":)" + std::to_string(random.Below(1'000'000)) +
            R"(,"text":"a, \"b\",{\"c\":[ é","list":[1.5,-2e3,true,null,["x","y"],{}],"o":{"k":{"k":[]}}},)";
    if (random.Chance(1)) text += "\"" + std::string(random.Below(300'000), 'x') + "\",";
  }
  text.back() = ']';
  return list ? text : text + ",\"more\":[1,2]}";
}

std::vector<std::string> Events(uint64_t seed) {
  Random random(seed);
  std::vector<std::string> events;
  for (int i = 0; i < 6; ++i) {
    std::string event = R"({"type":"A","id":)" + std::string(random.Chance(20) ? "\"x\"" : "\"y\"") +
                        ",\"value\":" + LargeValue(random) + (random.Chance(50) ? ",\"other\":" + LargeValue(random) + "}" : "}");
    constexpr char kBytes[] = "{}[]\",:\\ 1t-\x01\xFF";
    if (random.Chance(40)) event[random.Below(event.size())] = kBytes[random.Below(sizeof kBytes - 1)];
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<std::string> JudgeWith(const Engine& engine, const std::shared_ptr<Helpers>& helpers,
                                   const std::vector<std::string>& events) {
  Stream stream = engine.Open("s");
  stream.UseHelpers(helpers);
  std::vector<Finding> findings;
  for (const std::string& event : events) stream.FeedRecord(event, 0, findings);
  stream.Finish(findings);
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(FindingLine(finding));
  return lines;
}

TEST(LargeValues, HelpersChangeNoFinding) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  const Engine reference(program);
  Engine native(program);
  ASSERT_TRUE(compiler::CompileNative(native).ok());
  for (const unsigned threads : {2u, 3u}) {
    const auto helpers = std::make_shared<CountingHelpers>(threads);
    for (uint64_t seed = 0; seed < 12; ++seed) {
      const std::vector<std::string> events = Events(seed * 10 + threads);
      ASSERT_EQ(JudgeWith(native, helpers, events), JudgeWith(reference, nullptr, events)) << seed;
    }
    EXPECT_GT(helpers->calls.load(), 20u);
  }
}

}  // namespace
}  // namespace edict::tests
