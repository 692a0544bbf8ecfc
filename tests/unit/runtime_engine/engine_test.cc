#include "runtime/engine.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "runtime/interp/interp.h"
#include "runtime/jit/native_code.h"
#include "runtime/json/document.h"
#include "runtime/state/reader.h"
#include "tests/unit/runtime_engine/program_builder.h"

namespace edict {
namespace {

class EngineTest : public testing::Test {
 protected:
  // Feeds the lines to a new stream, as a file of lines, then ends it.
  std::vector<Finding> Run(const std::vector<std::string>& lines, EngineOptions options = {}) {
    program_ = b_.Take();
    EXPECT_TRUE(CheckProgram(*program_).ok()) << CheckProgram(*program_).error().message;
    Engine engine(program_, options);
    Stream stream = engine.Open("s");
    std::vector<Finding> out;
    uint64_t offset = 0;
    for (const std::string& line : lines) {
      stream.FeedRecord(line, offset, out);
      offset += line.size() + 1;
    }
    stream.Finish(out);
    stats_ = stream.stats();
    return out;
  }
  static std::string Summary(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& f : findings) {
      out += std::to_string(f.index) + "@" + std::to_string(f.offset) + " " + f.code + " " + f.path + ";";
    }
    return out;
  }

  ProgramBuilder b_;
  std::shared_ptr<const Program> program_;
  StreamStats stats_;
};

TEST_F(EngineTest, MalformedJsonIsAFindingWithItsPlaceAndCountsInTheIndex) {
  b_.AddCheck(b_.AddCode("OK", Severity::kError), b_.Slot(ProgramBuilder::kOk), b_.At("ok"));
  const std::vector<Finding> out = Run({R"({"type":"A",,})", R"({"type":"A","id":"x","ok":false})"});
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].code, "MALFORMED");
  EXPECT_GE(out[0].offset, 11u);
  EXPECT_LT(out[0].offset, 14u);
  EXPECT_EQ(out[1].index, 1u);
  EXPECT_EQ(out[1].offset, 15u + 26u);
  EXPECT_EQ(out[1].path, "/ok");
  EXPECT_EQ(out[1].stream, "s");
  EXPECT_EQ(out[1].rule, "OK rule");
  EXPECT_EQ(out[1].message, "no");
}

TEST_F(EngineTest, AnEventThatFailsItsShapeRunsNoRuleAndTouchesNoState) {
  const uint32_t seen = b_.AddSet(10);
  b_.AddEffect(EffectKind::kInsert, seen, {b_.Slot(ProgramBuilder::kId)});
  b_.AddCheck(b_.AddCode("DUP", Severity::kError), b_.Not(b_.N(Op::kEntryHas, seen, {b_.Slot(ProgramBuilder::kId)})));
  EXPECT_EQ(Summary(Run({R"({"type":"A","id":"x","ok":1})", R"({"type":"A","id":"x"})", R"({"type":"A","id":"x"})"})),
            "0@26 WRONG_TYPE /ok;2@51 DUP ;");
}

TEST_F(EngineTest, RulesReadTheStateBeforeTheEvent) {
  const uint32_t seen = b_.AddSet(10);
  b_.AddEffect(EffectKind::kInsert, seen, {b_.Slot(ProgramBuilder::kId)});
  b_.AddCheck(b_.AddCode("FIRST", Severity::kInfo), b_.N(Op::kEntryHas, seen, {b_.Slot(ProgramBuilder::kId)}));
  EXPECT_EQ(Run({R"({"type":"A","id":"x"})", R"({"type":"A","id":"x"})"}).size(), 1u);
}

TEST_F(EngineTest, CriticalEndsTheStream) {
  b_.AddCheck(b_.AddCode("STOP", Severity::kCritical), b_.Slot(ProgramBuilder::kOk), b_.At("ok"));
  Check end;
  end.code = b_.AddCode("AT_END", Severity::kError);
  end.clauses.push_back({b_.Const(Value::Bool(false)), {}, {}, ProgramBuilder::Says("end")});
  b_.p.end_checks.push_back(end);
  const std::string bad = R"({"type":"A","id":"x","ok":false})";
  EXPECT_EQ(Summary(Run({bad, bad, "not even JSON"})), "0@26 STOP /ok;");
  EXPECT_EQ(stats_.events, 3u);
  EXPECT_EQ(stats_.not_validated, 2u);
  EXPECT_EQ(stats_.findings[static_cast<int>(Severity::kCritical)], 1u);
}

