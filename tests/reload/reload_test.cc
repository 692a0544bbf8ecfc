// Rules that are replaced while a stream runs: what becomes of its state, who takes part, and what can be taken back.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/stream_set.h"
#include "tests/support/files.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr const char* kEvents = R"(
event Event by type {
  time at in ms
  at: int?
  BEGIN { id: string }
  TOKEN { id: string, text: string }
  END   { id: string }
  OPEN  {}
  CLOSE {}
  ASK   {}
  SET   { value: any }
}
)";

// PROBE says what `ask`, the text of a message, comes to.
std::shared_ptr<const Program> Rules(const std::string& declarations, const std::string& ask) {
  return CompileText(std::string(kEvents) + declarations +
                     "\nrule PROBE \"says what is there\" { on ASK  deny when true  message \"" + ask + "\" }\n");
}

class Conversation {
 public:
  explicit Conversation(std::shared_ptr<const Program> program, EngineOptions options = {})
      : engine(std::move(program), options), stream(engine.Open("s")) {}

  // Codes and messages that the events give.
  std::string Feed(const std::vector<std::string>& events) {
    std::vector<Finding> found;
    for (const std::string& event : events) stream.FeedRecord(event, 0, found);
    return TextOf(found);
  }
  std::string Ask() { return Feed({R"({"type":"ASK"})"}); }
  // The report of a reload, which must succeed.
  std::string Reload(std::shared_ptr<const Program> program) {
    Result<ReloadReport> report = engine.Reload(std::move(program));
    EXPECT_TRUE(report.ok());
    return report.ok() ? ToText(report.value()) : report.error().message;
  }
  static std::string TextOf(const std::vector<Finding>& found) {
    std::string text;
    for (const Finding& finding : found) {
      text += (text.empty() ? "" : "; ") + (finding.code == "PROBE" ? "" : finding.code + " ") + finding.message;
    }
    return text;
  }

  Engine engine;
  Stream stream;
};

std::string Begin(const std::string& id) { return R"({"type":"BEGIN","id":")" + id + R"("})"; }
std::string End(const std::string& id) { return R"({"type":"END","id":")" + id + R"("})"; }
std::string Token(const std::string& id, const std::string& text) {
  return R"({"type":"TOKEN","id":")" + id + R"(","text":")" + text + R"("})";
}

constexpr const char* kCells = R"(
state count: int = 0
state phase: idle | busy | done = idle
state last: string = "none"
state seen: set<string> bound 100
state texts: map<string, string> bound 100
state maybe: int?
on BEGIN as e { count += 1  phase = busy  last = e.id  seen += e.id  maybe = 7 }
on TOKEN as e { texts[e.id] = e.text }
)";
constexpr const char* kAskCells = "{count} {phase} {last} {size(seen)} {texts[?'a'].orValue('-')} {has(maybe) ? maybe : 0}";

TEST(Reload, CellsOfTheSameNameAndTypeAreKept) {
  Conversation c(Rules(kCells, kAskCells));
  EXPECT_EQ(c.Feed({Begin("a"), Begin("b"), Token("a", "hello")}), "");
  EXPECT_EQ(c.Ask(), "2 busy b 2 hello 7");
  EXPECT_EQ(c.Reload(Rules(kCells, std::string("now ") + kAskCells)),
            "kept: state count\nkept: state phase\nkept: state last\nkept: state seen\nkept: state texts\nkept: state maybe\n");
  EXPECT_EQ(c.Ask(), "now 2 busy b 2 hello 7");
  EXPECT_EQ(c.Feed({Begin("a"), Begin("c")}), "");
  EXPECT_EQ(c.Ask(), "now 4 busy c 3 hello 7");
}

TEST(Reload, AnInitialTextOutlivesItsProgram) {
  EngineOptions options;
  options.kept_generations = 0;
  Conversation c(Rules(kCells, kAskCells), options);
  EXPECT_EQ(c.Ask(), "0 idle none 0 - 0");
  c.Reload(Rules(std::string(kCells) + "state other: string = \"some\"\n", std::string(kAskCells) + " {other}"));
  EXPECT_EQ(c.Ask(), "0 idle none 0 - 0 some");
  EXPECT_EQ(c.engine.generations().size(), 1u);
}

