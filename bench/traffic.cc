#include "bench/traffic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "tests/support/split_mix.h"

namespace edict::bench {
namespace {

using Strings = std::vector<std::string>;

constexpr std::array<std::string_view, 40> kWords = {
    "the",   "of",      "report",  "travel", "value", "model", "price",  "weather", "user", "plan",
    "chart", "because", "summary", "each",   "if",    "not",   "with",   "table",   "data", "query",
    "tool",  "answer",  "before",  "after",  "city",  "first", "update", "a",       "in",   "is",
    "even",  "some",    "then",    "over",   "their", "time",  "result", "please",  "next", "function"};
constexpr std::array<std::string_view, 8> kRareWords = {
    "\n\n", "\n", ", ", ". ", " 2026", " caf\u00e9", " \u4e16\u754c", " \u043a\u043b\u044e\u0447"};
constexpr std::array<std::string_view, 6> kTools = {"send_email",  "read_file",         "run_sql",
                                                    "get_weather", "transfer_to_agent", "search"};

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Hex(Random& random, uint32_t digits) {
  std::string text;
  for (uint32_t i = 0; i < digits; ++i) text += "0123456789abcdef"[random.Below(16)];
  return text;
}

std::string Uuid(Random& random) {
  return Hex(random, 8) + "-" + Hex(random, 4) + "-4" + Hex(random, 3) + "-a" + Hex(random, 3) + "-" + Hex(random, 12);
}

std::string Word(Random& random) { return std::string(kWords[random.Below(kWords.size())]); }

std::string Sentence(Random& random, uint32_t words) {
  std::string text = Word(random);
  for (uint32_t i = 1; i < words; ++i) text += " " + Word(random);
  return text;
}

// A piece of text as a model streams it.
std::string Token(Random& random) {
  if (random.Chance(0.06)) return std::string(kRareWords[random.Below(kRareWords.size())]);
  return " " + Sentence(random, random.Chance(0.08) ? 2 + random.Below(3) : 1);
}

std::string JsonValue(Random& random, uint32_t depth);

std::string JsonObject(Random& random, uint32_t depth) {
  std::string text = "{";
  const uint32_t members = 1 + random.Below(4);
  for (uint32_t i = 0; i < members; ++i) {
    text += (i == 0 ? "\"" : ",\"") + Word(random) + std::to_string(i) + "\":" + JsonValue(random, depth);
  }
  return text + "}";
}

std::string JsonValue(Random& random, uint32_t depth) {
  switch (random.Below(depth == 0 ? 4 : 6)) {
    case 0:
      return std::to_string(random.Below(100'000));
    case 1:
      return std::to_string(random.Below(1'000)) + "." + std::to_string(1 + random.Below(999));
    case 2:
      return std::array<std::string, 3>{"true", "false", "null"}[random.Below(3)];
    case 4:
      return JsonObject(random, depth - 1);
    case 5:
      return "[" + JsonValue(random, depth - 1) + "," + JsonValue(random, depth - 1) + "]";
    default:
      return Quoted(Sentence(random, 1 + random.Below(5)));
  }
}

struct Event {
  Strings members;  // "key":value; the first is the type
  Event& Add(std::string_view key, const std::string& json) {
    members.push_back("\"" + std::string(key) + "\":" + json);
    return *this;
  }
  Event& Text(std::string_view key, std::string_view text) { return Add(key, Quoted(text)); }
};

Event Make(std::string_view type) { return Event().Text("type", type); }

// Events that belong together, in order.
struct Block {
  std::vector<Event> events;
  bool alone = false;  // chunks: no others may come between
};

// How the backend of a run names things.
enum class Ids { kUuid, kLong, kShort };

class RunMaker {
 public:
  explicit RunMaker(Random& random) : random_(random), ids_(static_cast<Ids>(random.Below(3))) {}

  std::string Id(std::string_view kind) {
    if (ids_ == Ids::kUuid) return Uuid(random_);
    return std::string(kind) + (ids_ == Ids::kLong ? "-" + Hex(random_, 24) : "_" + Hex(random_, 5) + std::to_string(++count_));
  }
  std::vector<Block> Blocks();
  Event Started(const std::string& thread, const std::string& run);
  Event Ended(const std::string& thread, const std::string& run);

 private:
  Block Message();
  Block ToolCall();
  Block Chunks(std::string_view type, double mean);
  Block Reasoning();
  Block State();
  Block Activity();
  Event MessagesSnapshot();
  std::string Messages(uint32_t turns);
  std::string Patch();
  void Arguments(std::vector<Event>& events, std::string_view type, const std::string& id, double mean);
  void Step(Block& block);

  Random& random_;
  Ids ids_;
  uint32_t count_ = 0;
  std::string last_message_;
};

Block RunMaker::Message() {
  Block block;
  last_message_ = Id("msg");
  Event start = Make("TEXT_MESSAGE_START").Text("messageId", last_message_);
  if (random_.Chance(0.93)) start.Text("role", "assistant");
  block.events.push_back(start);
  for (uint32_t n = random_.Around(40.6); n > 0; --n) {
    block.events.push_back(Make("TEXT_MESSAGE_CONTENT").Text("messageId", last_message_).Text("delta", Token(random_)));
  }
  block.events.push_back(Make("TEXT_MESSAGE_END").Text("messageId", last_message_));
  return block;
}

// The text of a JSON object in pieces of a few bytes.
void RunMaker::Arguments(std::vector<Event>& events, std::string_view type, const std::string& id, double mean) {
  const uint32_t pieces = std::max(random_.Around(mean), 1u);
  std::string text = "{";
  while (text.size() < size_t{pieces} * 6)
    text += (text.size() == 1 ? "\"" : ",\"") + Word(random_) + "\":" + JsonValue(random_, 1);
  text += "}";
  for (size_t at = 0; at < text.size();) {
    size_t size = std::min<size_t>(text.size() - at, 3 + random_.Below(8));
    while (at + size < text.size() && (text[at + size] & 0xC0) == 0x80) ++size;
    events.push_back(Make(type).Text("toolCallId", id).Text("delta", std::string_view(text).substr(at, size)));
    at += size;
  }
}

Block RunMaker::ToolCall() {
  Block block;
  const std::string id = ids_ == Ids::kUuid ? Id("call") : "call_" + Hex(random_, ids_ == Ids::kLong ? 24 : 5);
  const std::string_view tool = kTools[random_.Below(kTools.size())];
  Event start = Make("TOOL_CALL_START").Text("toolCallId", id).Text("toolCallName", tool);
  if (!last_message_.empty() && random_.Chance(0.5)) start.Text("parentMessageId", last_message_);
  block.events.push_back(start);
  Arguments(block.events, "TOOL_CALL_ARGS", id, 21);
  block.events.push_back(Make("TOOL_CALL_END").Text("toolCallId", id));
  if (!random_.Chance(0.94)) return block;
  const std::string content = random_.Chance(0.3) ? "{}" : random_.Chance(0.5) ? JsonObject(random_, 1) : Sentence(random_, 12);
  Event result = Make("TOOL_CALL_RESULT").Text("messageId", Id("result")).Text("toolCallId", id).Text("content", content);
  if (random_.Chance(0.5)) result.Text("role", "tool");
  block.events.push_back(result);
  return block;
}

Block RunMaker::Chunks(std::string_view type, double mean) {
  Block block;
  block.alone = true;
  const bool named = random_.Chance(0.6);  // whether each repeats the id
  const uint32_t n = std::max(random_.Around(mean), 1u);
  if (type == "TOOL_CALL_CHUNK") {
    const std::string id = Id("call");
    Arguments(block.events, type, id, mean);
    block.events[0].Text("toolCallName", kTools[random_.Below(kTools.size())]);
    for (size_t i = 1; i < block.events.size() && !named; ++i) block.events[i].members.erase(block.events[i].members.begin() + 1);
    return block;
  }
  const std::string id = Id("msg");
  for (uint32_t i = 0; i < n; ++i) {
    Event chunk = Make(type);
    if (i == 0 && type == "TEXT_MESSAGE_CHUNK") chunk.Text("role", "assistant");
    if (i == 0 || named) chunk.Text("messageId", id);
    block.events.push_back(chunk.Text("delta", Token(random_)));
  }
  return block;
}

Block RunMaker::Reasoning() {
  Block block;
  const std::string span = Id("rsn");
  block.events.push_back(Make("REASONING_START").Text("messageId", span));
  for (uint32_t messages = 1 + (random_.Chance(0.22) ? 1 : 0); messages > 0; --messages) {
    const std::string id = Id("rmsg");
    block.events.push_back(Make("REASONING_MESSAGE_START").Text("messageId", id).Text("role", "reasoning"));
    for (uint32_t n = random_.Around(19); n > 0; --n) {
      block.events.push_back(Make("REASONING_MESSAGE_CONTENT").Text("messageId", id).Text("delta", Token(random_)));
    }
    block.events.push_back(Make("REASONING_MESSAGE_END").Text("messageId", id));
  }
  block.events.push_back(Make("REASONING_END").Text("messageId", span));
  if (random_.Chance(0.2)) {
    Event value = Make("REASONING_ENCRYPTED_VALUE").Text("subtype", "message").Text("entityId", span);
    block.events.push_back(value.Text("encryptedValue", Hex(random_, 100 + random_.Below(250))));
  }
  return block;
}

std::string RunMaker::Patch() {
  std::string text = "[";
  for (uint32_t n = 1 + random_.Below(2), i = 0; i < n; ++i) {
    text += i == 0 ? "" : ",";
    const std::string path =
        "\"path\":\"/" + Word(random_) + (random_.Chance(0.3) ? "/m~0n" : "/" + std::to_string(random_.Below(9)));
    if (random_.Chance(0.15)) {
      text += R"({"op":"remove",)" + path + "\"}";
    } else {
      const std::string_view op = random_.Chance(0.5) ? "add" : "replace";
      text += "{\"op\":" + Quoted(op) + "," + path + "\",\"value\":" + JsonValue(random_, 1) + "}";
    }
  }
  return text + "]";
}

Block RunMaker::State() {
  Block block;
  if (random_.Chance(0.6)) {
    std::string state = R"({"count":0,"items":[],"plan":)" + JsonObject(random_, 2) + ",\"notes\":" + JsonObject(random_, 1) + "}";
    block.events.push_back(Make("STATE_SNAPSHOT").Add("snapshot", state));
  }
  for (uint32_t n = random_.Around(2.9); n > 0; --n) block.events.push_back(Make("STATE_DELTA").Add("delta", Patch()));
  return block;
}

Block RunMaker::Activity() {
  Block block;
  const std::string id = Id("act");
  const std::string_view type = random_.Chance(0.5) ? "web_search" : "a2ui-surface";
  Event snapshot = Make("ACTIVITY_SNAPSHOT").Text("messageId", id).Text("activityType", type);
  snapshot.Add("content", R"({"done":0,"tasks":)" + JsonObject(random_, 2) + "}");
  if (random_.Chance(0.3)) snapshot.Add("replace", random_.Chance(0.5) ? "true" : "false");
  block.events.push_back(snapshot);
  for (uint32_t n = random_.Around(2.5); n > 0; --n) {
    block.events.push_back(Make("ACTIVITY_DELTA").Text("messageId", id).Text("activityType", type).Add("patch", Patch()));
  }
  return block;
}

std::string RunMaker::Messages(uint32_t turns) {
  std::string text = "[";
  const auto open = [&](std::string_view role) {
    text += (text.size() == 1 ? "" : ",") + std::string("{\"id\":") + Quoted(Id(role)) + ",\"role\":" + Quoted(role);
  };
  for (uint32_t i = 0; i < turns; ++i) {
    open("user");
    if (random_.Chance(0.2)) {
      text += R"(,"content":[{"type":"text","text":)" + Quoted(Sentence(random_, 4)) +
              R"(},{"type":"image","source":{"type":"data","value":")" + Hex(random_, 40) + R"(","mimeType":"image/png"}}]})";
    } else {
      text += ",\"content\":" + Quoted(Sentence(random_, 8)) + "}";
    }
    open("assistant");
    if (random_.Chance(0.5)) {
      const std::string call = "call_" + Hex(random_, 12);
      text += R"(,"toolCalls":[{"id":")" + call + R"(","type":"function","function":{"name":"run_sql","arguments":)" +
              Quoted(JsonObject(random_, 0)) + "}}]}";
      open("tool");
      text += R"(,"toolCallId":")" + call + "\"";
    }
    text += ",\"content\":" + Quoted(Sentence(random_, 10)) + "}";
  }
  return text + "]";
}

Event RunMaker::MessagesSnapshot() { return Make("MESSAGES_SNAPSHOT").Add("messages", Messages(2 + random_.Below(3))); }

void RunMaker::Step(Block& block) {
  const std::string name = random_.Chance(0.5) ? "call_model" : Word(random_);
  block.events.insert(block.events.begin(), Make("STEP_STARTED").Text("stepName", name));
  block.events.push_back(Make("STEP_FINISHED").Text("stepName", name));
  block.alone = true;
}

std::vector<Block> RunMaker::Blocks() {
  std::vector<Block> blocks;
  const auto some = [&](double mean, auto make) {
    for (uint32_t n = random_.Around(mean); n > 0; --n) blocks.push_back(make());
  };
  some(1.48, [&] { return Message(); });
  some(1.19, [&] { return ToolCall(); });
  some(0.3, [&] { return Chunks("TEXT_MESSAGE_CHUNK", 20); });
  some(0.16, [&] { return Chunks("TOOL_CALL_CHUNK", 11); });
  some(0.09, [&] { return Chunks("REASONING_MESSAGE_CHUNK", 15); });
  some(0.3, [&] { return Reasoning(); });
  some(1.0, [&] { return State(); });
  some(0.095, [&] { return Activity(); });
  some(0.16, [&] { return Block{{MessagesSnapshot()}, false}; });
  some(0.073, [&] {
    return Block{{Make("CUSTOM").Text("name", "langgraph." + Word(random_)).Add("value", JsonValue(random_, 2))}, false};
  });
  some(0.048, [&] { return Block{{Make("RAW").Add("event", JsonObject(random_, 3)).Text("source", "provider")}, false}; });
  for (size_t i = blocks.size(); i > 1; --i) std::swap(blocks[i - 1], blocks[random_.Below(static_cast<uint32_t>(i))]);
  for (Block& block : blocks) {
    if (random_.Chance(0.12)) Step(block);
  }
  return blocks;
}

Event RunMaker::Started(const std::string& thread, const std::string& run) {
  Event event = Make("RUN_STARTED").Text("threadId", thread).Text("runId", run);
  if (random_.Chance(0.1)) event.Text("parentRunId", Id("run"));
  if (random_.Chance(0.15)) {
    event.Add("input", "{\"threadId\":" + Quoted(thread) + ",\"runId\":" + Quoted(run) + ",\"messages\":" + Messages(1) +
                           R"(,"tools":[],"context":[],"state":{},"forwardedProps":{}})");
  }
  return event;
}

Event RunMaker::Ended(const std::string& thread, const std::string& run) {
  if (random_.Chance(0.055)) return Make("RUN_ERROR").Text("message", Sentence(random_, 5)).Text("code", "E_AGENT");
  Event event = Make("RUN_FINISHED").Text("threadId", thread).Text("runId", run);
  if (random_.Chance(0.5)) event.Add("outcome", R"({"type":"success"})");
  if (random_.Chance(0.3)) event.Add("result", JsonObject(random_, 1));
  if (random_.Chance(0.3)) {
    event.Add("usage", R"([{"provider":"acme","inputTokens":)" + std::to_string(random_.Below(9'000)) +
                           ",\"outputTokens\":" + std::to_string(random_.Below(2'000)) + "}]");
  }
  return event;
}

// Writes events as lines, with what every event may have.
class LineWriter {
 public:
  LineWriter(Random& random, const TrafficOptions& options) : random_(random), options_(options) {}

  void BeginRun() { stamped_ = random_.Chance(0.64); }
  void Write(Event event) {
    time_ += random_.Below(40);
    if (stamped_) event.Add("timestamp", std::to_string(time_));
    if (random_.Chance(0.003)) event.Add("metadata", JsonObject(random_, 1));
    if (random_.Chance(0.003)) event.Add("rawEvent", JsonObject(random_, 1));
    Strings& members = event.members;
    for (size_t i = members.size(); options_.shuffled && i > 1; --i) {
      std::swap(members[i - 1], members[random_.Below(static_cast<uint32_t>(i))]);
    }
    for (size_t i = 0; i < members.size(); ++i) traffic_.text += (i == 0 ? "{" : ",") + members[i];
    traffic_.text += "}\n";
    ++traffic_.events;
  }
  // Two blocks at once, as parallel work sends them.
  void Interleave(const Block& a, const Block& b) {
    for (size_t i = 0, j = 0; i < a.events.size() || j < b.events.size();) {
      const bool first = j == b.events.size() || (i < a.events.size() && random_.Chance(0.5));
      Write(first ? a.events[i++] : b.events[j++]);
    }
  }
  Traffic& traffic() { return traffic_; }

 private:
  Random& random_;
  const TrafficOptions& options_;
  Traffic traffic_;
  uint64_t time_ = 1'760'000'000'000;
  bool stamped_ = false;
};

// Whether the line can be replaced without consequences for later ones.
bool IsReplaceable(std::string_view line) {
  return line.find("\"TEXT_MESSAGE_CONTENT\"") != std::string_view::npos ||
         line.find("\"TOOL_CALL_ARGS\"") != std::string_view::npos;
}

std::string InvalidLine(Random& random) {
  const std::string id = "nobody-opened-" + Hex(random, 14);
  const std::string text = R"({"type":"TEXT_MESSAGE_CONTENT","messageId":")" + id + R"(","delta":)";
  const std::string delta = Quoted(Token(random));
  switch (random.Below(10)) {
    case 0:
      return text + std::to_string(random.Below(1'000)) + "}";
    case 1:
      return R"({"type":"TEXT_MESSAGE_CONTENT","messageId":")" + id + R"(","timestamp":1760000000000})";
    case 2:
      return text + delta + R"(,"timestamp":1760000000000.5})";
    case 3:
      return text + delta + R"(,"timestamp":"2026-01-01"})";
    case 4:
      return R"({"type":"TEXT_MESSAGE_CONTENT","messageId":null,"delta":)" + delta + "}";
    case 5:
      return text + delta;
    case 6:
      return R"({"type":"Text_Message_Content","messageId":")" + id + R"(","delta":)" + delta + "}";
    case 7:
      return text + delta + R"(,"subagentRunId":null})";
    case 8:
      return R"({"type":"STATE_DELTA","delta":[{"op":"add","path":"no/pointer","value":)" + delta + "}]}";
    default:
      return text + delta + R"(,"timestamp":1760000000000})";
  }
}

}  // namespace

uint64_t Random::Next() { return SplitMix64(state_); }

uint32_t Random::Around(double mean) {
  const double value = 2 * mean * Fraction();
  return static_cast<uint32_t>(value) + (Chance(value - std::floor(value)) ? 1 : 0);
}

Traffic MakeTraffic(const TrafficOptions& options) {
  Random random(options.seed);
  LineWriter writer(random, options);
  const std::string one_thread = Uuid(random);
  if (options.one_run) writer.Write(Make("RUN_STARTED").Text("threadId", one_thread).Text("runId", "run-1"));
  while (writer.traffic().events < options.events) {
    RunMaker run(random);
    const std::string thread = run.Id("thread");
    const std::string id = run.Id("run");
    writer.BeginRun();
    if (!options.one_run) writer.Write(run.Started(thread, id));
    const std::vector<Block> blocks = run.Blocks();
    for (size_t i = 0; i < blocks.size(); ++i) {
      const bool both = i + 1 < blocks.size() && !blocks[i].alone && !blocks[i + 1].alone && random.Chance(0.1);
      writer.Interleave(blocks[i], both ? blocks[i + 1] : Block{});
      if (both) ++i;
    }
    if (!options.one_run) writer.Write(run.Ended(thread, id));
  }
  if (options.one_run) writer.Write(Make("RUN_FINISHED").Text("threadId", one_thread).Text("runId", "run-1"));
  Traffic traffic = std::move(writer.traffic());
  traffic.text.reserve(traffic.text.size() + 64);
  return traffic;
}

Traffic Break(const Traffic& valid, double share, uint64_t seed) {
  Random random(seed);
  const std::vector<std::string_view> lines = Lines(valid.text);
  const auto replaceable = static_cast<double>(std::count_if(lines.begin(), lines.end(), IsReplaceable));
  const double chance = share * static_cast<double>(lines.size()) / replaceable;
  Traffic broken;
  broken.events = valid.events;
  for (std::string_view line : lines) {
    const bool replace = share >= 1 || (IsReplaceable(line) && random.Chance(chance));
    broken.text += replace ? InvalidLine(random) : std::string(line);
    broken.text += '\n';
    broken.invalid += replace ? 1 : 0;
  }
  broken.text.reserve(broken.text.size() + 64);
  return broken;
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace edict::bench
