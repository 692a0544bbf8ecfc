// What lowered rules find: the meaning of declarations, by running them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/engine.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

// "index code path message" of each finding.
std::vector<std::string> Findings(const std::string& rules, const std::vector<std::string>& events) {
  std::shared_ptr<const Program> program = CompileText(rules);
  if (program == nullptr) return {"no program"};
  Engine engine(program);
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  for (const std::string& event : events) stream.FeedRecord(event, 0, findings);
  stream.Finish(findings);
  std::vector<std::string> texts;
  for (const Finding& f : findings) texts.push_back(std::to_string(f.index) + " " + f.code + " " + f.path + " " + f.message);
  return texts;
}

using Strings = std::vector<std::string>;

TEST(Types, WhereOfASplicedRecordIsKept) {
  EXPECT_EQ(Findings(R"(
type Base { low: int  high: int;  where this.low <= this.high else RANGE "low is above high" }
event Event by type { A { ...Base } })",
                     {R"({"type":"A","low":1,"high":2})", R"({"type":"A","low":3,"high":2})"}),
            (Strings{"1 RANGE  low is above high"}));
}

TEST(Types, WhereOfCommonFieldsHoldsInEveryAlternative) {
  EXPECT_EQ(Findings(R"(
type Item by kind { n: int;  where this.n > 0 else POSITIVE "not positive"  a { }  b { } }
event Event by type { A { items: Item[] } })",
                     {R"({"type":"A","items":[{"kind":"a","n":1},{"kind":"b","n":0}]})"}),
            (Strings{"0 POSITIVE /items/1 not positive"}));
}

TEST(Types, UnionsAreToldApartByJsonKind) {
  Strings findings =
      Findings("event Event by type { A { x: int | string | null } }",
               {R"({"type":"A","x":1})", R"({"type":"A","x":"a"})", R"({"type":"A","x":null})", R"({"type":"A","x":[]})"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].substr(0, 22), "3 SHAPE_WRONG_TYPE /x ") << findings[0];
}

TEST(Types, RecordsMayContainThemselves) {
  Strings findings = Findings(R"(
type Tree { v: int  kids: Tree[]? }
event Event by type { A { tree: Tree } })",
                              {R"({"type":"A","tree":{"v":1,"kids":[{"v":2,"kids":[{"v":"x"}]}]}})"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_NE(findings[0].find("/tree/kids/0/kids/0/v"), std::string::npos) << findings[0];
}

TEST(Types, AlternativesThatDisagreeAreReadDynamically) {
  EXPECT_EQ(Findings(R"(
type Part by kind { text { v: string[] }  code { v: int[] } }
event Event by type { A { part: Part } }
rule R "r" { on A as e  require has(e.part.v) && e.part.v[0] == 1 else "{e.part.v}" })",
                     {R"({"type":"A","part":{"kind":"code","v":[1]}})", R"({"type":"A","part":{"kind":"text","v":["a"]}})"}),
            (Strings{R"(1 R  ["a"])"}));
}

TEST(Rules, NeedNoEventFamily) {
  EXPECT_EQ(Findings("rule R \"an id\" { on any as e  require has(dyn(e).id) }", {R"({"id":1})", R"({"type":"A"})"}),
            (Strings{"1 R  an id"}));
}

TEST(Rules, LoopsBlameTheElementUnlessToldOtherwise) {
  constexpr char kEvents[] = "event Event by type { A { rows: { cells: { id: int }[] }[] } }\n";
  const Strings events = {R"({"type":"A","rows":[{"cells":[{"id":1}]},{"cells":[{"id":2},{"id":0}]}]})"};
  EXPECT_EQ(Findings(std::string(kEvents) +
                         R"(rule R "r" { on A as e  for row, i in e.rows  for c in row.cells  require c.id > 0 else "row {i}" })",
                     events),
            (Strings{"0 R /rows/1/cells/1 row 1"}));
  EXPECT_EQ(Findings(std::string(kEvents) +
                         R"(rule R "r" { on A as e  for row in e.rows  for c in row.cells  require c.id > 0 at c.id })",
                     events),
            (Strings{"0 R /rows/1/cells/1/id r"}));
  EXPECT_EQ(
      Findings(std::string(kEvents) + R"(rule R "r" { on A as e  require e.rows[1].cells[1].id > 0 at e.rows[1].cells[1].id })",
               events),
      (Strings{"0 R /rows/1/cells/1/id r"}));
}