TEST(Reload, OtherTypesBeginAnew) {
  Conversation c(
      Rules("state a: int = 1  state b: set<string> bound 9  state c: x | y = x  state d: int = 1  state e: int = 4\n"
            "on BEGIN as e { a = 2  b += e.id  c = y  d = 3 }",
            "{a} {size(b)} {c} {d}"));
  c.Feed({Begin("a")});
  EXPECT_EQ(c.Ask(), "2 1 y 3");
  EXPECT_EQ(c.Reload(Rules("state a: string = \"s\"  state b: map<string, int> bound 9  state c: x | y | z = z  state d: int?\n"
                           "state f: int = 5",
                           "{a} {size(b)} {c} {has(d) ? d : 0} {f}")),
            "reset: state a (its type was int, and is string)\n"
            "reset: state b (its type was set<string>, and is map<string, int>)\n"
            "reset: state c (its type was x | y, and is x | y | z)\n"
            "reset: state d (its type was int, and is int?)\n"
            "dropped: state e\n"
            "new: state f\n");
  EXPECT_EQ(c.Ask(), "s 0 z 0 5");
}

TEST(Reload, StatesMayChangeTheirOrder) {
  Conversation c(Rules("state c: x | y | z = x  on BEGIN { c = y }", "{c}"));
  c.Feed({Begin("a")});
  c.Reload(Rules("state c: z | x | y = x", "{c}"));
  EXPECT_EQ(c.Ask(), "y");
}

TEST(Reload, DeclarationsSayThatTheyBeginAnew) {
  const auto rules = [](const std::string& on_reload, const std::string& ask) {
    return Rules("state n: int = 0 " + on_reload + "\nstate s: set<string> bound 9 " + on_reload +
                     "\non BEGIN as e { n += 1  s += e.id }\n"
                     "lifecycle m by e.id { bound 9 keys  BEGIN : absent -> open else error M \"m\"\n" +
                     (on_reload.empty() ? "" : "on reload keep\n") + "keep text chars = e.id on BEGIN bound 9 bytes " + on_reload +
                     " }",
                 ask);
  };
  const std::string ask = "{n} {size(s)} {m.count(open)} {m['a'].text}";
  Conversation c(rules("on reload reset", ask));
  c.Feed({Begin("a")});
  EXPECT_EQ(c.Ask(), "1 1 1 a");
  EXPECT_EQ(c.Reload(rules("", "now " + ask)), "kept: state n\nkept: state s\nkept: lifecycle m\nkept: keep text of lifecycle m\n");
  EXPECT_EQ(c.Ask(), "now 1 1 1 a");
  EXPECT_EQ(c.Reload(rules("on reload reset", ask)),
            "reset: state n (on reload reset)\nreset: state s (on reload reset)\n"
            "reset: keep text of lifecycle m (on reload reset)\nkept: lifecycle m\n");
  EXPECT_EQ(c.Ask(), "0 0 1 ");
}

TEST(Reload, KeepAllowsFurtherStates) {
  Conversation c(
      Rules("state c: x | y = x  on BEGIN { c = y }\n"
            "lifecycle m by e.id { bound 9 keys  BEGIN : absent -> open else error M \"m\" }",
            "{c} {m.count(open)}"));
  c.Feed({Begin("a")});
  EXPECT_EQ(
      c.Reload(Rules(
          "state c: z | x | y = x on reload keep\n"
          "lifecycle m by e.id { bound 9 keys  END : open -> ended else error E \"e\"  BEGIN : absent -> open  on reload keep }",
          "{c} {m.count(open)} {m.count(ended)}")),
      "kept: state c\nkept: lifecycle m\n");
  EXPECT_EQ(c.Ask(), "y 1 0");
  EXPECT_EQ(c.Feed({End("a"), End("b")}), "E e");
  EXPECT_EQ(c.Ask(), "y 0 1");
}

