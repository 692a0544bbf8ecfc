// The plans that rules are lowered to.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/program/program.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

using Programs = std::shared_ptr<const Program>;

const EventType* Event(const Program& program, const std::string& name) {
  auto found = std::find_if(program.events.begin(), program.events.end(), [&](const EventType& e) { return e.name == name; });
  return found == program.events.end() ? nullptr : &*found;
}

std::vector<std::string> Codes(const Program& program, const std::vector<Check>& checks) {
  std::vector<std::string> codes;
  for (const Check& check : checks) codes.push_back(program.codes[check.code].code);
  return codes;
}

using Strings = std::vector<std::string>;

TEST(Events, EachTagHasItsPlanAndSlots) {
  Programs p = CompileText(R"(
type Base { trace: string? }
event Event by type { at: int?  ...Base  A, B { id: string }  C { } })");
  ASSERT_NE(p, nullptr);
  ASSERT_EQ(p->events.size(), 3u);
  EXPECT_EQ(Event(*p, "B")->slot_names, (Strings{"type", "at", "trace", "id"}));
  EXPECT_EQ(Event(*p, "C")->slot_count, 3u);
  EXPECT_NE(p->discriminator, kNone);
  EXPECT_EQ(p->unknown_event, kNone);
  // Faults of the time belong to events that have one.
  for (int i = 0; i < static_cast<int>(Fault::kLate); ++i) EXPECT_LT(p->faults[i], p->codes.size()) << i;
}

TEST(Events, UnknownOnesMayBeAccepted) {
  Programs p = CompileText("event Event by type { id: string  A { }  otherwise accept }");
  ASSERT_NE(p, nullptr);
  ASSERT_NE(p->unknown_event, kNone);
  EXPECT_EQ(p->events[p->unknown_event].slot_names, (Strings{"type", "id"}));
}

TEST(Events, WithoutAFamilyAnyObjectIsOne) {
  Programs p = CompileText("rule R \"r\" { on any as e  require has(dyn(e).id) }");
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->discriminator, kNone);
  ASSERT_EQ(p->events.size(), 1u);
  EXPECT_EQ(p->events[0].checks.size(), 1u);
}

TEST(Events, FaultsTakeTheirDeclaredCodes) {
  Programs p = CompileText("event Event by type { fault missing_field warning LOST \"lost\"  A { }  otherwise error STRANGE }");
  ASSERT_NE(p, nullptr);
  const Code& lost = p->codes[p->faults[static_cast<int>(Fault::kMissingField)]];
  EXPECT_EQ(lost.code, "LOST");
  EXPECT_EQ(lost.severity, Severity::kWarning);
  EXPECT_EQ(p->codes[p->faults[static_cast<int>(Fault::kUnknownType)]].code, "STRANGE");
  EXPECT_EQ(p->codes[p->faults[static_cast<int>(Fault::kWrongType)]].code, "SHAPE_WRONG_TYPE");
}

TEST(Types, AnUnknownKindIsReportedUnderItsCode) {
  Programs p = CompileText(R"(
type Part by kind { text { text: string }  otherwise warning STRANGE }
event Event by type { A { part: Part } })");
  ASSERT_NE(p, nullptr);
  auto tagged = std::find_if(p->shapes.begin(), p->shapes.end(), [](const Shape& s) { return s.kind == ShapeKind::kTagged; });
  ASSERT_NE(tagged, p->shapes.end());
  ASSERT_NE(tagged->otherwise, kNone);
  const Shape& other = p->shapes[tagged->otherwise];
  EXPECT_EQ(other.kind, ShapeKind::kObject);
  ASSERT_EQ(other.constraints.size(), 1u);
  EXPECT_EQ(p->codes[other.constraints[0].code].code, "STRANGE");
  EXPECT_EQ(p->codes[other.constraints[0].code].severity, Severity::kWarning);
}

TEST(Rules, AFieldThatAnEventLacksIsAbsentThere) {
  Programs p = CompileText(R"(
event Event by type { A { x: int }  B { } }
rule R "r" { on A, B as e  when has(e.x)  require e.x > 0 })");
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(Event(*p, "A")->checks.size(), 1u);
  EXPECT_TRUE(Event(*p, "B")->checks.empty());  // its guard is constantly false
}

