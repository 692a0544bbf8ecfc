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

namespace edict::tests {
namespace {

// Every kind of shape, fields that rules read and such that they do not, and states that are written in each way.
const char* const kRules = R"(
type Small = int where this >= -5 && this <= 5000
type Short = string where size(this) < 40 else TOO_LONG "too long"
type Part by kind {
  id: string
  text { text: string }
  data, blob { bytes: Short, size: Small? }
  otherwise reject
}
type Tree { name: string, children: Tree[] }
type Filled = string[] where size(this) > 0 else EMPTY "nothing in it"

event Event by type {
  time: Small?
  meta: object?
  A { id: string, mode: ("on" | "off" | "idle")?, n: int?, x: number?, ok: bool?, note: Short?, maybe: (string | null)? }
  B { id: string, parts: Part[], tree: Tree?, list: Filled?, nums: (int | string)[]? }
  C closed { id: string | int, any: any | null, props: map<string, int | bool>? }
  D { key: string, sub: string?, ref: string? }
  END { id: string }
  otherwise accept
}
state seen: map<string, string> bound 50
state last: string = "" bound 64
state count: int = 0
scope run from D to END { state inside: set<string> bound 20 }
lifecycle life by e.id {
  bound 30 keys
  A   : absent -> open
  A   : open -> open   else error LIFE_A "{key} is {state}"
  END : open -> absent else error LIFE_END "{key} is not open"
}
on A as e { count = count + 1 }
on A as e when has(e.note) { seen[e.id] = e.note }
on A as e when has(e.maybe) && e.maybe != null { last = e.maybe }
on B as e { for p in e.parts { seen[p.id] = p.kind when p.kind != "blob" } }
on D as e { inside += e.key }
rule N "n" { on A as e when has(e.n) && has(e.x) require e.n < 100 || e.x > 0.5 at e.n message "{e.n} {e.x}" }
rule M "mode" { on A as e when has(e.mode) && has(e.ok) require e.mode == "on" || e.ok at e.mode message "{e.mode}" }
rule P "parts" { on B as e require e.parts.all(p, p.id.size() < 30) at e.parts message "long" }
rule T "tree" { on B as e when has(e.tree) require e.tree.children.size() < 3 at e.tree message "{e.tree.name}" }
rule C1 "any" { on C as e require e.any != 7 at e.any message "{e.any}" }
rule D1 "sub" { on D as e when has(e.sub) require !(e.sub in seen) || seen[e.sub] != "x" at e.sub message "{e.sub}" }
rule D2 "dyn" { on D as e require !has(dyn(e).extra) || dyn(e).extra != null message "extra" }
rule Z "count" { on any as e require count < 200000 message "{count}" }
)";

const std::vector<std::string> kEvents = {
    R"({"type":"A","id":"a1","mode":"on","n":12,"x":1.5,"ok":true,"note":"hello","maybe":null,"time":17})",
    R"({"type":"A","id":"a1","n":250,"x":0.25})",
    R"({"type":"A","id":"an id that is longer than thirty-two bytes, so that it takes two looks","maybe":"m","meta":{"k":[1,2,{}]}})",
    R"({"type":"B","id":"b","parts":[{"kind":"text","id":"p1","text":"t"},{"id":"p2","kind":"data","bytes":"xyz","size":3}],"nums":[1,"2",3]})",
    R"({"type":"B","id":"b","parts":[],"tree":{"name":"root","children":[{"name":"leaf","children":[]}]},"list":["x"]})",
    R"({"type":"C","id":5,"any":{"deep":[[[1]]],"text":"é"},"props":{"a":1,"b":true}})",
    R"({"type":"C","id":"c","any":null})",
    R"({"type":"D","key":"k","sub":"p1","ref":"r"})",
    R"({"type":"END","id":"a1"})",
    R"({"type":"SOMETHING","else":[1,2,3]})",
};

const std::vector<std::string> kAgui = {
    R"({"type":"RUN_STARTED","threadId":"t","runId":"r","input":{"threadId":"t","runId":"r","messages":[{"id":"m0","role":"user","content":"hi"}]}})",
    R"({"type":"TEXT_MESSAGE_START","messageId":"d30cb663-22b9-40cb-ac98-9ca067c94c0a","role":"assistant","timestamp":1760897007508})",
    R"({"type":"TEXT_MESSAGE_CONTENT","messageId":"d30cb663-22b9-40cb-ac98-9ca067c94c0a","delta":" if","timestamp":1760897007668})",
    R"({"type":"TEXT_MESSAGE_CONTENT","messageId":"d30cb663-22b9-40cb-ac98-9ca067c94c0a","delta":"\ud83d and more than sixty-four bytes of text, so that the long way of a string is taken"})",
    R"({"type":"TEXT_MESSAGE_END","messageId":"d30cb663-22b9-40cb-ac98-9ca067c94c0a","subagentRunId":"s"})",
    R"({"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"f","parentMessageId":"m0"})",
    R"({"type":"TOOL_CALL_ARGS","toolCallId":"c1","delta":"{\"city\":\"Köln\"}"})",
    R"({"type":"TOOL_CALL_END","toolCallId":"c1"})",
    R"({"type":"STATE_DELTA","delta":[{"op":"add","path":"/a/0","value":null},{"op":"move","from":"/b","path":"/c~1d"}]})",
    R"({"type":"MESSAGES_SNAPSHOT","messages":[{"id":"m1","role":"assistant","toolCalls":[{"id":"c9","type":"function","function":{"name":"f","arguments":"{}"}}]},{"id":"m2","role":"user","content":[{"type":"text","text":"x"}]}]})",
    R"({"type":"STEP_STARTED","stepName":"s"})",
    R"({"type":"STEP_FINISHED","stepName":"s"})",
    R"({"type":"ACTIVITY_SNAPSHOT","messageId":"a","activityType":"PLAN","content":{"x":1},"replace":false})",
    R"({"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":{"type":"interrupt","interrupts":[{"id":"i","reason":"ask"}]},"usage":[{"inputTokens":3}]})",
    R"({"type":"RUN_ERROR","message":"bad"})",
};

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

TEST(InPlace, EveryKindOfShape) { Compare(CompileText(kRules), kEvents, 1); }

TEST(InPlace, AgUi) {
  for (const char* package : {"agui.verify", "agui.conformance"}) {
    compiler::CompileOptions options;
    options.roots = {package};
    options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
    Result<compiler::CompileResult> result = compiler::Compile(options);
    ASSERT_TRUE(result.ok()) << result.error().message;
    ASSERT_NE(result.value().program, nullptr) << Text(result.value());
    Compare(result.value().program, kAgui, 2);
  }
}

// One event by itself, which is not followed by others: the copy behind which can be read.
TEST(InPlace, SingleRecords) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  Engine reference(program);
  Engine native(program);
  ASSERT_TRUE(compiler::CompileNative(native).ok());
  Random random(3);
  for (uint64_t i = 0; i < Texts(); ++i) {
    std::vector<std::string> events;
    for (uint32_t line = 0; line < 10; ++line) events.push_back(Mutated(random.Pick(kEvents), random));
    ASSERT_EQ(Judge(native, events), Judge(reference, events)) << "text " << i;
  }
}

// Bounds that refuse a write are found in place as well.
TEST(InPlace, RefusedWrites) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
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