TEST(Reload, ValuesAreMigrated) {
  Conversation c(Rules(
      "state ms: int = 1500  state level: int = 1  state name: string = \"a\"  state mode: slow | fast = fast  state unset: int?",
      "{ms}"));
  EXPECT_EQ(c.Ask(), "1500");
  const char* migrated = R"(
fn half(x: double): double = x / 2.0
state ms: double = 0.5 on reload migrate half(double(old) / 1000.0)
state level: low | high = low on reload migrate old == 0 ? low : high
state name: string = "none" on reload migrate old + "!"
state mode: int = 7 on reload migrate old == "fast" ? 1 : 0
state unset: int = 3 on reload migrate old + 1
)";
  const std::string ask = "{ms} {level} {name} {mode} {unset}";
  EXPECT_EQ(c.Reload(Rules(migrated, ask)),
            "migrated: state ms (its type was int, and is double)\n"
            "migrated: state level (its type was int, and is low | high)\n"
            "migrated: state name\n"
            "migrated: state mode (its type was slow | fast, and is int)\n"
            "migrated: state unset (its type was int?, and is int)\n");
  EXPECT_EQ(c.Ask(), "0.75 high a! 1 3");
  // Said before: it is done.
  c.Reload(Rules(migrated, "again " + ask));
  EXPECT_EQ(c.Ask(), "again 0.75 high a! 1 3");
}

TEST(Reload, WhatCannotBeMigratedBeginsAnewAndSaysSo) {
  Conversation c(
      Rules("state a: string = \"no number\"  state b: string = \"1\"  state c: string = \"x\"  state d: string = \"a long text\"",
            "{a}"));
  c.Feed({Begin("a")});
  c.Reload(
      Rules("state a: int = 5 on reload migrate int(old)\n"
            "state b: int = 6 on reload migrate old\n"
            "state c: low | high = low on reload migrate old\n"
            "state d: string = \"d\" bound 12 bytes on reload migrate old + old",
            "{a} {b} {c} {d}"));
  const std::string found = c.Ask();
  EXPECT_NE(found.find("EDICT_EVAL state a begins anew under the new rules, since no number could not be migrated: "),
            std::string::npos)
      << found;
  EXPECT_NE(found.find("EDICT_EVAL state b begins anew under the new rules, since 1 could not be migrated: 1 is not of its type; "),
            std::string::npos)
      << found;
  EXPECT_NE(found.find("EDICT_EVAL state c begins anew under the new rules, since x could not be migrated: x is not of its type; "),
            std::string::npos)
      << found;
  EXPECT_NE(
      found.find("EDICT_EVAL state d begins anew under the new rules, since a long text could not be migrated: it is too long; "),
      std::string::npos)
      << found;
  EXPECT_TRUE(found.ends_with("; 5 6 low d")) << found;
}

// tests/reload/report: two versions of a rule set, and what is said of the step from one to the other. EDICT_UPDATE_GOLDENS=1
// rewrites it.
TEST(Reload, TheReportIsAsExpected) {
  const std::filesystem::path folder = std::filesystem::path(EDICT_SOURCE_DIR) / "tests/reload/report";
  Conversation c(CompileText(ReadFile(folder / "before.rules")));
  const std::string report = c.Reload(CompileText(ReadFile(folder / "after.rules")));
  if (std::getenv("EDICT_UPDATE_GOLDENS") != nullptr) std::ofstream(folder / "expected", std::ios::binary) << report;
  EXPECT_EQ(report, ReadFile(folder / "expected"));
}

constexpr const char* kMessages = R"(
lifecycle message by e.id {
  bound 100 keys
  BEGIN : absent -> open      else error M1 "{key} is open already"
  TOKEN : open -> open        else error M2 "{key} is not open"
  END   : open -> absent      else error M3 "{key} was never begun"
  keep text chars = e.text on TOKEN bound 1000 bytes
  keep tokens: int = 0 += 1 on TOKEN
  at end of stream require state == absent else error M4 "{key} was left open with {text}"
}
)";

