// The cache of array elements: events whose arrays repeat, with some of their bytes changed at random, are judged the same by
// the interpreter and by native code with the cache on, off and left to itself, and leave the same state.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "compiler/codegen/codegen.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/program/element_loops.h"
#include "tests/support/json_mutation.h"
#include "tests/support/judge.h"
#include "tests/support/rule_folder.h"
#include "tests/support/shape_rules.h"

namespace edict::tests {
namespace {

// What stands around an array, with % in place of it.
using Frames = std::vector<std::string>;

constexpr const char* kText = "some text that is long enough for the element to be kept, which takes sixty-four bytes";

std::vector<std::string> Messages(int texts = 1) {
  std::string text;
  for (int i = 0; i < texts; ++i) text += kText;
  std::vector<std::string> messages;
  for (int i = 0; i < 12; ++i) {
    const std::string id = R"({"id":"message-)" + std::to_string(i) + "\"";
    const std::string call =
        R"([{"id":"call-)" + std::to_string(i) + R"(","type":"function","function":{"name":"f","arguments":"{}"}}])";
    messages.push_back(id + R"(,"role":"user","content":")" + text + "\"}");
    messages.push_back(id + R"(,"role":"assistant","content":"a \"quoted\" \u00e9 text","toolCalls":)" + call + "}");
    messages.push_back(id + R"(,"role":"reasoning","content":")" + text + R"(","subagentRunId":"sub"})");
    messages.push_back(
        id + R"(,"role":"user","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"url","value":"u"}}]})");
    messages.push_back(id + R"(,"role":"activity","activityType":"PLAN","content":{"a":[1,2.5,null,{"a":1,"a":2}]}})");
  }
  messages.emplace_back(R"({"id":"short","role":"user","content":"hi"})");
  messages.emplace_back(R"({"id":"bad","role":"nobody","content":")" + text + "\"}");
  messages.emplace_back(R"({"id":7,"role":"user","content":")" + text + "\"}");
  return messages;
}

const Frames kMessageFrames = {
    R"({"type":"MESSAGES_SNAPSHOT","messages":%})",
    R"({"messages":%,"type":"MESSAGES_SNAPSHOT","timestamp":5})",
    R"({"type":"RUN_STARTED","threadId":"t","runId":"r","input":{"threadId":"t","runId":"r","messages":%,"tools":[],"context":[]}})",
    R"({"type":"RUN_FINISHED","threadId":"t","runId":"r"})",
    R"({"type":"TEXT_MESSAGE_START","messageId":"message-1","subagentRunId":"other"})",
};

std::vector<std::string> Parts() {
  std::vector<std::string> parts;
  for (int i = 0; i < 40; ++i) {
    const std::string id = R"("id":"part-)" + std::to_string(i) + "\"";
    parts.push_back(R"({"kind":"text",)" + id + R"(,"text":")" + kText + "\"}");
    parts.push_back(R"({"kind":"data",)" + id + R"(,"bytes":"thirty-nine bytes are the most of th","size":17})");
    parts.push_back(R"({)" + id + R"(,"kind":"blob","bytes":"x","more":[{"a":"some more, which nobody has declared"}]})");
  }
  parts.emplace_back(R"({"kind":"data","id":"part-x","bytes":"this is longer than what is allowed to be there"})");
  return parts;
}

const Frames kPartFrames = {
    R"({"type":"B","id":"b","parts":%})",
    R"({"type":"B","id":"b","list":["x"],"parts":%,"nums":[1,"2"]})",
    R"({"type":"END","id":"b"})",
};

// Histories that grow, shrink and start anew; now and then something in one is changed.
class Conversation {
 public:
  Conversation(const std::vector<std::string>& elements, const Frames& frames, uint64_t seed)
      : elements_(elements), frames_(frames), random_(seed) {}

  std::string Line() {
    if (random_.Chance(5)) history_.clear();
    if (!history_.empty() && random_.Chance(10)) history_.erase(history_.begin());
    for (uint32_t more = random_.Below(4); more > 0; --more) {
      // Nearly always valid, so that most events stay on the short way.
      const auto last = static_cast<uint32_t>(elements_.size() - 1);
      history_.push_back(elements_[random_.Chance(2) ? last - random_.Below(2) : random_.Below(last - 1)]);
    }
    if (history_.size() > 30) history_.erase(history_.begin(), history_.begin() + 20);
    std::vector<std::string> sent = history_;
    if (!sent.empty() && random_.Chance(8)) {
      std::string& element = sent[random_.Below(static_cast<uint32_t>(sent.size()))];
      element = Mutated(element, random_);
    }
    std::string array;
    for (const std::string& element : sent) array += (array.empty() ? "" : random_.Chance(5) ? " , " : ",") + element;
    std::string line = random_.Pick(frames_);
    if (const size_t at = line.find('%'); at != std::string::npos) line.replace(at, 1, "[" + array + "]");
    return random_.Chance(4) ? Mutated(line, random_) : line;
  }

