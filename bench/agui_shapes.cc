#include "bench/agui_shapes.h"

#include <utility>

namespace edict::bench {
namespace {

using Members = std::vector<Member>;

Member Req(std::string_view name, Want want, Slot slot = Slot::kNone) { return {name, want, true, slot}; }
Member Opt(std::string_view name, Want want, Slot slot = Slot::kNone) { return {name, want, false, slot}; }
Member Of(Member member, const Shape& shape) {
  member.shape = &shape;
  return member;
}
Member From(Member member, std::vector<std::string_view> choices) {
  member.choices = std::move(choices);
  return member;
}

Members operator+(Members a, const Members& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Shape& PatchOp() {
  static const Members value = {Req("path", Want::kPointer), Req("value", Want::kAnyOrNull)};
  static const Members from = {Req("path", Want::kPointer), Req("from", Want::kPointer)};
  static const Shape shape = {"op",
                              {{"add", value},
                               {"replace", value},
                               {"test", value},
                               {"remove", {Req("path", Want::kPointer)}},
                               {"move", from},
                               {"copy", from}}};
  return shape;
}

const Shape& ContentPart() {
  static const Shape source = {
      "type",
      {{"data", {Req("value", Want::kString), Req("mimeType", Want::kString)}},
       {"url", {Req("value", Want::kString), Opt("mimeType", Want::kString)}},
       {"file", {Req("value", Want::kString), Opt("provider", Want::kString), Opt("mimeType", Want::kString)}}}};
  static const Members common = {Opt("id", Want::kString), Opt("metadata", Want::kAny)};
  static const Members media = Members{Of(Req("source", Want::kOne), source)} + common;
  static const Shape shape = {"type",
                              {{"text", Members{Req("text", Want::kString)} + common},
                               {"image", media},
                               {"audio", media},
                               {"video", media},
                               {"document", media}}};
  return shape;
}

const Shape& Message() {
  static const Shape function = {"", {{"", {Req("name", Want::kString), Req("arguments", Want::kString)}}}};
  static const Shape call = {
      "",
      {{"",
        {Req("id", Want::kString, Slot::kId), From(Req("type", Want::kChoice), {"function"}),
         Of(Req("function", Want::kOne), function), Opt("encryptedValue", Want::kString), Opt("metadata", Want::kObject)}}}};
  static const Members common = {Req("id", Want::kString, Slot::kId), Opt("subagentRunId", Want::kString, Slot::kLane),
                                 Opt("metadata", Want::kObject)};
  static const Members encrypted = {Opt("encryptedValue", Want::kString)};
  static const Members named = encrypted + Members{Opt("name", Want::kString)};
  static const Member content = Of(Req("content", Want::kTextOrMany), ContentPart());
  static const Members text = {Req("content", Want::kString)};
  static const Shape shape = {
      "role",
      {{"user", Members{common} + Members{content} + named},
       {"assistant",
        Members{common} + Members{Opt("content", Want::kString), Of(Opt("toolCalls", Want::kMessageCalls), call)} + named},
       {"tool", Members{common} + Members{content, Req("toolCallId", Want::kString), Opt("error", Want::kString)} + encrypted},
       {"reasoning", Members{common} + text + encrypted},
       {"system", Members{common} + text + named},
       {"developer", Members{common} + text + named},
       {"activity", Members{common} + Members{Req("activityType", Want::kString), Req("content", Want::kObject)}}}};
  return shape;
}

const Shape& RunInput() {
  static const Shape tool = {"",
                             {{"",
                               {Req("name", Want::kString), Req("description", Want::kString), Opt("parameters", Want::kAny),
                                Opt("metadata", Want::kObject)}}}};
  static const Shape context = {"", {{"", {Req("description", Want::kString), Req("value", Want::kString)}}}};
  static const Shape resume = {"",
                               {{"",
                                 {Req("interruptId", Want::kString), From(Req("status", Want::kChoice), {"resolved", "cancelled"}),
                                  Opt("payload", Want::kAny), Opt("metadata", Want::kObject)}}}};
  static const Shape shape = {
      "",
      {{"",
        {Req("threadId", Want::kString), Req("runId", Want::kString), Of(Req("messages", Want::kMessages), Message()),
         Of(Opt("tools", Want::kMany), tool), Of(Opt("context", Want::kMany), context), Of(Opt("resume", Want::kMany), resume),
         Opt("state", Want::kAnyOrNull), Opt("forwardedProps", Want::kAny), Opt("protocolVersion", Want::kString),
         Opt("parentRunId", Want::kString)}}}};
  return shape;
}

const Shape& RunOutcome() {
  static const Shape interrupt = {
      "",
      {{"",
        {Req("id", Want::kString), Req("reason", Want::kString), Opt("message", Want::kString), Opt("toolCallId", Want::kString),
         Opt("responseSchema", Want::kObject), Opt("expiresAt", Want::kString), Opt("subagentRunId", Want::kString),
         Opt("metadata", Want::kObject)}}}};
  static const Shape shape = {"type",
                              {{"success", {Opt("pendingToolCallIds", Want::kStrings)}},
                               {"interrupt", {Of(Req("interrupts", Want::kSome), interrupt)}},
                               {"cancelled", {}}}};
  return shape;
}

const Shape& TokenUsage() {
  static const Shape shape = {
      "",
      {{"",
        {Opt("provider", Want::kString), Opt("model", Want::kString), Opt("inputTokens", Want::kCount),
         Opt("outputTokens", Want::kCount), Opt("totalTokens", Want::kCount), Opt("reasoningTokens", Want::kCount),
         Opt("cachedInputTokens", Want::kCount), Opt("cacheCreationInputTokens", Want::kCount)}}}};
  return shape;
}

// With what every event may have.
Variant Make(std::string_view name, Members members, Type type = Type::kOther) {
  return {
      name,
      std::move(members) + Members{Opt("timestamp", Want::kInteger), Opt("metadata", Want::kObject), Opt("rawEvent", Want::kAny)},
      type};
}

// ... and with the lane that most may name.
Variant Laned(std::string_view name, Members members, Type type = Type::kOther) {
  return Make(name, std::move(members) + Members{Opt("subagentRunId", Want::kString, Slot::kLane)}, type);
}

std::vector<Variant> TextAndCalls() {
  const Member message = Req("messageId", Want::kString, Slot::kId);
  const Member call = Req("toolCallId", Want::kString, Slot::kId);
  const Member delta = Req("delta", Want::kString);
  const Member role = From(Opt("role", Want::kChoice), {"assistant", "user", "system", "developer"});
  const Member parent = Opt("parentMessageId", Want::kString, Slot::kParent);
  return {
      Laned("TEXT_MESSAGE_CONTENT", {message, delta}, Type::kTextContent),
      Laned("TOOL_CALL_ARGS", {call, delta}, Type::kCallArgs),
      Laned("TEXT_MESSAGE_START", {message, role, Opt("name", Want::kString)}, Type::kTextStart),
      Laned("TEXT_MESSAGE_END", {message}, Type::kTextEnd),
      Laned("TEXT_MESSAGE_CHUNK", {Opt("messageId", Want::kString), Opt("delta", Want::kString), role, Opt("name", Want::kString)}),
      Laned("TOOL_CALL_START", {call, Req("toolCallName", Want::kString), parent}, Type::kCallStart),
      Laned("TOOL_CALL_END", {call}, Type::kCallEnd),
      Laned("TOOL_CALL_CHUNK", {Opt("toolCallId", Want::kString), Opt("delta", Want::kString), Opt("toolCallName", Want::kString),
                                Opt("parentMessageId", Want::kString)}),
      Laned("TOOL_CALL_RESULT",
            {message, Req("toolCallId", Want::kString), Of(Req("content", Want::kTextOrMany), ContentPart()),
             From(Opt("role", Want::kChoice), {"tool"})},
            Type::kCallResult)};
}

std::vector<Variant> ReasoningAndSubagents() {
  static const Shape outcome = {"type", {{"success", {}}, {"suspended", {Opt("interruptIds", Want::kStrings)}}}};
  const Member message = Req("messageId", Want::kString, Slot::kId);
  const Member delta = Req("delta", Want::kString);
  const Member subagent = Req("subagentRunId", Want::kString, Slot::kLane);
  return {Laned("REASONING_MESSAGE_CONTENT", {message, delta}, Type::kReasoningContent),
          Laned("REASONING_MESSAGE_CHUNK", {Opt("messageId", Want::kString), Opt("delta", Want::kString)}),
          Laned("REASONING_MESSAGE_START", {message, From(Req("role", Want::kChoice), {"reasoning"})}, Type::kReasoningStart),
          Laned("REASONING_MESSAGE_END", {message}, Type::kReasoningEnd),
          Laned("REASONING_START", {message}, Type::kSpanStart),
          Laned("REASONING_END", {message}, Type::kSpanEnd),
          Laned("REASONING_ENCRYPTED_VALUE",
                {{"subtype", Want::kChoice, true, Slot::kKind, nullptr, {"tool-call", "message"}},
                 Req("entityId", Want::kString, Slot::kId),
                 Req("encryptedValue", Want::kString)},
                Type::kEncrypted),
          Make("SUBAGENT_STARTED",
               {subagent, Req("name", Want::kString), Opt("description", Want::kString),
                Opt("parentSubagentRunId", Want::kString, Slot::kParentLane), Opt("parentToolCallId", Want::kString),
                Opt("parentMessageId", Want::kString)},
               Type::kSubagentStarted),
          Make("SUBAGENT_FINISHED", {subagent, Opt("result", Want::kAny), Of(Opt("outcome", Want::kOne), outcome)},
               Type::kSubagentEnded),
          Make("SUBAGENT_ERROR", {subagent, Req("message", Want::kString), Opt("code", Want::kString)}, Type::kSubagentEnded)};
}

std::vector<Variant> RunsAndState() {
  const Member patch = Of(Req("delta", Want::kMany), PatchOp());
  const Member step = Req("stepName", Want::kString, Slot::kId);
  const Member thread = Req("threadId", Want::kString);
  const Member run = Req("runId", Want::kString);
  const Member activity = Req("messageId", Want::kString, Slot::kId);
  const Member kind = Req("activityType", Want::kString);
  const Member usage = Of(Opt("usage", Want::kMany), TokenUsage());
  return {Laned("STATE_DELTA", {patch}),
          Laned("STATE_SNAPSHOT", {Req("snapshot", Want::kAnyOrNull)}),
          Make("RUN_STARTED",
               {thread, run, Opt("protocolVersion", Want::kString), Opt("parentRunId", Want::kString),
                Of(Opt("input", Want::kOne), RunInput())},
               Type::kRunStarted),
          Make("RUN_FINISHED", {thread, run, Of(Opt("outcome", Want::kOne), RunOutcome()), Opt("result", Want::kAny), usage},
               Type::kRunFinished),
          Make("RUN_ERROR", {Req("message", Want::kString), Opt("code", Want::kString), usage}, Type::kRunError),
          Laned("STEP_STARTED", {step}, Type::kStepStarted),
          Laned("STEP_FINISHED", {step}, Type::kStepFinished),
          Laned("ACTIVITY_SNAPSHOT", {activity, kind, Req("content", Want::kObject), Opt("replace", Want::kBool, Slot::kReplace)},
                Type::kActivitySnapshot),
          Laned("ACTIVITY_DELTA", {activity, kind, Of(Req("patch", Want::kMany), PatchOp())}, Type::kActivityDelta),
          Make("MESSAGES_SNAPSHOT", {Of(Req("messages", Want::kMessages), Message())}, Type::kMessagesSnapshot),
          Laned("CUSTOM", {Req("name", Want::kString), Req("value", Want::kAnyOrNull)}),
          Laned("RAW", {Req("event", Want::kAnyOrNull), Opt("source", Want::kString)})};
}

}  // namespace

const Shape& EventShape() {
  static const Shape shape = [] {
    Shape event{"type", TextAndCalls()};
    for (const std::vector<Variant>& more : {ReasoningAndSubagents(), RunsAndState()}) {
      event.variants.insert(event.variants.end(), more.begin(), more.end());
    }
    return event;
  }();
  return shape;
}

}  // namespace edict::bench
