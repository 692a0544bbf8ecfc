#include "tests/support/random_rules.h"

#include "tests/support/split_mix.h"

namespace edict::tests {
namespace {

using Strings = std::vector<std::string>;

constexpr char kDeclarations[] = R"(package random.rules 1.0.0
param limit: int = 5
fn twice(x: int): int = x * 2
type Part by kind { word { text: string } count { n: int, unit: string? } otherwise accept }
event Event by type {
  seq: int?
  t: int?
  time t in ms late 4ms
  A { id: string, n: int, m: int?, x: number, ok: bool, tag: string?, list: int[], words: string[]?, props: object }
  B { id: string, n: int, mode: "on" | "off" | "idle", parts: Part[], any: any | null, maybe: (string | null)? }
  C { id: string?, n: int, words: string[], patch: any[]? }
  otherwise accept
}
state total: int = 0
state phase: idle | busy | done = idle
state last: string? bound 64 bytes
state seen: set<string> bound 6
state owner: map<string, int> bound 6
)";

// Expressions by type, of bounded depth, over what is in scope on one event type.
class ExpressionMaker {
 public:
  ExpressionMaker(Random& random, char event) : random_(random), event_(event) {}

  std::string Bool(int depth) {
    if (depth <= 0) return random_.Pick(BoolLeaves());
    switch (random_.Below(15)) {
      case 0:
        return "(" + Bool(depth - 1) + " && " + Bool(depth - 1) + ")";
      case 1:
        return "(" + Bool(depth - 1) + " || " + Bool(depth - 1) + ")";
      case 2:
        return "!(" + Bool(depth - 1) + ")";
      case 3:
        return "(" + Int(depth - 1) + random_.Pick(Strings{" < ", " <= ", " > ", " >= ", " == ", " != "}) + Int(depth - 1) + ")";
      case 4:
        return "(" + Text(depth - 1) + random_.Pick(Strings{" < ", " == ", " != ", " >= "}) + Text(depth - 1) + ")";
      case 5:
        return "(" + Bool(depth - 1) + " ? " + Bool(depth - 1) + " : " + Bool(depth - 1) + ")";
      case 6:
        return Text(depth - 1) + random_.Pick(Strings{".startsWith(", ".endsWith(", ".contains("}) + Text(depth - 1) + ")";
      case 7:
        return Text(depth - 1) + ".matches('" + random_.Pick(Strings{"^[a-c]+$", "b.*", "\\\\d", "", "^(a|bb)*$"}) + "')";
      case 8:
        return List(depth - 1) + random_.Pick(Strings{".all(v, ", ".exists(v, ", ".exists_one(v, "}) + Element(depth - 1) + ")";
      case 9:
        return "(" + Int(depth - 1) + " in " + List(depth - 1) + ")";
      case 10:
        return "(" + Double(depth - 1) + random_.Pick(Strings{" < ", " >= ", " == "}) +
               random_.Pick(Strings{Double(depth - 1), "double(" + Int(depth - 1) + ")"}) + ")";
      case 11:
        return "(" + Text(depth - 1) + " in seen)";
      case 12:
        return "(" + Text(depth - 1) + " in owner)";
      case 13:
        return "(dyn(" + Int(depth - 1) + ") == dyn(" + random_.Pick(Strings{Int(depth - 1), Double(depth - 1), Text(depth - 1)}) +
               "))";
      default:
        return random_.Pick(BoolLeaves());
    }
  }

  std::string Int(int depth) {
    if (depth <= 0) return random_.Pick(IntLeaves());
    switch (random_.Below(9)) {
      case 0:
      case 1:
        return "(" + Int(depth - 1) + random_.Pick(Strings{" + ", " - ", " * "}) + Int(depth - 1) + ")";
      case 2:
        return "(" + Int(depth - 1) + random_.Pick(Strings{" / ", " % "}) + Int(depth - 1) + ")";
      case 3:
        return "size(" + random_.Pick(Strings{Text(depth - 1), List(depth - 1), "seen", "owner"}) + ")";
      case 4:
        return "(" + Bool(depth - 1) + " ? " + Int(depth - 1) + " : " + Int(depth - 1) + ")";
      case 5:
        return "owner[" + Text(depth - 1) + "]";
      case 6:
        return "owner[?" + Text(depth - 1) + "].orValue(" + Int(depth - 1) + ")";
      case 7:
        return "twice(" + Int(depth - 1) + ")";
      default:
        return "-(" + Int(depth - 1) + ")";
    }
  }

