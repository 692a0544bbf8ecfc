// Many streams on several threads, against a StreamSet that is fed one record after the other: the same findings in the same
// order, whatever the number of threads, the size of blocks, the limits and the damage. EDICT_PARALLEL_TEXTS=count tries so
// many inputs.
#include "runtime/parallel_streams.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/json/document.h"
#include "runtime/json/pointer.h"
#include "runtime/schedule/stateless_lines.h"
#include "runtime/stream_set.h"
#include "runtime/value/json_node.h"
#include "runtime/value/value.h"
#include "tests/support/json_mutation.h"
#include "tests/support/judge.h"
#include "tests/support/rule_folder.h"
#include "tests/support/shape_rules.h"

namespace edict::tests {
namespace {

uint64_t Texts() {
  const char* count = std::getenv("EDICT_PARALLEL_TEXTS");
  return count != nullptr ? std::strtoull(count, nullptr, 10) : 60;
}

struct Input {
  std::string text;
  StreamSetOptions limits;
  std::string payload;
};

std::vector<std::string> Lines(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(finding.stream + ": " + FindingLine(finding));
  return lines;
}

// As a reader of the documentation would do it.
std::vector<std::string> OneByOne(const Engine& engine, const Input& input) {
  StreamSet streams(engine, input.limits);
  std::vector<Finding> found;
  JsonParser parser;
  for (size_t at = 0; at < input.text.size();) {
    const size_t end = std::min(input.text.find('\n', at), input.text.size());
    std::string_view line = std::string_view(input.text).substr(at, end - at);
    const uint64_t offset = std::exchange(at, end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto stray = [&](const std::string& why, uint64_t where) { streams.At("input", found).FeedFault(why, where, found); };
    const JsonNode* root = parser.Parse(line, JsonLimits{});
    if (root == nullptr) {
      stray(parser.fault().message, offset + parser.fault().offset);
      continue;
    }
    const JsonNode* key = ResolvePointer(*root, "/key");
    const JsonNode* event = ResolvePointer(*root, input.payload);
    if (key == nullptr) {
      stray("the record has no stream key at /key", offset);
    } else if (event == nullptr) {
      stray("the record has no event at " + input.payload, offset);
    } else {
      const bool quoted = !input.payload.empty() && event->kind == JsonKind::kString;
      const std::string name = ToMessageText(FromJson(*key));
      const std::string text(quoted ? event->text() : SourceText(*event, line));
      streams.At(name, found).FeedRecord(text, offset + event->offset, found);
    }
  }
  streams.FinishAll(found);
  return Lines(found);
}

std::vector<std::string> InParallel(const Engine& engine, const Input& input, unsigned threads, Random& random,
                                    StreamSetStats* stats) {
  ParallelOptions options;
  options.threads = threads;
  options.streams = input.limits;
  options.key = "/key";
  options.payload = input.payload;
  ParallelStreams streams(engine, options);
  std::vector<Finding> found;
  std::string_view rest = input.text;
  uint64_t offset = 0;
  while (!rest.empty()) {
    const bool adds = random.Chance(2);
    if (!adds) {
      const size_t block = std::min<size_t>(rest.size(), 1 + random.Below(400'000));
      const size_t taken = streams.TakeLines(rest.substr(0, block), offset, found);
      rest.remove_prefix(taken);
      offset += taken;
      if (taken > 0) continue;
    }
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
    if (!blank) streams.Add(std::string(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line), offset);
    if (random.Chance(2)) streams.Judge(found);
    const size_t whole = std::min(end + 1, rest.size());
    rest.remove_prefix(whole);
    offset += whole;
  }
  // A few at a time and many; all of the rest.
  while (random.Chance(70) && streams.FinishNext(random.Below(150), found)) {
  }
  streams.FinishAll(found);
  *stats = streams.stats();
  return Lines(found);
}

std::string WithKey(const std::string& event, const std::string& key, Random& random) {
  if (event.size() < 3 || event.front() != '{' || event.back() != '}') return event;
  const std::string member = "\"key\":" + key;
  const std::string inside = event.substr(1, event.size() - 2);
  return random.Chance(50) ? "{" + member + "," + inside + "}" : "{" + inside + "," + member + "}";
}

Input RandomInput(Random& random, const std::vector<std::string>& events) {
  Input input;
  const uint32_t lines = random.Chance(30) ? 6000 : 1 + random.Below(300);
  const uint32_t keys = 1 + random.Below(random.Chance(50) ? 5 : 200);
  const uint32_t skew = random.Chance(30) ? 90 : 0;
  const bool damages = random.Chance(50);
  if (random.Chance(20)) input.payload = "/event";
  if (random.Chance(40)) input.limits.max_streams = 1 + random.Below(keys);
  if (random.Chance(20)) input.limits.max_bytes = 2000 + random.Below(200'000);
  for (uint32_t i = 0; i < lines; ++i) {
    const uint32_t number = random.Chance(skew) ? 0 : random.Below(keys);
    std::string key = "\"session " + std::to_string(number) + "\"";
    if (number % 7 == 3) key = std::to_string(number);                       // no string
    if (number % 7 == 4) key = "\"\\u0073" + std::to_string(number) + "\"";  // an escape
    if (number % 29 == 5) key = "\"input\"";                                 // as strays
    std::string line;
    if (input.payload.empty()) {
      line = WithKey(random.Pick(events), key, random);
      if (random.Chance(1)) line = WithKey(line, "\"another\"", random);
    } else {
      line = "{\"key\":" + key + ",\"event\":" + random.Pick(events) + "}";
    }
    if (damages && random.Chance(10)) line = Mutated(line, random);
    input.text += line + (random.Chance(3) ? " \r\n" : "\n");
    if (random.Chance(1)) input.text += "\n";
  }
  if (random.Chance(50)) input.text.pop_back();
  return input;
}

void Compare(const Engine& engine, uint64_t seed) {
  Random random(seed);
  uint64_t found = 0;
  uint64_t evicted = 0;
  for (uint64_t i = 0; i < Texts(); ++i) {
    const Input input = RandomInput(random, AguiEvents());
    const std::vector<std::string> expected = OneByOne(engine, input);
    found += expected.size();
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
      StreamSetStats stats;
      const std::vector<std::string> actual = InParallel(engine, input, threads, random, &stats);
      for (size_t at = 0; at < std::max(actual.size(), expected.size()); ++at) {
        ASSERT_EQ(at < actual.size() ? actual[at] : "(nothing)", at < expected.size() ? expected[at] : "(nothing)")
            << "input " << i << ", " << threads << " threads, finding " << at << ", limits " << input.limits.max_streams << ", "
            << input.limits.max_bytes;
      }
      evicted += stats.evicted;
      ASSERT_EQ(stats.bytes, 0u);
    }
  }
  EXPECT_GT(found, Texts());
  EXPECT_GT(evicted, Texts());
}

std::shared_ptr<const Program> Package(const std::string& name) {
  compiler::CompileOptions options;
  options.roots = {name};
  options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
  Result<compiler::CompileResult> result = compiler::Compile(options);
  return result.ok() ? result.value().program : nullptr;
}

std::shared_ptr<const Program> Verify() { return Package("agui.verify"); }

TEST(ParallelStreams, Interpreter) { Compare(Engine(Verify()), 1); }

TEST(ParallelStreams, Native) {
  Engine engine(Verify());
  ASSERT_TRUE(compiler::CompileNative(engine).ok());
  Compare(engine, 2);
}

// Rules without state, on one stream: as a Stream finds it, whatever the number of threads and wherever the text is cut.
void CompareStateless(const Engine& engine, uint64_t seed) {
  ASSERT_TRUE(StatelessLines::Fits(engine));
  Random random(seed);
  uint64_t found = 0;
  for (uint64_t i = 0; i < Texts() / 4 + 1; ++i) {
    std::string text;
    while (text.size() < 400'000) {
      const std::string& event = random.Pick(AguiEvents());
      text += (random.Chance(2) ? Mutated(event, random) : event) + (random.Chance(3) ? "\r\n\n" : "\n");
    }
    Stream stream = engine.Open("s");
    std::vector<Finding> expected;
    stream.FeedLines(text, 0, expected);
    stream.Finish(expected);
    found += expected.size();
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
      StatelessLines lines(engine, "s", threads);
      std::vector<Finding> actual;
      for (size_t at = 0; at < text.size();) {
        const size_t size = std::min<size_t>(1 + random.Below(300'000), text.size() - at);
        size_t taken = lines.TakeLines(std::string_view(text).substr(at, size), at, actual);
        if (taken == 0 || (random.Chance(10) && at + taken < text.size())) {
          const size_t end = text.find('\n', at + taken);
          std::string_view line = std::string_view(text).substr(at + taken, end - at - taken);
          if (line.ends_with('\r')) line.remove_suffix(1);
          if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.FeedRecord(line, at + taken, actual);
          taken = end + 1 - at;
        }
        at += taken;
      }
      ASSERT_EQ(actual.size(), expected.size()) << i << ", " << threads << " threads";
      for (size_t f = 0; f < actual.size(); ++f) ASSERT_EQ(FindingLine(actual[f]), FindingLine(expected[f])) << i << ", " << f;
      EXPECT_EQ(lines.stats().events, stream.stats().events);
      EXPECT_EQ(lines.stats().findings[2], stream.stats().findings[2]);
    }
  }
  EXPECT_GT(found, Texts());
}

TEST(StatelessLines, Interpreter) { CompareStateless(Engine(Package("agui.events")), 3); }

TEST(StatelessLines, Native) {
  Engine engine(Package("agui.events"));
  ASSERT_TRUE(compiler::CompileNative(engine).ok());
  CompareStateless(engine, 4);
}

TEST(StatelessLines, RulesWithStateDoNotFit) { EXPECT_FALSE(StatelessLines::Fits(Engine(Package("agui.verify")))); }

TEST(StatelessLines, LeavesLongLines) {
  EngineOptions options;
  options.max_record_bytes = 40;
  StatelessLines lines(Engine(Package("agui.events"), options), "s", 2);
  const std::string line = R"({"type":"STEP_STARTED","stepName":"s"})"
                           "\n";
  const std::string text = line + line +
                           R"({"type":"STEP_STARTED","stepName":"longer"})"
                           "\n" +
                           line;
  std::vector<Finding> found;
  EXPECT_EQ(lines.TakeLines(text, 0, found), 2 * line.size());
  EXPECT_EQ(lines.TakeLines(std::string_view(text).substr(2 * line.size()), 0, found), 0u);
  EXPECT_TRUE(found.empty());
}

TEST(ParallelStreams, StopBetweenBlocks) {
  std::string text;
  while (text.size() < (9u << 20))
    text += R"({"key":"a","type":"RUN_STARTED","threadId":"t","runId":"r"})"
            "\n";
  ParallelOptions options;
  options.key = "/key";
  ParallelStreams streams(Engine(Verify()), options);
  std::vector<Finding> found;
  std::atomic<bool> cancelled{true};
  StopWhen stop;
  stop.cancelled = &cancelled;
  const size_t taken = streams.TakeLines(text, 0, found, {}, stop);
  EXPECT_GT(taken, 0u);
  EXPECT_LT(taken, 5u << 20);
  EXPECT_EQ(text[taken - 1], '\n');
  cancelled = false;
  stop.deadline = std::chrono::steady_clock::now();
  EXPECT_GT(streams.TakeLines(std::string_view(text).substr(taken), taken, found, {}, stop), 0u);
}

}  // namespace
}  // namespace edict::tests