 private:
  const std::vector<std::string>& elements_;
  const Frames& frames_;
  Random random_;
  std::vector<std::string> history_;
};

// By lines at once, or one record after the other.
std::vector<std::string> JudgeLines(const Engine& engine, const std::vector<std::string>& lines, bool at_once) {
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  std::string text;
  uint64_t offset = 0;
  for (const std::string& line : lines) {
    text += line + "\n";
    if (!at_once) stream.FeedRecord(line, offset, findings);
    offset += line.size() + 1;
  }
  if (at_once) stream.FeedLines(text, 0, findings);
  stream.Finish(findings);
  std::vector<std::string> all;
  for (const Finding& finding : findings) all.push_back(FindingLine(finding));
  all.push_back(std::to_string(stream.stats().events) + " events, " + std::to_string(stream.stats().state_bytes) +
                " bytes of state");
  return all;
}

std::shared_ptr<const Program> Package(const std::string& name) {
  compiler::CompileOptions options;
  options.roots = {name};
  options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
  return compiler::Compile(options).value().program;
}

// Engines of one Program that share native code.
class Engines {
 public:
  explicit Engines(std::shared_ptr<const Program> program) : program_(std::move(program)) {
    native_.cache = std::make_shared<ObjectCache>(folder_.path());
  }
  Engine Native(CacheMode mode, EngineOptions options = {}) {
    options.cache = mode;
    Engine engine(program_, options);
    const Status made = compiler::CompileNative(engine, native_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return engine;
  }
  Engine Interpreter(EngineOptions options = {}) { return Engine(program_, options); }

 private:
  RuleFolder folder_;
  std::shared_ptr<const Program> program_;
  compiler::NativeOptions native_;
};

void Compare(const std::shared_ptr<const Program>& program, const std::vector<std::string>& elements, const Frames& frames) {
  ASSERT_NE(program, nullptr);
  Engines engines(program);
  const Engine reference = engines.Interpreter();
  EngineOptions small;
  small.max_cache_bytes = 64 << 10;
  const Engine natives[] = {engines.Native(CacheMode::kOff), engines.Native(CacheMode::kOn), engines.Native(CacheMode::kOn, small),
                            engines.Native(CacheMode::kAuto)};
  uint64_t clean = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Conversation conversation(elements, frames, seed);
    std::vector<std::string> lines;
    for (int i = 0; i < 30; ++i) lines.push_back(conversation.Line());
    const bool at_once = seed % 2 == 0;  // a damaged line may hold a line break
    const std::vector<std::string> expected = JudgeLines(reference, lines, at_once);
    clean += expected.size() < lines.size() ? 1 : 0;
    for (const Engine& native : natives) {
      ASSERT_EQ(JudgeLines(native, lines, at_once), expected) << "conversation " << seed << ", engine " << &native - natives;
    }
  }
  EXPECT_GT(clean, 100u) << "nearly everything is invalid: the cache is not used";
  EXPECT_EQ(natives[0].cache_stats().hits, 0u);
  const CacheStats on = natives[1].cache_stats();
  EXPECT_GT(on.hits, 10'000u);
  EXPECT_GT(on.hits, on.misses * 4);
  EXPECT_EQ(on.evictions, 0u);
  const CacheStats tight = natives[2].cache_stats();
  EXPECT_GT(tight.hits, 1'000u);
  EXPECT_LE(tight.bytes, tight.max_bytes);
}

TEST(Cache, EveryKindOfShape) { Compare(CompileText(kShapeRules), Parts(), kPartFrames); }
TEST(Cache, AguiVerify) { Compare(Package("agui.verify"), Messages(), kMessageFrames); }
TEST(Cache, AguiPipeline) { Compare(Package("agui.pipeline"), Messages(), kMessageFrames); }
TEST(Cache, AguiConformance) { Compare(Package("agui.conformance"), Messages(), kMessageFrames); }

// Fuel runs out at the same step.
TEST(Cache, TakesTheSameFuel) {
  Engines engines(CompileText(kShapeRules));
  std::string array;
  for (const std::string& part : Parts()) {
    if (part.find("longer") == std::string::npos) array += (array.empty() ? "" : ",") + part;
  }
  const std::string event = R"({"type":"B","id":"b","parts":[)" + array + "]}";
  const std::vector<std::string> lines = {event, event, event};
  int64_t enough = 0;
  for (int64_t step = 1 << 20; step > 0; step /= 2) {
    EngineOptions options;
    options.fuel_per_event = enough + step;
    if (JudgeLines(engines.Interpreter(options), lines, false).size() > 1) enough += step;
  }
  ASSERT_GT(enough, 100);  // the most that is too little
  for (int64_t fuel : {enough, enough + 1, enough / 2, int64_t{50}, int64_t{1}}) {
    EngineOptions options;
    options.fuel_per_event = fuel;
    const std::vector<std::string> expected = JudgeLines(engines.Interpreter(options), lines, false);
    EXPECT_EQ(expected.size() > 1, fuel <= enough);
    // What is known was found with all the fuel.
    const Engine warm = engines.Native(CacheMode::kOn);
    JudgeLines(warm, lines, true);
    Engine native = engines.Native(CacheMode::kOn, options);
    native.ShareCache(warm);
    const uint64_t before = native.cache_stats().hits;
    EXPECT_EQ(JudgeLines(native, lines, true), expected) << "fuel " << fuel;
    if (fuel > enough) {
      EXPECT_GE(native.cache_stats().hits, before + 3 * 100);
    }
  }
}

// A Program that takes the place of another: what is the same in both stays known, and what is not, is not.
TEST(Cache, OutlivesAProgram) {
  const std::string rules = kShapeRules;
  const std::string stricter = std::string(rules).replace(rules.find("size(this) < 40"), 15, "size(this) < 20");
  const std::string other_rule = std::string(rules).replace(rules.find("e.n < 100"), 9, "e.n < 101");
  std::vector<std::string> lines;
  std::string array;
  for (const std::string& part : Parts()) {
    if (part.find("longer") == std::string::npos) array += (array.empty() ? "" : ",") + part;
  }
  lines.assign(3, R"({"type":"B","id":"b","parts":[)" + array + "]}");
  const Engine first = Engines(CompileText(rules)).Native(CacheMode::kOn);
  EXPECT_EQ(JudgeLines(first, lines, true).size(), 1u);
  for (const std::string& text : {other_rule, stricter}) {
    Engines engines(CompileText(text));
    Engine next = engines.Native(CacheMode::kOn);
    next.ShareCache(first);
    const uint64_t misses = next.cache_stats().misses;
    EXPECT_EQ(JudgeLines(next, lines, true), JudgeLines(engines.Interpreter(), lines, false));
    if (text == other_rule) {
      EXPECT_EQ(next.cache_stats().misses, misses);
    }
    if (text == stricter) {
      EXPECT_GT(JudgeLines(next, lines, true).size(), 1u);
    }
  }
}

// What is remembered of loops: the rounds that depend on nothing but the element, and no others.
constexpr const char* kLoops = R"(
event Event by type {
  A { items: any[], limit: int?, more: any[]? }
  OTHER { }
}
state seen: map<string, string> bound 1_000
state held: map<string, string> bound 1_000
state part_of: map<string, string> bound 12
state first: map<string, string> bound 1_000
state last: string = "" bound 1_000
on OTHER { last = last + "x" }
on A as e {
  for m in e.items { seen[string(dyn(m).id)] = string(dyn(m).text) when has(dyn(m).text) }
  for m in e.items { held[string(dyn(m).id)] = last when has(dyn(m).text) }
  for m in e.items { for n in dyn(m).?parts.orValue([]) { part_of[string(n)] = string(dyn(m).id) } }
}
on A as e when has(e.limit) {
  for m in e.items.transformList(i, m, e.items[size(e.items) - 1 - i]) { first[string(dyn(m).id)] = string(dyn(m).text) when has(dyn(m).text) }
}
rule SHORT "short" { on A as e for m in e.items require size(string(dyn(m).id)) < 9 at e.items message "{dyn(m).id}" }
rule LIMIT "limit" { on A as e when has(e.limit) for m in e.items require size(string(dyn(m).id)) < e.limit message "{dyn(m).id}" }
rule SEEN "seen" { on A as e for m in e.items require !(string(dyn(m).id) in seen) || size(last) < 9 message "{dyn(m).id}" }
rule INDEX "index" { on A as e for m, i in e.items require i < 100 || has(dyn(m).id) message "{i}" }
rule ANY "any" { on A as e for m in dyn(e).items require size(string(m.id)) < 20 message "{m.id}" }
rule ROUND "round" { on A as e for m in e.items for n in dyn(m).?parts.orValue([]) require n != dyn(m).text message "{n}" }
)";

TEST(Cache, Loops) {
  const std::shared_ptr<const Program> program = CompileText(kLoops);
  ASSERT_NE(program, nullptr);
  std::vector<std::string> found;
  for (const ElementLoop& loop : FindElementLoops(*program)) {
    const EventType& event = program->events[loop.event];
    found.push_back(loop.check != kNone ? program->codes[event.checks[loop.check].code].code
                                        : "effect " + std::to_string(loop.effect));
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"ANY", "ROUND", "SHORT", "effect 0", "effect 2", "effect 3"}));

  std::vector<std::string> items;
  for (int i = 0; i < 30; ++i) {
    const std::string id = R"({"id":"m)" + std::to_string(i) + "\"";
    items.push_back(id + R"(,"text":")" + kText + "\"}");
    items.push_back(id + R"(,"parts":["a","b",")" + std::to_string(i) + R"("],"text":")" + kText + "\"}");
    items.push_back(id + R"(,"more":")" + kText + "\"}");
  }
  items.emplace_back(R"({"id":"longer than nine bytes","text":")" + std::string(kText) + "\"}");
  items.emplace_back(R"({"id":"m","parts":["x","y"],"text":"x","more":")" + std::string(kText) + "\"}");
  const Frames frames = {R"({"type":"A","items":%})", R"({"limit":30,"type":"A","items":%,"more":[]})", R"({"type":"OTHER"})"};
  Compare(program, items, frames);
}