  std::string Text(int depth) {
    if (depth <= 0) return random_.Pick(TextLeaves());
    switch (random_.Below(5)) {
      case 0:
        return "(" + Text(depth - 1) + " + " + Text(depth - 1) + ")";
      case 1:
        return "(" + Bool(depth - 1) + " ? " + Text(depth - 1) + " : " + Text(depth - 1) + ")";
      case 2:
        return "string(" + Int(depth - 1) + ")";
      case 3:
        return Text(depth - 1) + random_.Pick(Strings{".lowerAscii()", ".upperAscii()", ".trim()", ".replace('a', 'bb')"});
      default:
        return random_.Pick(TextLeaves());
    }
  }

 private:
  std::string Double(int depth) {
    Strings leaves = {"1.5", "-0.0", "1e300", "w_rate", "w_min.orValue(0.5)", "double(" + Int(depth - 1) + ")"};
    if (event_ == 'A') leaves.insert(leaves.end(), {"e.x", "(e.x * 2.0)", "(e.x / (e.x - 1.0))"});
    return random_.Pick(leaves);
  }
  std::string List(int depth) {
    if (event_ == 'A' && random_.Chance(50)) return "e.list";
    if (event_ == 'A' && random_.Chance(30)) return "e.list.filter(v, " + Element(depth - 1) + ")";
    if (event_ == 'C' && random_.Chance(50)) return "e.words.map(w, size(w))";
    return "[" + Int(depth - 1) + ", " + Int(depth - 1) + "]";
  }
  // A condition on `v`, an int.
  std::string Element(int depth) {
    switch (random_.Below(4)) {
      case 0:
        return "v > " + Int(depth - 1);
      case 1:
        return "(10 / v) > 1 || " + Bool(depth - 1);
      case 2:
        return "v % 2 == 0 && " + Bool(depth - 1);
      default:
        return "v == " + Int(depth - 1);
    }
  }
  Strings IntLeaves() const {
    Strings leaves = {"e.n",
                      "total",
                      "limit",
                      "0",
                      "1",
                      "-3",
                      "7",
                      "9223372036854775807",
                      "size(seen)",
                      "life.count(open)",
                      "doc.at('/k').optMap(k, 1).orValue(2)",
                      "w_sum",
                      "w_count['a']",
                      "w_max.orValue(3)",
                      "(has(e.seq) ? e.seq : 1)"};
    if (event_ != 'C') leaves.insert(leaves.end(), {"life[e.id].sum", "size(life[e.id].text)", "w_count[e.id]"});
    if (event_ == 'B') leaves.push_back("w_distinct[e.mode]");
    if (event_ == 'A') leaves.insert(leaves.end(), {"e.?m.orValue(3)", "(has(e.m) ? e.m : 2)", "size(e.list)", "e.list[0]"});
    if (event_ == 'B') leaves.insert(leaves.end(), {"size(e.parts)", "int(e.any)"});
    if (event_ == 'C') leaves.insert(leaves.end(), {"size(e.words)"});
    return leaves;
  }
  Strings BoolLeaves() const {
    Strings leaves = {"true",
                      "false",
                      "phase == busy",
                      "phase != idle",
                      "has(last)",
                      "e.n > 2",
                      "run.open",
                      "e.type == 'A'",
                      "has(dyn(e).extra)",
                      "has(doc)",
                      "(has(doc) && has(doc.k))",
                      "(has(doc) && doc == {'k': 1})",
                      "doc.applies([{'op': 'remove', 'path': '/k'}])",
                      "doc.?k.hasValue()",
                      "pair",
                      "reply['a']"};
    if (event_ != 'C') leaves.insert(leaves.end(), {"life[e.id].text.complete", "json.valid(life[e.id].text)"});
    if (event_ == 'A')
      leaves.insert(leaves.end(), {"e.ok", "has(e.tag)", "has(e.words)", "e.id in life", "has(e.props.k)", "e.props.k == 1",
                                   "life[e.id].state == open"});
    if (event_ == 'B')
      leaves.insert(leaves.end(), {"e.mode == 'on'", "e.any == null", "e.any == 1", "e.parts.exists(p, p.kind == 'word')",
                                   "has(e.maybe) && e.maybe == null", "dyn(e).any.k == 2"});
    if (event_ != 'C') leaves.push_back("reply[e.id]");
    if (event_ == 'C') leaves.insert(leaves.end(), {"has(e.id)", "'b' in e.words", "e.words.all(w, size(w) < 3)"});
    return leaves;
  }
  Strings TextLeaves() const {
    Strings leaves = {"'a'", "''", "'bb'", "last.orValue('none')", "e.type"};
    leaves[3] = "(has(last) ? last : 'none')";
    if (event_ != 'C') leaves.insert(leaves.end(), {"e.id", "e.id", "life[e.id].text"});
    if (event_ == 'A') leaves.insert(leaves.end(), {"e.?tag.orValue('t')", "(has(e.words) ? e.words[0] : 'w')"});
    if (event_ == 'B') leaves.insert(leaves.end(), {"string(e.mode)", "string(e.any)"});
    if (event_ == 'C') leaves.insert(leaves.end(), {"e.words[0]", "e.?id.orValue('c')", "e.words.join(',')"});
    return leaves;
  }

