// The validator written by hand, that Edict is measured against, calls the same events invalid as Edict.
#include "bench/hand_validator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "bench/traffic.h"
#include "compiler/compiler.h"
#include "runtime/engine.h"

namespace edict::bench {
namespace {

const Engine& Agui() {
  static const Engine engine = [] {
    compiler::CompileOptions options;
    options.roots = {"agui.verify"};
    options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
    return Engine(compiler::Compile(options).value().program);
  }();
  return engine;
}

std::vector<uint64_t> InvalidForEdict(const std::string& text) {
  Stream stream = Agui().Open("s");
  std::vector<Finding> findings;
  std::vector<uint64_t> invalid;
  for (std::string_view line : Lines(text)) {
    findings.clear();
    stream.FeedRecord(line, 0, findings);
    if (!findings.empty()) invalid.push_back(stream.stats().events - 1);
  }
  return invalid;
}

std::vector<uint64_t> InvalidForHand(std::string text) {
  text.reserve(text.size() + 64);
  std::vector<uint64_t> invalid;
  const uint64_t count = HandValidator().Judge(text, &invalid);
  EXPECT_EQ(count, invalid.size());
  return invalid;
}

TEST(HandValidator, AgreesOnTraffic) {
  for (bool one_run : {false, true}) {
    for (bool shuffled : {false, true}) {
      const Traffic valid = MakeTraffic({5'000, 3, one_run, shuffled});
      EXPECT_EQ(InvalidForHand(valid.text), std::vector<uint64_t>{});
      EXPECT_EQ(InvalidForEdict(valid.text), std::vector<uint64_t>{});
      for (double share : {0.01, 0.4, 1.0}) {
        const Traffic broken = Break(valid, share, 4);
        EXPECT_EQ(InvalidForHand(broken.text).size(), broken.invalid);
        EXPECT_EQ(InvalidForHand(broken.text), InvalidForEdict(broken.text)) << share;
      }
    }
  }
}

// Runs whose events are dropped, doubled and swapped, so that what is open is not what was meant. Only the first invalid event
// of each run counts: behind it, what was refused and what was not may differ.
TEST(HandValidator, AgreesOnTheFirstFaultOfDisorder) {
  Random random(7);
  uint64_t faults = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Traffic valid = MakeTraffic({150, seed, seed % 3 == 0, false});
    std::vector<std::string_view> lines = Lines(valid.text);
    for (int i = 0; i < 3; ++i) {
      const size_t at = random.Below(static_cast<uint32_t>(lines.size() - 1));
      if (i == 0) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      if (i == 1) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), lines[at]);
      if (i == 2) std::swap(lines[at], lines[at + 1]);
    }
    std::string text;
    for (std::string_view line : lines) text += std::string(line) + "\n";
    std::vector<uint64_t> hand = InvalidForHand(text);
    std::vector<uint64_t> edict = InvalidForEdict(text);
    hand.resize(std::min<size_t>(hand.size(), 1));
    edict.resize(std::min<size_t>(edict.size(), 1));
    EXPECT_EQ(hand, edict) << "seed " << seed;
    faults += edict.size();
  }
  EXPECT_GT(faults, 30u);
}

// One event in a run, each with another fault of shape, or none.
TEST(HandValidator, AgreesOnShapes) {
  const char* events[] = {
      R"({"type":"TEXT_MESSAGE_START","messageId":"m","role":"assistant"})",
      R"({"type":"TEXT_MESSAGE_START","messageId":"m","role":"tool"})",
      R"({"type":"TEXT_MESSAGE_START","message\u0049d":"m"})",
      R"({"type":"STEP_STARTED","stepName":"s","timestamp":1760000000000.0})",
      R"({"type":"STEP_STARTED","stepName":"s","timestamp":1e400})",
      R"({"type":"STEP_STARTED","stepName":"s","timestamp":9007199254740993})",
      R"({"type":"STEP_STARTED","stepName":"s","metadata":[]})",
      R"({"type":"STEP_STARTED","stepName":"s","rawEvent":null})",
      R"({"type":"CUSTOM","name":"n","value":null})",
      R"({"type":"CUSTOM","name":"n"})",
      R"({"type":"RUN_ERROR","message":"m","subagentRunId":null})",
      R"({"type":"RUN_ERROR","message":"m","subagentRunId":7})",
      R"({"type":"RUN_ERROR","message":"m","usage":[{"inputTokens":-1}]})",
      R"({"type":"RUN_ERROR","message":"m","usage":[{"inputTokens":1}]})",
      R"({"type":"STATE_DELTA","delta":[{"op":"test","path":"/a~2","value":1}]})",
      R"({"type":"STATE_DELTA","delta":[{"path":"/a","value":null,"op":"test"}]})",
      R"({"type":"STATE_DELTA","delta":[{"op":"test","path":"/a"}]})",
      R"({"type":"STATE_DELTA","delta":[{"op":"move","path":"/a","from":"/b"}]})",
      R"({"type":"STATE_DELTA","delta":[{"op":"frob","path":"/a"}]})",
      R"({"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":{"type":"interrupt","interrupts":[]}})",
      R"({"type":"RUN_FINISHED","threadId":"t","runId":"r","outcome":{"type":"interrupt","interrupts":[{"id":"i","reason":"r"}]}})",
      R"({"type":"MESSAGES_SNAPSHOT","messages":[{"id":"a","role":"user","content":[{"type":"text","text":"x"}]}]})",
      R"({"type":"MESSAGES_SNAPSHOT","messages":[{"id":"a","role":"user","content":[{"type":"text"}]}]})",
      R"({"type":"MESSAGES_SNAPSHOT","messages":[{"id":"a","role":"nobody","content":""}]})",
      R"({"type":"TOOL_CALL_RESULT","messageId":"m","toolCallId":"c","content":[],"role":"user"})",
      R"({"type":"SUBAGENT_STARTED","subagentRunId":"s","name":"n","parentSubagentRunId":"none"})",
      R"({"type":"SUBAGENT_FINISHED","subagentRunId":"s"})",
      R"({"type":"SUBAGENT_STARTED","subagentRunId":"s","name":"n"})",
      R"({"type":"NO_TYPE"})",
      R"({"type":7})",
      R"({})",
      R"([])",
      R"(7)",
      "{\"type\":\"STEP_STARTED\",\"stepName\":\"\xff\"}",
      R"({"type":"STEP_STARTED","stepName":"s"} {})",
      R"({"type":"STEP_STARTED","stepName":"s")",
      R"({"type":"STEP_STARTED","stepName":"\q"})",
  };
  size_t invalid = 0;
  for (const char* event : events) {
    const std::string text = "{\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"r\"}\n" + std::string(event) + "\n";
    EXPECT_EQ(InvalidForHand(text), InvalidForEdict(text)) << event;
    invalid += InvalidForEdict(text).size();
  }
  EXPECT_GT(invalid, 20u);
  EXPECT_LT(invalid, std::size(events) - 8);
}

}  // namespace
}  // namespace edict::bench