TEST_F(EngineTest, EndChecksRunOnceWithTheNumberOfEventsAsIndex) {
  Check end;
  end.code = b_.AddCode("AT_END", Severity::kError);
  end.clauses.push_back({b_.Const(Value::Bool(false)), {}, {}, ProgramBuilder::Says("end")});
  b_.p.end_checks.push_back(end);
  EXPECT_EQ(Summary(Run({R"({"type":"END"})", R"({"type":"END"})"})), "2@29 AT_END ;");
}

TEST_F(EngineTest, FindingsComeInSourceOrderAndAfterSuppresses) {
  const uint32_t no = b_.Const(Value::Bool(false));
  const uint32_t first = b_.AddCode("FIRST", Severity::kError);
  const uint32_t second = b_.AddCode("SECOND", Severity::kError);
  const uint32_t third = b_.AddCode("THIRD", Severity::kError);
  b_.AddCheck(second, no).order = 2;
  b_.AddCheck(first, no).order = 1;
  b_.AddCheck(third, no).after = {second};
  EXPECT_EQ(Summary(Run({R"({"type":"A","id":"x"})"})), "0@0 FIRST ;0@0 SECOND ;");
}

TEST_F(EngineTest, AGuardThatIsNotTrueMeansNotApplicable) {
  b_.AddCheck(b_.AddCode("OK", Severity::kError), b_.Slot(ProgramBuilder::kOk)).guard = b_.N(Op::kPresent, ProgramBuilder::kOk);
  EXPECT_EQ(Run({R"({"type":"A","id":"x"})"}).size(), 0u);
}

TEST_F(EngineTest, AnErrorIsReportedAndNamesTheRule) {
  b_.AddCheck(b_.AddCode("R7", Severity::kError), b_.Slot(ProgramBuilder::kOk), b_.At("ok"));
  const std::vector<Finding> out = Run({R"({"type":"A","id":"x"})"});
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].code, "EDICT_EVAL");
  EXPECT_NE(out[0].message.find("R7"), std::string::npos) << out[0].message;
  EXPECT_EQ(out[0].rule, "R7 rule");
  EXPECT_EQ(out[0].path, "/ok");
  EXPECT_EQ(out[0].offset, 0u);
}

// items: a list; each element must be true, nested lists likewise.
TEST_F(EngineTest, LoopsReportEachFailingElementAndEndTheCheck) {
  Check& check = b_.AddCheck(b_.AddCode("EACH", Severity::kError), b_.N(Op::kLocal, 1));
  Clause& clause = check.clauses[0];
  Loop outer;
  outer.range = b_.Slot(ProgramBuilder::kItems);
  outer.element = 0;
  outer.path = b_.At("items");
  outer.known = true;
  Loop inner;
  inner.range = b_.N(Op::kField, b_.Text("a/b"), {b_.N(Op::kLocal, 0)});
  inner.element = 1;
  inner.path.base_loop = 0;
  inner.path.steps.push_back({b_.Text("a/b"), kNone});
  inner.known = true;
  clause.loops = {outer, inner};
  clause.blame.base_loop = 1;
  Clause never;
  never.condition = b_.Const(Value::Bool(false));
  never.message = ProgramBuilder::Says("never");
  check.clauses.push_back(never);
  const std::string line = R"({"type":"A","id":"x","items":[{"a/b":[true]},{"a/b":[false,true,false]}]})";
  const auto at = [&](const char* text, size_t from) { return std::to_string(line.find(text, from)); };
  EXPECT_EQ(Summary(Run({line})), "0@" + at("false", 0) + " EACH /items/1/a~1b/0;0@" + at("false", 55) + " EACH /items/1/a~1b/2;");
}

TEST_F(EngineTest, FindingsAreCutAtTheLimitAndTheCutIsSaid) {
  Check& check = b_.AddCheck(b_.AddCode("EACH", Severity::kError), b_.N(Op::kLocal, 0));
  Loop loop;
  loop.range = b_.Slot(ProgramBuilder::kItems);
  loop.element = 0;
  check.clauses[0].loops.push_back(loop);
  EngineOptions options;
  options.max_findings_per_event = 2;
  const std::vector<Finding> out = Run({R"({"type":"A","id":"x","items":[false,false,false,true,false]})"}, options);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[1].code, "EACH");
  EXPECT_EQ(out[2].code, "BOUND");
  EXPECT_EQ(out[2].message.substr(0, 6), "2 more");
}

TEST_F(EngineTest, AFullSetIsAFinding) {
  const uint32_t seen = b_.AddSet(1);
  b_.p.cells[seen].bound_code = b_.AddCode("FULL", Severity::kWarning);
  b_.AddEffect(EffectKind::kInsert, seen, {b_.Slot(ProgramBuilder::kId)});
  EXPECT_EQ(Summary(Run({R"({"type":"A","id":"x"})", R"({"type":"A","id":"x"})", R"({"type":"A","id":"y"})"})), "2@44 FULL ;");
}

