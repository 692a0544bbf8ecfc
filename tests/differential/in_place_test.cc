// Events that native code judges in place, against the tape and the interpreter: texts of every notation, right and damaged,
// give the same findings and leave the same state. EDICT_IN_PLACE_TEXTS=count tries so many texts of each rule set.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/state/reader.h"
#include "tests/support/json_mutation.h"
#include "tests/support/judge.h"
#include "tests/support/rule_folder.h"
#include "tests/support/shape_rules.h"

namespace edict::tests {
namespace {

struct Judged {
  std::vector<std::string> lines;
  std::string stats;
  uint64_t in_place = 0;  // bytes
};

Judged JudgeText(const Engine& engine, const std::string& text) {
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  Judged judged;
  judged.in_place = stream.TakeLines(text, 0, findings);
  stream.FeedLines(std::string_view(text).substr(judged.in_place), judged.in_place, findings);
  stream.Finish(findings);
  for (const Finding& finding : findings) judged.lines.push_back(FindingLine(finding));
  const StreamStats& s = stream.stats();
  judged.stats = std::to_string(s.events) + " events, " + std::to_string(s.not_validated) + " not validated, " +
                 std::to_string(s.findings[2]) + " errors, " + std::to_string(s.state_bytes) + " bytes of state";
  return judged;
}

uint64_t Texts() {
  const char* count = std::getenv("EDICT_IN_PLACE_TEXTS");
  return count != nullptr ? std::strtoull(count, nullptr, 10) : 1'500;
}

// Every text is a stream of some twenty lines.
void Compare(const std::shared_ptr<const Program>& program, const std::vector<std::string>& events, uint64_t seed) {
  ASSERT_NE(program, nullptr);
  Engine reference(program);
  Engine native(program);
  const Status made = compiler::CompileNative(native);
  ASSERT_TRUE(made.ok()) << made.error().message;
  Random random(seed);
  uint64_t found = 0;
  uint64_t clean = 0;
  const uint64_t texts = Texts();
  for (uint64_t i = 0; i < texts; ++i) {
    std::string text;
    const uint32_t lines = 1 + random.Below(20);
    const bool mutates = random.Chance(80);
    for (uint32_t line = 0; line < lines; ++line) {
      const std::string& event = i % 3 == 0 ? events[line % events.size()] : random.Pick(events);
      text += (mutates ? Mutated(event, random) : event) + (random.Chance(3) ? "\r\n" : "\n");
    }
    const Judged expected = JudgeText(reference, text);
    const Judged actual = JudgeText(native, text);
    for (size_t at = 0; at < std::max(actual.lines.size(), expected.lines.size()); ++at) {
      ASSERT_EQ(at < actual.lines.size() ? actual.lines[at] : "(nothing)",
                at < expected.lines.size() ? expected.lines[at] : "(nothing)")
          << "text " << i << ", finding " << at << "\n"
          << text;
    }
    ASSERT_EQ(actual.stats, expected.stats) << "text " << i << "\n" << text;
    ASSERT_EQ(expected.in_place, 0u);
    found += expected.lines.size();
    clean += actual.in_place;
  }
  EXPECT_GT(found, texts);
  EXPECT_GT(clean, texts * 50);
}

TEST(InPlace, EveryKindOfShape) { Compare(CompileText(kShapeRules), ShapeEvents(), 1); }

TEST(InPlace, AgUi) {
  for (const char* package : {"agui.verify", "agui.conformance"}) {
    compiler::CompileOptions options;
    options.roots = {package};
    options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
    Result<compiler::CompileResult> result = compiler::Compile(options);
    ASSERT_TRUE(result.ok()) << result.error().message;
    ASSERT_NE(result.value().program, nullptr) << Text(result.value());
    Compare(result.value().program, AguiEvents(), 2);
  }
}

// One event by itself, which is not followed by others: the copy behind which can be read.
TEST(InPlace, SingleRecords) {
  const std::shared_ptr<const Program> program = CompileText(kShapeRules);
  Engine reference(program);
  Engine native(program);
  ASSERT_TRUE(compiler::CompileNative(native).ok());
  Random random(3);
  for (uint64_t i = 0; i < Texts(); ++i) {
    std::vector<std::string> events;
    for (uint32_t line = 0; line < 10; ++line) events.push_back(Mutated(random.Pick(ShapeEvents()), random));
    ASSERT_EQ(Judge(native, events), Judge(reference, events)) << "text " << i;
  }
}

// Names and texts that JSON writes with escapes: their own bytes, between quotes, are another string or none.
TEST(InPlace, TextsThatNeedEscapes) {
  const std::shared_ptr<const Program> program = CompileText(R"(
type Part by kind { id: string  "p\\n" { n: int }  otherwise reject }
event Event by type {
  A { id: string, mode: ("o\\n" | "a\"b" | "x\ty" | "plain")?, part: Part? }
  "B\\n" { id: string }
  C { "k\\n": int? }
}
state n: int = 0
on A, C as e { n += 1 }
rule R "r" { on any as e require n < 1000 message "{n}" }
)");
  ASSERT_NE(program, nullptr);
  Engine reference(program);
  Engine native(program);
  ASSERT_TRUE(compiler::CompileNative(native).ok());
  for (const char* event :
       {R"({"type":"A","id":"1","mode":"plain"})", R"({"type":"A","id":"1","mode":"o\n"})",
        R"({"type":"A","id":"1","mode":"o\\n"})", R"({"type":"A","id":"1","mode":"a"b"})", R"({"type":"A","id":"1","mode":"a\"b"})",
        "{\"type\":\"A\",\"id\":\"1\",\"mode\":\"x\ty\"}", R"({"type":"A","id":"1","mode":"x\ty"})", R"({"type":"B\n","id":"1"})",
        R"({"type":"B\\n","id":"1"})", R"({"id":"1","type":"B\n"})", R"({"id":"1","type":"B\\n"})", R"({"type":"C","k\n":1})",
        R"({"type":"C","k\\n":1})", R"({"type":"C","k\\n":"1"})", R"({"type":"A","id":"1","part":{"kind":"p\n","id":"","n":1}})",
        R"({"type":"A","id":"1","part":{"kind":"p\\n","id":"","n":1}})"}) {
    // Twice: the second time the order of members is expected.
    const std::string text = std::string(event) + "\n" + event + "\n";
    EXPECT_EQ(JudgeText(native, text).lines, JudgeText(reference, text).lines) << event;
  }
}

// Bounds that refuse a write are found in place as well.
TEST(InPlace, RefusedWrites) {
  const std::shared_ptr<const Program> program = CompileText(kShapeRules);
  Engine reference(program);
  Engine native(program);
  ASSERT_TRUE(compiler::CompileNative(native).ok());
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += R"({"type":"A","id":"id)" + std::to_string(i) + R"(","note":"n"})" + "\n";
    text += R"({"type":"D","key":"key"})"
            "\n";
  }
  const Judged expected = JudgeText(reference, text);
  const Judged actual = JudgeText(native, text + std::string(100, '\n'));
  EXPECT_EQ(actual.lines, expected.lines);
  EXPECT_EQ(actual.stats, expected.stats);
  EXPECT_GE(actual.in_place, text.size());
  EXPECT_GT(expected.lines.size(), 50u);
}

}  // namespace
}  // namespace edict::tests