// Native code asks the cache in each of them.
TEST(Cache, LoopsAreAskedFor) {
  for (const std::shared_ptr<const Program>& program : {CompileText(kLoops), Package("agui.verify"), Package("agui.pipeline")}) {
    codegen::CodegenOptions options;
    options.optimization = 0;
    const Result<std::string> text = codegen::Generate(*program, options, codegen::CodegenOutput::kLlvm);
    ASSERT_TRUE(text.ok());
    const size_t loops = FindElementLoops(*program).size();
    for (size_t loop = 0; loop < loops; ++loop) {
      const std::string call = "@edict_native_known_rounds(ptr %0, i32 " + std::to_string(loop) + ",";
      EXPECT_NE(text.value().find(call), std::string::npos) << loop << " of " << loops;
    }
  }
}

// All that these packages write for the messages of a history is remembered.
TEST(Cache, LoopsOfPackages) {
  for (const char* package : {"agui.verify", "agui.pipeline", "agui.conformance"}) {
    const std::shared_ptr<const Program> program = Package(package);
    ASSERT_NE(program, nullptr);
    const std::vector<ElementLoop> found = FindElementLoops(*program);
    size_t looped = 0;
    for (uint32_t event = 0; event < program->events.size(); ++event) {
      const EventType& type = program->events[event];
      if (type.name != "MESSAGES_SNAPSHOT" && type.name != "RUN_STARTED") continue;
      for (uint32_t i = 0; i < type.effects.size(); ++i) {
        // What is erased, for the lanes of agui.pipeline, is not.
        if (type.effects[i].loops.empty() || type.effects[i].kind == EffectKind::kErase) continue;
        ++looped;
        EXPECT_EQ(std::count(found.begin(), found.end(), ElementLoop{event, kNone, kNone, i}), 1) << package << " " << type.name;
      }
    }
    EXPECT_GE(looped, 4u) << package;
  }
}