TEST(Rules, OnlyTheFirstFailingClauseIsReported) {
  EXPECT_EQ(Findings(R"(
event Event by type { A { x: int? } }
rule R "r" { on A as e  require has(e.x) else "none"  require e.x > 0 else "small {e.x}"  deny when e.x > 9 else "large" })",
                     {R"({"type":"A"})", R"({"type":"A","x":0})", R"({"type":"A","x":10})", R"({"type":"A","x":5})"}),
            (Strings{"0 R  none", "1 R  small 0", "2 R  large"}));
}

TEST(State, RulesReadWhatWasBeforeTheEvent) {
  EXPECT_EQ(Findings(R"(
event Event by type { A { id: string  tag: string? } }
state count: int = 0
state owner: map<string, optional<string>> bound 10
state last: string?
on A as e { count += 1  owner[e.id] = e.?tag  last = e.?tag }
rule R "r" { on A as e  require false else "{count} {e.id in owner} {owner[?e.id].orValue(\"-\")} {has(last) ? last : \"unset\"}" })",
                     {R"({"type":"A","id":"a","tag":"t"})", R"({"type":"A","id":"a"})", R"({"type":"A","id":"a"})"}),
            (Strings{"0 R  0 false - unset", "1 R  1 true t t", "2 R  2 true - unset"}));
}

TEST(State, HandlersEraseClearAndLoop) {
  EXPECT_EQ(Findings(R"(
event Event by type { ADD { ids: string[] }  DROP { id: string }  CLEAR { }  SHOW { } }
state seen: set<string> bound 10
state sizes: map<string, int> bound 10
on ADD as e { for id, i in e.ids { seen += id  sizes[id] = i } }
on DROP as e { seen -= e.id  erase sizes[e.id] when e.id != "keep" }
on CLEAR { clear seen }
rule R "r" { on SHOW as e  require false else "{size(seen)} {size(sizes)}" })",
                     {R"({"type":"ADD","ids":["a","b","keep"]})", R"({"type":"SHOW"})", R"({"type":"DROP","id":"a"})",
                      R"({"type":"DROP","id":"keep"})", R"({"type":"SHOW"})", R"({"type":"CLEAR"})", R"({"type":"SHOW"})"}),
            (Strings{"1 R  3 3", "4 R  1 2", "6 R  0 2"}));
}

TEST(Scopes, OpeningResetsAndClosingChecks) {
  EXPECT_EQ(Findings(R"(
event Event by type { START { }  ADD { }  END { ok: bool }  SHOW { } }
scope run from START to END when e.ok {
  state n: int = 0
  on ADD { n += 1 }
  at end of run require n > 0 else error EMPTY "nothing was added"
}
rule R "r" { on SHOW as e  require false else "{run.open}" }
at end of stream require !run.open else warning OPEN "the run is open")",
                     {R"({"type":"END","ok":true})", R"({"type":"START"})", R"({"type":"SHOW"})", R"({"type":"END","ok":false})",
                      R"({"type":"ADD"})", R"({"type":"END","ok":true})", R"({"type":"SHOW"})", R"({"type":"START"})",
                      R"({"type":"END","ok":true})", R"({"type":"START"})"}),
            (Strings{"2 R  true", "6 R  false", "8 EMPTY  nothing was added", "10 OPEN  the run is open"}));
}

constexpr char kLifecycle[] = R"(
event Event by type { OPEN { id: string }  PUT { id: string  last: bool? }  CLOSE { id: string }  END { } }
scope run from OPEN when !run.open to END { }
lifecycle item by e.id in run {
  bound 10 keys
  OPEN  : absent -> open else error M1 "{key} is already {state}" recover -> open
  PUT   : open -> done when has(e.last) && e.last
  PUT   : open -> same else error M2 "{key} is {state}"
  CLOSE : open | done -> absent else error M3 "{key} was never opened"
  at end of run require state == absent else error M4 "{key} was left {state}"
})";

TEST(Lifecycles, IllegalTransitionsReportAndChangeNothing) {
  EXPECT_EQ(Findings(kLifecycle, {R"({"type":"OPEN","id":"a"})", R"({"type":"OPEN","id":"b"})", R"({"type":"PUT","id":"c"})",
                                  R"({"type":"PUT","id":"a","last":true})", R"({"type":"PUT","id":"a"})",
                                  R"({"type":"CLOSE","id":"c"})", R"({"type":"OPEN","id":"a"})", R"({"type":"PUT","id":"a"})",
                                  R"({"type":"CLOSE","id":"a"})", R"({"type":"END"})"}),
            (Strings{"2 M2 /id c is absent", "4 M2 /id a is done", "5 M3 /id c was never opened", "6 M1 /id a is already done",
                     "9 M4  b was left open"}));
}

}  // namespace
}  // namespace edict::tests