  Random& random_;
  char event_;
};

char PickEvent(Random& random) { return "ABC"[random.Below(3)]; }

std::string RandomHandler(Random& random, int number) {
  char event = static_cast<char>('A' + number);  // one handler an event type, so that no cell has two writers
  ExpressionMaker make(random, event);
  std::string text = std::string("on ") + event + " as e" + (random.Chance(40) ? " when " + make.Bool(2) : "") + " {\n";
  if (random.Chance(60)) text += "  total = " + make.Int(2) + (random.Chance(30) ? " when " + make.Bool(1) : "") + "\n";
  if (random.Chance(60))
    text += "  phase = " + random.Pick(Strings{"idle", "busy", "done"}) + (random.Chance(50) ? " when " + make.Bool(2) : "") + "\n";
  if (random.Chance(50)) text += "  last = " + make.Text(2) + "\n";
  if (random.Chance(60)) text += "  seen " + random.Pick(Strings{"+= ", "+= ", "-= "}) + make.Text(1) + "\n";
  if (random.Chance(60)) text += "  owner[" + make.Text(1) + "] = " + make.Int(1) + "\n";
  return text + "}\n";
}

// Windows and timers of a few milliseconds, so that events often lie at their edges.
std::string RandomTimed(Random& random) {
  const auto span = [&](const char* word) { return std::string(word) + std::to_string(1 + random.Below(10)) + "ms"; };
  const auto over = [&] { return span(" over ") + (random.Chance(30) ? " tumbling" : ""); };
  std::string text = "window w_count: count of A, B by e.id" + over() + " bound 4 keys bound 12 entries\n";
  text += "window w_sum: sum of e.n on A, B, C" + over() + " bound 20 entries else info W_FULL \"w_sum is full\"\n";
  text += "window w_min: min of e.x on A when " + ExpressionMaker(random, 'A').Bool(1) + over() + " bound 9 entries\n";
  text += "window w_max: max of e.n on A, C" + over() + " bound 50 entries\n";
  text += "window w_distinct: distinct of e.n on B by e.mode" + over() + " bound 2 keys bound 10 entries\n";
  text += "window w_rate: rate of A, C" + over() + " bound 30 entries\n";
  text += "sequence pair: A when " + ExpressionMaker(random, 'A').Bool(1) + " then " + random.Pick(Strings{"A", "B"}) +
          span(" within ") + " unless C else info PAIR \"completed by {e.id}\"\n";
  text += "deadline reply by e.id bound 4 keys: every A is followed by " + random.Pick(Strings{"A", "B"}) + span(" within ") +
          " else warning REPLY \"{key}: {opened} to {due}, now {now}\"\n";
  return text;
}

std::string RandomRule(Random& random, int number) {
  char event = PickEvent(random);
  ExpressionMaker make(random, event);
  std::string text = "rule R" + std::to_string(number) + " \"random\" {\n";
  text += "  severity " + random.Pick(Strings{"info", "warning", "error"}) + "\n  on " + event + " as e\n";
  if (number > 0 && random.Chance(15)) text += "  after R" + std::to_string(random.Below(static_cast<uint32_t>(number))) + "\n";
  if (random.Chance(50)) text += "  when " + make.Bool(2) + "\n";
  if (event == 'A' && random.Chance(20)) {
    text += "  for v, i in e.list\n  require v > " + make.Int(1) + " || i > 1 at v else \"element {i} is {v}\"\n";
    return text + "}\n";
  }
  if (event == 'B' && random.Chance(20)) {
    text += "  for p in e.parts\n  deny when p.kind == \"count\" && " + make.Bool(1) + " at p.kind\n";
    return text + "}\n";
  }
  uint32_t clauses = 1 + random.Below(2);
  for (uint32_t i = 0; i < clauses; ++i) {
    text += random.Chance(60) ? "  require " : "  deny when ";
    text += make.Bool(3);
    if (random.Chance(40)) text += " at e.n";
    if (random.Chance(40)) text += " else \"found {" + make.Text(1) + "} and {" + make.Int(1) + "}\"";
    text += "\n";
  }
  return text + "}\n";
}

// A lifecycle that keeps a text and a number, and a document that is set and patched; the document is the stream's or the
// run's.
std::string RandomDocument(Random& random) {
  ExpressionMaker on_a(random, 'A');
  ExpressionMaker on_c(random, 'C');
  std::string text = "document doc" + std::string(random.Chance(30) ? " in run" : "") + " {\n";
  text += "  bound " + random.Pick(Strings{"200", "400", "10_000"}) + " bytes else warning DOC_LARGE \"large\"\n";
  text += "  on A = " + random.Pick(Strings{"e.props", "e.list", "{'k': e.list, 'a': last.orValue('x')}", "{'k': e.n}"}) +
          (random.Chance(60) ? " when " + on_a.Bool(1) : "") + "\n";
  const size_t unset = text.find("last.orValue('x')");
  if (unset != std::string::npos) text.replace(unset, 17, "(has(last) ? last : 'x')");
  text += "  on C patch e.patch when has(e.patch)" + (random.Chance(40) ? " && " + on_c.Bool(1) : "");
  if (random.Chance(70)) text += " else error DOC_PATCH \"{index} {op} {path}: {reason}\"";
  return text + (random.Chance(20) ? "\n  on B clear" : "") + "\n}\n";
}

std::string RandomText(Random& random) {
  return random.Pick(Strings{"a", "b", "bb", "c", "", "abc", "A\\u0042", "\\ud83d", "caf\\u00e9", "12", "on", "q\\\"q"});
}
std::string RandomNumber(Random& random) {
  return random.Pick(Strings{"0", "1", "2", "3", "-1", "-0", "10", "7.0", "1e2", "9223372036854775807", "-9223372036854775808"});
}
std::string RandomAny(Random& random) {
  return random.Pick(Strings{"null", "1", "1.5", "\"7\"", "{\"k\":2}", "[1,2]", "true", "{}", "\"x\""});
}

std::string RandomArray(Random& random, bool numbers) {
  std::string text = "[";
  for (uint32_t n = random.Below(4), i = 0; i < n; ++i) {
    text += (i == 0 ? "" : ",") + (numbers ? RandomNumber(random) : "\"" + RandomText(random) + "\"");
  }
  return text + "]";
}
std::string RandomPatch(Random& random) {
  const Strings places = {"", "/k", "/k", "/a", "/k/0", "/k/-", "/toString", "/~1", "/k/k", "/01", "k"};
  std::string text = "[";
  for (uint32_t n = random.Below(4), i = 0; i < n; ++i) {
    text += (i == 0 ? "" : ",") + std::string("{\"op\":\"") +
            random.Pick(Strings{"add", "add", "remove", "replace", "move", "copy", "test", "frob"}) + "\",\"path\":\"" +
            random.Pick(places) + "\",\"from\":\"" + random.Pick(places) + "\",\"value\":" + RandomAny(random) + "}";
  }
  return text + "]";
}
std::string RandomParts(Random& random) {
  std::string text = "[";
  for (uint32_t n = random.Below(3), i = 0; i < n; ++i) {
    text += (i == 0 ? "" : ",") +
            random.Pick(Strings{R"({"kind":"word","text":"w"})", R"({"kind":"count","n":3})",
                                R"({"kind":"count","n":0,"unit":"s"})", R"({"kind":"other"})", R"({"kind":"word"})"});
  }
  return text + "]";
}

}  // namespace