TEST(Reload, LifecyclesGoOnWithWhatTheyKeep) {
  Conversation c(Rules(kMessages, "{message.count(open)} {message['a'].text} {message['a'].tokens}"));
  EXPECT_EQ(c.Feed({Begin("a"), Begin("b"), Token("a", "one "), Token("b", "x")}), "");
  EXPECT_EQ(c.Ask(), "2 one  1");
  EXPECT_EQ(c.Reload(Rules(kMessages, "now {message.count(open)} {message['a'].text} {message['a'].tokens}")),
            "kept: lifecycle message\nkept: keep text of lifecycle message\nkept: keep tokens of lifecycle message\n");
  EXPECT_EQ(c.Feed({Token("a", "two"), Begin("b"), End("c")}), "M1 b is open already; M3 c was never begun");
  EXPECT_EQ(c.Ask(), "now 2 one two 2");
  EXPECT_EQ(c.Feed({End("b")}), "");
  std::vector<Finding> found;
  c.stream.Finish(found);
  EXPECT_EQ(Conversation::TextOf(found), "M4 a was left open with one two");
}

TEST(Reload, KeepsComeAndGoByThemselves) {
  Conversation c(Rules(kMessages, ""));
  c.Feed({Begin("a"), Token("a", "one"), Begin("b")});
  const char* other = R"(
lifecycle message by e.id {
  bound 100 keys
  BEGIN : absent -> open      else error M1 "{key} is open already"
  TOKEN : open -> open        else error M2 "{key} is not open"
  END   : open -> absent      else error M3 "{key} was never begun"
  keep first: int = 9 = 1 on TOKEN
  keep tokens: double = 0.5 = 1.0 on END
  keep text chars = e.text on TOKEN bound 1000 bytes
}
)";
  EXPECT_EQ(c.Reload(Rules(other, "{message['a'].text} {message['a'].first} {message['a'].tokens} {message['b'].text}")),
            "reset: keep tokens of lifecycle message (its type was int, and is double)\n"
            "new: keep first of lifecycle message\n"
            "kept: lifecycle message\n"
            "kept: keep text of lifecycle message\n");
  EXPECT_EQ(c.Ask(), "one 9 0.5 ");
  EXPECT_EQ(c.Feed({Token("a", "!"), Token("b", "two"), End("b"), Begin("b")}), "");
  EXPECT_EQ(c.Ask(), "one! 1 0.5 ");
}

TEST(Reload, ALifecycleWithOtherStatesBeginsAnew) {
  Conversation c(Rules(kMessages, "{message.count(open)}"));
  c.Feed({Begin("a")});
  const char* other = R"(
lifecycle message by e.id {
  bound 100 keys
  BEGIN : absent -> running   else error M1 "{key} is running"
  END   : running -> absent   else error M3 "{key} was never begun"
}
)";
  EXPECT_EQ(c.Reload(Rules(other, "{message.count(running)}")),
            "reset: lifecycle message (its states were absent | open, and are absent | running)\n"
            "dropped: keep text of lifecycle message\ndropped: keep tokens of lifecycle message\n");
  EXPECT_EQ(c.Ask(), "0");
  EXPECT_EQ(c.Feed({Begin("a"), Begin("a")}), "M1 a is running");
}

TEST(Reload, ScopesStayOpen) {
  const auto rules = [](const std::string& inside, const std::string& ask) {
    return Rules("scope run from OPEN to CLOSE { state n: int = 0  on BEGIN { n += 1 }  " + inside + " }", ask);
  };
  Conversation c(rules("", "{n} {run.open}"));
  c.Feed({R"({"type":"OPEN"})", Begin("a")});
  EXPECT_EQ(c.Ask(), "1 true");
  EXPECT_EQ(c.Reload(rules("state m: int = 5", "{n} {m} {run.open}")), "new: state m\nkept: state n\n");
  EXPECT_EQ(c.Ask(), "1 5 true");
  EXPECT_EQ(
      c.Reload(Rules("state n: int = 0  scope other from OPEN to CLOSE { state m: int = 3 }", "{n} {m} {other.open}")),
      "reset: state n (it was in scope run, and is in no scope)\nreset: state m (it was in scope run, and is in scope other)\n");
  EXPECT_EQ(c.Ask(), "0 3 false");
}