// Turns of a conversation, each of which sends what was said before, or as much that is new.
std::vector<std::string> Turns(uint64_t turns, bool repeat) {
  std::vector<std::string> lines;
  std::vector<std::string> history;
  int id = 0;
  for (uint64_t turn = 1; turn <= turns; ++turn) {
    if (!repeat) history.clear();
    while (history.size() < 4 * turn) {
      history.push_back(R"({"id":"message-)" + std::to_string(id++) + R"(","role":"user","content":")" + kText + R"("})");
    }
    std::string array;
    for (const std::string& message : history) array += (array.empty() ? "" : ",") + message;
    const std::string ids = R"("threadId":"t","runId":"r)" + std::to_string(turn) + R"(")";
    lines.push_back(R"({"type":"RUN_STARTED",)" + ids + R"(,"input":{)" + ids + R"(,"messages":[)" + array +
                    R"(],"tools":[],"context":[]}})");
    if (repeat) lines.push_back(R"({"type":"MESSAGES_SNAPSHOT","messages":[)" + array + "]}");
    lines.push_back(R"({"type":"RUN_FINISHED",)" + ids + "}");
  }
  return lines;
}

// Left to itself, the cache finds nearly everything where a history is sent again, and keeps nothing at all where none is.
TEST(Cache, IsUsedWhereSomethingRepeats) {
  Engines engines(Package("agui.verify"));
  constexpr uint64_t kTurns = 40;
  constexpr uint64_t kMessages = 2 * 4 * kTurns * (kTurns + 1) / 2;
  for (const bool at_once : {false, true}) {
    const std::vector<std::string> said = Turns(kTurns, true);
    const std::vector<std::string> expected = JudgeLines(engines.Interpreter(), said, at_once);
    ASSERT_EQ(expected.size(), 1u) << expected[0];
    const Engine on = engines.Native(CacheMode::kOn);
    EXPECT_EQ(JudgeLines(on, said, at_once), expected);
    EXPECT_EQ(on.cache_stats().misses, 4 * kTurns);
    EXPECT_EQ(on.cache_stats().hits, kMessages - 4 * kTurns) << "97 of 100";
    EXPECT_EQ(on.cache_stats().elements, 4 * kTurns);
    const Engine automatic = engines.Native(CacheMode::kAuto);
    EXPECT_EQ(JudgeLines(automatic, said, at_once), expected);
    EXPECT_GT(automatic.cache_stats().hits, kMessages / 2);

    const std::vector<std::string> fresh = Turns(kTurns, false);
    const Engine unused = engines.Native(CacheMode::kAuto);
    EXPECT_EQ(JudgeLines(unused, fresh, at_once), JudgeLines(engines.Interpreter(), fresh, at_once));
    EXPECT_EQ(unused.cache_stats().hits + unused.cache_stats().misses, 0u);
    EXPECT_EQ(unused.cache_stats().elements, 0u);
    EXPECT_EQ(unused.cache_stats().bytes, 0u);
  }
}