TEST(Rules, AfterOrdersChecksButNotFindings) {
  Programs p = CompileText(R"(
event Event by type { A { x: int } }
rule FIRST "1" { on A as e  after LAST  require e.x > 0 }
rule MIDDLE "2" { on A as e  require e.x > 1 }
rule LAST "3" { on A as e  require e.x > 2 })");
  ASSERT_NE(p, nullptr);
  const std::vector<Check>& checks = Event(*p, "A")->checks;
  EXPECT_EQ(Codes(*p, checks), (Strings{"MIDDLE", "LAST", "FIRST"}));
  EXPECT_LT(checks[2].order, checks[0].order);
  EXPECT_EQ(checks[2].after.size(), 1u);
}

TEST(Rules, DependOnFieldsFunctionsAndState) {
  Programs p = CompileText(R"(
event Event by type { A { x: int } }
state last: int = 0
fn twice(n: int): int = n * 2
on A as e { last = e.x }
rule R "r" { on A as e  require twice(e.x) > last })");
  ASSERT_NE(p, nullptr);
  auto has = [&](const std::string& from, DepKind kind, const std::string& to) {
    return std::any_of(p->dependencies.begin(), p->dependencies.end(),
                       [&](const Dependency& d) { return d.from == from && d.kind == kind && d.to == to; });
  };
  EXPECT_TRUE(has("rule R", DepKind::kReadsField, "A.x"));
  EXPECT_TRUE(has("rule R", DepKind::kCalls, "fn twice"));
  EXPECT_TRUE(has("rule R", DepKind::kReadsState, "state last"));
  EXPECT_TRUE(has("handler on A (test.rules:5)", DepKind::kWritesState, "state last"));
}

TEST(State, CellsKeepTheirBoundsAndScopes) {
  Programs p = CompileText(R"(
event Event by type { A { id: string }  END { } }
scope run from A to END {
  state seen: set<string> bound 7 else warning FULL "full"
  on A as e { seen += e.id }
  rule R "r" { on A as e  deny when e.id in seen }
}
state phase: idle | busy = busy
state last: string? bound 9 bytes
on A as e { last = e.id }
rule S "s" { on A as e  when phase == busy && has(last)  require last != e.id })");
  ASSERT_NE(p, nullptr);
  ASSERT_EQ(p->cells.size(), 3u);
  EXPECT_EQ(p->cells[0].kind, CellKind::kSet);
  EXPECT_EQ(p->cells[0].bound, 7u);
  EXPECT_EQ(p->codes[p->cells[0].bound_code].code, "FULL");
  EXPECT_EQ(p->cells[0].scope, 0u);
  EXPECT_EQ(p->constants[p->cells[1].initial].i, 1);
  EXPECT_TRUE(p->cells[2].optional);
  EXPECT_EQ(p->cells[2].bound_bytes, 9u);
  EXPECT_EQ(p->cells[2].scope, kNone);
}

TEST(Lifecycles, AKeyIsOptionalIfItIsOnAnyEvent) {
  Programs p = CompileText(R"(
event Event by type { A { id: string  lane: string? }  B { id: string  lane: string? } }
lifecycle item by e.id, e.?lane {
  bound 10 keys
  A : absent -> open else error AGAIN "{key} {state}"
  B : open -> absent else error NEVER "{key1}" at e.id
})");
  ASSERT_NE(p, nullptr);
  ASSERT_EQ(p->lifecycles.size(), 1u);
  EXPECT_EQ(p->lifecycles[0].key_count, 2u);
  EXPECT_EQ(p->enums[p->lifecycles[0].states].names, (Strings{"absent", "open"}));
  const EventType* a = Event(*p, "A");
  EXPECT_EQ(Codes(*p, a->checks), (Strings{"AGAIN"}));
  ASSERT_EQ(a->effects.size(), 1u);
  EXPECT_EQ(a->effects[0].kind, EffectKind::kLifeSet);
  EXPECT_NE(a->effects[0].guard, kNone);
}

}  // namespace
}  // namespace edict::tests