TEST(Reload, DocumentsWindowsAndTimersGoOn) {
  const auto rules = [](const std::string& within, const std::string& ask) {
    return Rules(
        "document shared { bound 1000 bytes  on SET as e = e.value }\n"
        "window burst: count of TOKEN by e.id over 10s bound 100 keys bound 1000 entries\n"
        "deadline answered by e.id bound 100 keys: every BEGIN is followed by END within " +
            within + " else error LATE_END \"{key} has no end\"",
        ask);
  };
  const auto at = [](std::string event, int ms) {
    event.pop_back();
    return event + R"(,"at":)" + std::to_string(ms) + "}";
  };
  const std::string ask = "{has(shared) ? string(shared.a) : 'unknown'} {burst['a']}";
  Conversation c(rules("30s", ask));
  EXPECT_EQ(c.Feed({at(Begin("a"), 1000), at(Token("a", "x"), 2000), at(Token("a", "x"), 3000),
                    at(R"({"type":"SET","value":{"a":5}})", 4000)}),
            "");
  const std::string before = c.Ask();
  EXPECT_EQ(before, "5 2");
  EXPECT_EQ(c.Reload(rules("5s", ask)), "kept: document shared\nkept: window burst\nkept: deadline answered\n");
  EXPECT_EQ(c.Ask(), before);
  EXPECT_EQ(c.Feed({at(Token("a", "x"), 5000)}), "");
  EXPECT_EQ(c.Ask(), "5 3");
  // By the new span the deadline is over.
  EXPECT_EQ(c.Feed({at(Token("b", "x"), 6500)}), "LATE_END a has no end");
  EXPECT_EQ(c.Feed({at(Token("b", "x"), 13500)}), "");
  EXPECT_EQ(c.Ask(), "5 1");
}

TEST(Reload, TakesPartAtTheNextEventTickOrEnd) {
  Conversation c(Rules("state n: int = 0\non BEGIN { n += 1 }", "old {n}"));
  c.Feed({Begin("a")});
  EXPECT_EQ(c.stream.generation(), 1u);
  c.Reload(Rules("state n: int = 0\non BEGIN { n += 1 }\nat end of stream require n == 0 else error LEFT \"{n} left\"", "new {n}"));
  EXPECT_EQ(c.stream.generation(), 1u);
  EXPECT_EQ(c.engine.generation(), 2u);
  std::vector<Finding> found;
  c.stream.Finish(found);
  EXPECT_EQ(Conversation::TextOf(found), "LEFT 1 left");
  EXPECT_EQ(c.stream.generation(), 2u);
}

TEST(Reload, PinnedStreamsStay) {
  Conversation c(Rules("state n: int = 0\non BEGIN { n += 1 }", "old {n}"));
  Stream other = c.engine.Open("other");
  c.stream.Pin();
  c.Reload(Rules("state n: int = 0\non BEGIN { n += 10 }", "new {n}"));
  EXPECT_EQ(c.Feed({Begin("a")}), "");
  EXPECT_EQ(c.Ask(), "old 1");
  std::vector<Finding> found;
  other.FeedRecord(Begin("a"), 0, found);
  other.FeedRecord(R"({"type":"ASK"})", 0, found);
  EXPECT_EQ(Conversation::TextOf(found), "new 10");
  const std::vector<GenerationInfo> generations = c.engine.generations();
  ASSERT_EQ(generations.size(), 2u);
  EXPECT_EQ(generations[0].streams, 1u);
  EXPECT_TRUE(generations[0].kept);
  EXPECT_EQ(generations[1].streams, 1u);
  EXPECT_TRUE(generations[1].current);
  c.stream.Unpin();
  EXPECT_EQ(c.Ask(), "new 1");
  EXPECT_EQ(c.engine.generations()[0].streams, 0u);
}

