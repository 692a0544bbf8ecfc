// Rules and events for what is judged in place.
#ifndef EDICT_TESTS_SUPPORT_SHAPE_RULES_H_
#define EDICT_TESTS_SUPPORT_SHAPE_RULES_H_

#include <string>
#include <vector>

namespace edict::tests {

// Every kind of shape, fields that rules read and such that they do not, and states that are written in each way.
inline constexpr const char* kShapeRules = R"(
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

// Valid events for them, and for AG-UI's packages.
inline const std::vector<std::string>& ShapeEvents() {
  static const std::vector<std::string> events = {
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
  return events;
}

inline const std::vector<std::string>& AguiEvents() {
  static const std::vector<std::string> events = {
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
  return events;
}

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_SHAPE_RULES_H_