uint64_t Random::Next() { return SplitMix64(state_); }

std::string RandomRules(Random& random) {
  std::string text = kDeclarations;
  text += "scope run from A" + std::string(random.Chance(50) ? "" : " when e.ok") + " to C {\n";
  text += "  state inner: int = 1\n  on B as e { inner += 1 }\n";
  text += "  at end of run require inner < 4 else warning INNER \"inner is {inner}\"\n}\n";
  text += "lifecycle life by e.id {\n  bound 5 keys\n";
  text += "  A : absent -> open else error LIFE_OPEN \"{key} is {state}\"\n";
  if (random.Chance(50)) text += "  B : open -> absent when size(text) > 8 || !text.complete || json.valid(text)\n";
  text +=
      "  B : open -> " + random.Pick(Strings{"open", "absent", "closed", "same"}) + " else warning LIFE_NOT \"{key} is {state}\"\n";
  text += "  keep text chars = " + random.Pick(Strings{"e.id", "e.?tag"}) + " on A" +
          random.Pick(Strings{"", " = e.mode on B", " = string(e.n) on B when e.n > 0"}) + " bound 12 bytes" +
          random.Pick(Strings{"", " else warning LIFE_TEXT \"long\""}) + "\n";
  text += "  keep sum: int = 1 += e.n on A" + random.Pick(Strings{"", " = sum * 2 on B", " -= size(text) on B"}) + "\n";
  text += "  at end of stream require state != open else info LIFE_LEFT \"{key} was left: {text} {sum} {text.complete}\"\n}\n";
  text += RandomDocument(random);
  text += RandomTimed(random);
  for (int i = 0; i < 3; ++i) text += RandomHandler(random, i);
  for (int i = 0; i < 12; ++i) text += RandomRule(random, i);
  return text;
}