TEST(Reload, AllStreamsOfAnEngineCanBePinned) {
  EngineOptions options;
  options.pin_streams = true;
  options.kept_generations = 0;
  Engine engine(Rules("", "old"), options);
  StreamSet set(engine);
  std::vector<Finding> found;
  const std::string ask = R"({"type":"ASK"})";
  set.At("a", found).FeedRecord(ask, 0, found);
  Result<ReloadReport> report = engine.Reload(Rules("", "new"));
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().streams, 1u);
  set.At("a", found).FeedRecord(ask, 0, found);
  set.At("b", found).FeedRecord(ask, 0, found);
  set.At("a", found).FeedRecord(ask, 0, found);
  EXPECT_EQ(Conversation::TextOf(found), "old; old; new; old");
  EXPECT_EQ(engine.generations().size(), 2u);
  set.Finish("a", found);
  EXPECT_EQ(engine.generations().size(), 1u) << "the last stream has left the old rules";
}

TEST(Reload, StreamsOfASetGoOneByOne) {
  EngineOptions options;
  options.kept_generations = 0;
  Engine engine(Rules(kCells, kAskCells), options);
  StreamSet set(engine);
  std::vector<Finding> found;
  const std::string ask = R"({"type":"ASK"})";
  for (const char* key : {"a", "b", "c"}) set.At(key, found).FeedRecord(Begin(key), 0, found);
  ASSERT_TRUE(engine.Reload(Rules(kCells, std::string("new ") + kAskCells)).ok());
  set.At("b", found).FeedRecord(ask, 0, found);
  EXPECT_EQ(engine.generations()[0].streams, 2u);
  ASSERT_TRUE(engine.Reload(Rules(kCells, std::string("newer ") + kAskCells)).ok());
  EXPECT_EQ(engine.generations().size(), 3u);
  for (const char* key : {"a", "b", "c"}) set.At(key, found).FeedRecord(ask, 0, found);
  EXPECT_EQ(Conversation::TextOf(found), "new 1 busy b 1 - 7; newer 1 busy a 1 - 7; newer 1 busy b 1 - 7; newer 1 busy c 1 - 7");
  EXPECT_EQ(engine.generations().size(), 1u);
}

TEST(Reload, RollsBack) {
  Conversation c(Rules("state n: int = 0\non BEGIN { n += 1 }", "one {n}"));
  c.Feed({Begin("a")});
  c.Reload(Rules("state n: int = 0\non BEGIN { n += 1 }", "two {n}"));
  c.Reload(Rules("state n: int = 0\non BEGIN { n += 1 }", "three {n}"));
  EXPECT_EQ(c.Ask(), "three 1");
  ASSERT_TRUE(c.engine.RollBack().ok());
  EXPECT_EQ(c.engine.generation(), 2u);
  EXPECT_EQ(c.Ask(), "two 1");
  ASSERT_TRUE(c.engine.RollBack().ok());
  EXPECT_EQ(c.Ask(), "three 1") << "the rules that were left are the former ones";
  Result<ReloadReport> report = c.engine.RollBack(2);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report.value().to, 1u);
  EXPECT_EQ(c.Ask(), "one 1");
  Result<ReloadReport> none = c.engine.RollBack(3);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message, "there are 2 former rule sets to go back to, not 3");
  EXPECT_FALSE(c.engine.RollBack(0).ok());
  EXPECT_EQ(c.Ask(), "one 1");
}

TEST(Reload, KeepsNoMoreSetsThanAskedFor) {
  EngineOptions options;
  options.kept_generations = 1;
  Engine engine(Rules("", "1"), options);
  std::weak_ptr<const Program> first = engine.rules();
  ASSERT_TRUE(engine.Reload(Rules("", "2")).ok());
  EXPECT_FALSE(first.expired());
  ASSERT_TRUE(engine.Reload(Rules("", "3")).ok());
  EXPECT_TRUE(first.expired());
  EXPECT_FALSE(engine.RollBack(2).ok());
}

