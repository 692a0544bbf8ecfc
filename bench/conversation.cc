#include "bench/conversation.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace edict::bench {
namespace {

constexpr std::array<std::string_view, 18> kWords = {"the",   "report",  "travel",  "value", "weather", "price",
                                                     "a",     "because", "summary", "each",  "not",     "table",
                                                     "first", "update",  "their",   "of",    "result",  "function"};
// Written as in JSON: line breaks and quotes of the Markdown that models write, other scripts.
constexpr std::array<std::string_view, 6> kOthers = {"\\n\\n", "\\n-", "\\n", "\\\"quoted\\\"", "caf\u00e9", "\u4e16\u754c"};
// Bytes of a message beside its content, about.
constexpr uint32_t kEnvelope = 90;

class Conversation {
 public:
  Conversation(const ConversationOptions& options, Random& random) : options_(options), random_(random) {}

  // A turn's messages, the first of the user, are added to the history.
  void Turn(Traffic& out) {
    const std::string ids = R"("threadId":")" + thread_ + R"(","runId":")" + Id() + "\"";
    const uint32_t count = std::max(options_.messages / options_.turns, 2u);
    if (options_.fresh) history_.clear();
    for (uint32_t old = turns_ * count; options_.fresh && old > 0; --old) Say(old % 2 == 0 ? "user" : "assistant");
    ++turns_;
    Say("user");
    std::string input;
    if (options_.input) input = R"(,"input":{)" + ids + R"(,"messages":)" + History() + R"(,"tools":[],"context":[],"state":{}})";
    Line(out, R"({"type":"RUN_STARTED",)" + ids + input + "}");
    for (uint32_t i = 1; i < count; ++i) {
      if (i + 1 < count && random_.Chance(options_.tools)) {
        CallTool();
        ++i;
      } else {
        Say("assistant");
        Stream(out);
      }
    }
    Line(out, R"({"type":"MESSAGES_SNAPSHOT","messages":)" + History() + "}");
    Line(out, R"({"type":"RUN_FINISHED",)" + ids + "}");
  }

 private:
  std::string Id() {
    std::string id;
    for (uint32_t i = 0; i < 36; ++i) id += i == 8 || i == 13 || i == 18 || i == 23 ? '-' : "0123456789abcdef"[random_.Below(16)];
    return id;
  }
  std::string Text(uint32_t bytes) {
    std::string text(kWords[random_.Below(kWords.size())]);
    while (text.size() < bytes) {
      const bool other = random_.Chance(0.08);
      text += " " + std::string(other ? kOthers[random_.Below(kOthers.size())] : kWords[random_.Below(kWords.size())]);
    }
    return text;
  }
  void Say(std::string_view role) {
    last_id_ = Id();
    last_text_ = Text(options_.message_bytes - std::min(options_.message_bytes, kEnvelope));
    history_.push_back(R"({"id":")" + last_id_ + R"(","role":")" + std::string(role) + R"(","content":")" + last_text_ + "\"}");
  }
  // JSON in a string, as arguments and results of tools are sent.
  std::string JsonText(uint32_t bytes) {
    std::string text = R"({\"rows\":[)";
    for (bool first = true; text.size() < bytes; first = false) {
      text += std::string(first ? "" : ",") + R"({\"name\":\")" + std::string(kWords[random_.Below(kWords.size())]) +
              R"(\",\"value\":)" + std::to_string(random_.Below(10'000)) + "}";
    }
    return text + "]}";
  }
  void CallTool() {
    const std::string call = "call_" + Id().substr(0, 12);
    const uint32_t half = options_.message_bytes / 2 - std::min(options_.message_bytes / 2, kEnvelope);
    history_.push_back(R"({"id":")" + Id() + R"(","role":"assistant","content":")" + Text(half) + R"(","toolCalls":[{"id":")" +
                       call + R"(","type":"function","function":{"name":"run_sql","arguments":")" + JsonText(half) + R"("}}]})");
    history_.push_back(R"({"id":")" + Id() + R"(","role":"tool","toolCallId":")" + call + R"(","content":")" + JsonText(2 * half) +
                       "\"}");
  }
  void Stream(Traffic& out) {
    const std::string id = R"("messageId":")" + last_id_ + "\"";
    Line(out, R"({"type":"TEXT_MESSAGE_START",)" + id + R"(,"role":"assistant"})");
    for (uint32_t i = 0; i < 4; ++i) Line(out, R"({"type":"TEXT_MESSAGE_CONTENT",)" + id + R"(,"delta":")" + Text(60) + "\"}");
    Line(out, R"({"type":"TEXT_MESSAGE_END",)" + id + "}");
  }
  std::string History() const {
    std::string text;
    for (const std::string& message : history_) text += (text.empty() ? "[" : ",") + message;
    return text + "]";
  }
  static void Line(Traffic& out, const std::string& line) {
    out.text += line + "\n";
    ++out.events;
  }

  const ConversationOptions& options_;
  Random& random_;
  const std::string thread_ = Id();
  std::vector<std::string> history_;
  uint32_t turns_ = 0;
  std::string last_id_;
  std::string last_text_;
};

}  // namespace

Traffic MakeConversations(const ConversationOptions& options) {
  Random random(options.seed);
  Traffic traffic;
  for (uint32_t i = 0; i < options.conversations; ++i) {
    Conversation conversation(options, random);
    for (uint32_t turn = 0; turn < options.turns; ++turn) conversation.Turn(traffic);
  }
  traffic.text.reserve(traffic.text.size() + 64);
  return traffic;
}

MessageCounts CountMessages(const ConversationOptions& options) {
  const uint64_t each = std::max(options.messages / options.turns, 2u);
  const uint64_t turns = options.turns;
  const uint64_t in_snapshots = each * turns * (turns + 1) / 2;
  const uint64_t in_inputs = in_snapshots - (each - 1) * turns;
  const uint64_t all = (in_snapshots + (options.input ? in_inputs : 0)) * options.conversations;
  return {all, options.fresh ? in_snapshots * options.conversations : each * turns * options.conversations};
}

}  // namespace edict::bench