// More conversations take turns than are remembered in one piece, and they begin alike.
TEST(Cache, ConversationsThatTakeTurns) {
  Engines engines(Package("agui.verify"));
  std::vector<std::string> lines = {R"({"type":"RUN_STARTED","threadId":"t","runId":"r"})"};
  for (int turn = 1; turn <= 12; ++turn) {
    for (int i = 0; i < 7; ++i) {
      std::string array;
      for (int message = 0; message < 3 * turn; ++message) {
        const int id = message < i ? message : 1'000 * i + message;  // the first ones are those of others, too
        array += std::string(array.empty() ? "" : ",") + R"({"id":"message-)" + std::to_string(id) +
                 R"(","role":"user","content":")" + kText + R"("})";
      }
      lines.push_back(R"({"type":"MESSAGES_SNAPSHOT","messages":[)" + array + "]}");
    }
  }
  for (const uint64_t max_bytes : {uint64_t{32} << 20, uint64_t{256} << 10}) {
    EngineOptions options;
    options.max_cache_bytes = max_bytes;
    const Engine on = engines.Native(CacheMode::kOn, options);
    for (const bool at_once : {false, true}) {
      EXPECT_EQ(JudgeLines(on, lines, at_once), JudgeLines(engines.Interpreter(), lines, at_once));
    }
    EXPECT_GT(on.cache_stats().hits, 1'000u);
    EXPECT_LE(on.cache_stats().bytes, on.cache_stats().max_bytes);
  }
}

// Many threads, one engine, and hardly room for what they send.
TEST(Cache, Threads) {
  Engines engines(Package("agui.verify"));
  EngineOptions small;
  small.max_cache_bytes = 64 << 10;
  const Engine native = engines.Native(CacheMode::kOn, small);
  const Engine reference = engines.Interpreter();
  const std::vector<std::string> messages = Messages(10);
  std::vector<std::vector<std::string>> lines(4);
  std::vector<std::vector<std::string>> expected;
  std::vector<std::vector<std::string>> expected_apart;
  for (uint64_t i = 0; i < lines.size(); ++i) {
    Conversation conversation(messages, kMessageFrames, 1'000 + i / 2);  // two of them the same
    for (int line = 0; line < 200; ++line) lines[i].push_back(conversation.Line());
    expected.push_back(JudgeLines(reference, lines[i], true));
    expected_apart.push_back(JudgeLines(reference, lines[i], false));
  }
  std::vector<std::thread> threads;
  std::vector<int> wrong(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        wrong[i] += JudgeLines(native, lines[i], true) != expected[i] ? 1 : 0;
        wrong[i] += JudgeLines(native, lines[i], false) != expected_apart[i] ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(lines.size()));
  EXPECT_GT(native.cache_stats().hits, 10'000u);
  EXPECT_GT(native.cache_stats().evictions, 100u);
  EXPECT_LE(native.cache_stats().bytes, native.cache_stats().max_bytes);
}

}  // namespace
}  // namespace edict::tests