TEST(Reload, NothingIsNoRuleSet) {
  Conversation c(Rules("", "still"));
  EXPECT_FALSE(c.engine.Reload(nullptr).ok());
  EXPECT_EQ(c.Ask(), "still");
}

TEST(Reload, TheHashTellsRuleSetsApart) {
  Conversation c(Rules("", "one"));
  const std::string first = c.engine.hash();
  EXPECT_EQ(first.size(), 32u);
  c.Reload(Rules("", "two"));
  EXPECT_NE(c.engine.hash(), first);
  ASSERT_TRUE(c.engine.RollBack().ok());
  EXPECT_EQ(c.engine.hash(), first);
}

TEST(Reload, NativeCodeIsUsedForItsOwnRulesOnly) {
  const std::shared_ptr<const Program> first = Rules(kCells, kAskCells);
  const std::shared_ptr<const Program> second = Rules(kMessages, "{message.count(open)}");
  Result<std::shared_ptr<const NativeCode>> code = compiler::MakeNative(*first);
  ASSERT_TRUE(code.ok()) << code.error().message;
  EngineOptions options;
  options.kept_generations = 0;
  Conversation c(first, options);
  EXPECT_TRUE(c.engine.UseNative(code.value(), *first));
  EXPECT_EQ(c.Feed({Begin("a")}), "");
  c.Reload(second);
  EXPECT_TRUE(c.engine.UseNative(code.value(), *first)) << "a stream is still on them";
  EXPECT_EQ(c.Feed({Begin("a"), Begin("a")}), "M1 a is open already");
  EXPECT_FALSE(c.engine.UseNative(code.value(), *first));
  EXPECT_FALSE(c.engine.UseNative(code.value())) << "for which rules it does not say";
  EXPECT_FALSE(c.engine.generations()[0].native);
  EXPECT_EQ(c.Feed({Begin("b"), Begin("b")}), "M1 b is open already");
}

// The rules are replaced while native code of them is being made.
TEST(Reload, NativeCodeThatComesLateIsNotUsed) {
  EngineOptions options;
  options.kept_generations = 0;
  Conversation c(Rules(kCells, kAskCells), options);
  {
    compiler::NativeInBackground background;
    background.Start(c.engine);
    c.Reload(Rules(kMessages, "{message.count(open)}"));
    EXPECT_EQ(c.Feed({Begin("a"), Begin("a")}), "M1 a is open already");
  }
  EXPECT_EQ(c.engine.generations().size(), 1u);
  EXPECT_FALSE(c.engine.generations()[0].native);
  EXPECT_EQ(c.Feed({Begin("b"), Begin("b")}), "M1 b is open already");
}

// Everything at once, with native code from the start: lines are judged in place before and after.
TEST(Reload, BeginsWithNativeCode) {
  const std::shared_ptr<const Program> first = Rules(std::string(kCells) + kMessages, kAskCells);
  const std::shared_ptr<const Program> second = Rules(std::string(kCells) + kMessages, std::string("new ") + kAskCells);
  Conversation c(first);
  ASSERT_TRUE(compiler::CompileNative(c.engine).ok());
  ReloadOptions options;
  Result<std::shared_ptr<const NativeCode>> code = compiler::MakeNative(*second);
  ASSERT_TRUE(code.ok()) << code.error().message;
  options.native = code.value();
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += Begin("m" + std::to_string(i)) + "\n";
  std::vector<Finding> found;
  c.stream.FeedLines(lines, 0, found);
  ASSERT_TRUE(c.engine.Reload(second, options).ok());
  EXPECT_TRUE(c.engine.generations()[1].native);
  lines.clear();
  for (int i = 0; i < 50; ++i) lines += Token("m" + std::to_string(i), "text") + "\n" + End("m" + std::to_string(i)) + "\n";
  EXPECT_GT(c.stream.TakeLines(lines, 0, found), 0u);
  EXPECT_EQ(Conversation::TextOf(found), "");
  EXPECT_EQ(c.Ask(), "new 100 busy m99 100 - 7");
}

}  // namespace
}  // namespace edict::tests