std::string RandomEvent(Random& random) {
  if (random.Chance(2))
    return random.Pick(Strings{"{", "[]", "null", "{\"type\":\"A\",}", "\xff", "{\"type\":1}", "{}", "{\"type\":\"Z\",\"n\":1}"});
  char type = PickEvent(random);
  Strings members = {std::string("\"type\":\"") + type + "\"", "\"n\":" + RandomNumber(random)};
  auto add = [&](const std::string& name, const std::string& value, uint32_t percent) {
    if (!random.Chance(percent)) return;
    members.push_back("\"" + name + "\":" + (random.Chance(2) ? RandomAny(random) : value));
  };
  add("seq", RandomNumber(random), 30);
  random.clock += random.Below(4);
  const int64_t back = random.Chance(30) ? random.Below(8) : 0;
  add("t", random.Chance(1) ? RandomNumber(random) : std::to_string(random.clock - back), 85);
  add("id", "\"" + RandomText(random) + "\"", type == 'C' ? 50 : 98);
  if (type == 'A') {
    add("m", RandomNumber(random), 50);
    add("x", random.Pick(Strings{"1", "0.5", "-2e-3", "1.0", "1e999"}), 98);
    add("ok", random.Pick(Strings{"true", "false"}), 98);
    add("tag", "\"" + RandomText(random) + "\"", 40);
    add("list", RandomArray(random, true), 98);
    add("words", RandomArray(random, false), 50);
    add("props", random.Pick(Strings{"{}", "{\"k\":1}", "{\"k\":null,\"k\":2}"}), 98);
  } else if (type == 'B') {
    add("mode", random.Pick(Strings{"\"on\"", "\"off\"", "\"idle\"", "\"none\""}), 98);
    add("parts", RandomParts(random), 98);
    add("any", RandomAny(random), 98);
    add("maybe", random.Pick(Strings{"null", "\"x\""}), 40);
  } else {
    add("words", RandomArray(random, false), 98);
    add("patch", RandomPatch(random), 70);
  }
  add("extra", RandomAny(random), 10);
  for (size_t i = members.size(); i > 1; --i) std::swap(members[i - 1], members[random.Below(static_cast<uint32_t>(i))]);
  std::string text = "{";
  for (size_t i = 0; i < members.size(); ++i) text += (i == 0 ? "" : ",") + members[i];
  return text + "}";
}

}  // namespace edict::tests