TEST_F(EngineTest, AnErrorInAnEffectSkipsThatEffectOnly) {
  const uint32_t seen = b_.AddSet(9);
  b_.AddEffect(EffectKind::kInsert, seen, {b_.Slot(ProgramBuilder::kOk)});  // missing, then not a string
  b_.AddEffect(EffectKind::kInsert, seen, {b_.Slot(ProgramBuilder::kId)});
  b_.AddCheck(b_.AddCode("DUP", Severity::kError), b_.Not(b_.N(Op::kEntryHas, seen, {b_.Slot(ProgramBuilder::kId)})));
  EXPECT_EQ(Summary(Run({R"({"type":"A","id":"x"})", R"({"type":"A","id":"x","ok":true})"})),
            "0@0 EDICT_EVAL ;1@22 DUP ;1@22 EDICT_EVAL ;");
}

TEST_F(EngineTest, FuelEndsAnEventNotTheStream) {
  Check& check = b_.AddCheck(b_.AddCode("EACH", Severity::kError), b_.N(Op::kLocal, 0));
  Loop loop;
  loop.range = b_.Slot(ProgramBuilder::kItems);
  loop.element = 0;
  check.clauses[0].loops.push_back(loop);
  std::string big = R"({"type":"A","id":"x","items":[true)";
  for (int i = 0; i < 1000; ++i) big += ",true";
  big += "]}";
  EngineOptions options;
  options.fuel_per_event = 500;
  EXPECT_EQ(Summary(Run({big, R"({"type":"A","id":"x","items":[]})"}, options)), "0@0 EDICT_EVAL ;");
}

TEST_F(EngineTest, LimitsOfARecord) {
  EngineOptions options;
  options.max_record_bytes = 30;
  options.max_json_depth = 3;
  EXPECT_EQ(
      Summary(Run({R"({"type":"END","x":"0123456789"})", R"({"type":"END","x":[]})", R"({"type":"END","x":[[[1]]]})"}, options))
          .substr(0, 13),
      "0@0 MALFORMED");
  EXPECT_EQ(stats_.findings[static_cast<int>(Severity::kError)], 2u);
}

TEST_F(EngineTest, NodesAndFaultsCanBeFed) {
  b_.AddCheck(b_.AddCode("OK", Severity::kError), b_.Slot(ProgramBuilder::kOk), b_.At("ok"));
  Engine engine(b_.Take());
  Stream stream = engine.Open("k");
  std::vector<Finding> out;
  JsonParser parser;
  const JsonNode* root = parser.Parse(R"([{"type":"A","id":"x","ok":false}])", {});
  ASSERT_NE(root, nullptr);
  stream.FeedNode(root[1], 101, out);
  stream.FeedFault("bad frame", 200, out);
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(out[0].offset, 100u + 27u);
  EXPECT_EQ(out[1].code, "FRAMING");
  EXPECT_EQ(out[1].offset, 200u);
  EXPECT_EQ(out[1].index, 1u);
  EXPECT_EQ(out[1].message, "bad frame");
}

struct FakeNative : NativeCode {
  explicit FakeNative(VerdictFunction f) { verdicts_ = {f, f}; }
};

TEST_F(EngineTest, NativeCodeDecidesAllChecks) {
  b_.AddCheck(b_.AddCode("OK", Severity::kError), b_.Slot(ProgramBuilder::kOk));
  Check& check = b_.AddCheck(b_.AddCode("EACH", Severity::kError), b_.N(Op::kLocal, 0));
  Loop loop;
  loop.range = b_.Slot(ProgramBuilder::kItems);
  loop.element = 0;
  check.clauses[0].loops.push_back(loop);
  Engine engine(b_.Take());
  Stream stream = engine.Open("k");
  const std::string line = R"({"type":"A","id":"x","ok":false,"items":[false]})";
  const auto feed = [&] {
    std::vector<Finding> out;
    stream.FeedRecord(line, 0, out);
    return out.size();
  };
  EXPECT_EQ(feed(), 2u);
  engine.UseNative(std::make_shared<FakeNative>([](const Frame*) { return true; }));
  EXPECT_EQ(feed(), 0u);
  engine.UseNative(std::make_shared<FakeNative>([](const Frame*) { return false; }));
  EXPECT_EQ(feed(), 2u);
  engine.UseNative(nullptr);
  EXPECT_EQ(feed(), 2u);
}

}  // namespace
}  // namespace edict
