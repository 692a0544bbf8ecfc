// The shape check on shapes that are built by hand: what is accepted, what each fault says and where, what the slots hold.
#include "runtime/extract/extract.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/count_allocations.h"
#include "tests/unit/runtime_extract/shapes.h"

namespace edict {
namespace {

TEST_F(ShapeTest, FindsTheEventByItsDiscriminator) {
  b_.Event("RUN_STARTED", {});
  b_.Event("RUN_FINISHED", {});
  EXPECT_EQ(Run(R"({"type":"RUN_STARTED"})").event, 0u);
  EXPECT_EQ(Run(R"({"x":[1,{"type":"RUN_STARTED"}],"\u0074ype":"RUN_FINISHED"})").event, 1u);
  // The last of duplicate keys counts.
  EXPECT_EQ(Run(R"({"type":7,"type":"RUN_FINISHED"})").event, 1u);
  EXPECT_EQ(Run(R"({"type":"RUN_STARTED"})").lines, Lines{});
}

TEST_F(ShapeTest, TypeFaults) {
  b_.Event("RUN_STARTED", {});
  const std::pair<const char*, const char*> rows[] = {
      {"[1]", "not_object : the event is an array, expected an object"},
      {"null", "not_object : the event is null, expected an object"},
      {"{}", "missing_type /type: the event has no type"},
      {R"({"type":""})", "missing_type /type: the event has no type"},
      {R"({"type":7})", "missing_type /type: type is a number, expected a string"},
      {R"({"type":null})", "missing_type /type: type is null, expected a string"},
      {R"({"type":"X"})", "unknown_type /type: there is no event type \"X\""},
      {R"({"type":"run-started"})", "unknown_type /type: there is no event type \"run-started\"; did you mean RUN_STARTED?"},
      {R"({"type":"RunStarted"})", "unknown_type /type: there is no event type \"RunStarted\"; did you mean RUN_STARTED?"},
  };
  for (const auto& [text, fault] : rows) {
    Outcome outcome = Run(text);
    EXPECT_EQ(outcome.event, kNone) << text;
    EXPECT_EQ(outcome.lines, Lines{fault}) << text;
  }
  EXPECT_EQ(Run(R"( {"type": 7})").faults[0].offset, 10u);
}

TEST_F(ShapeTest, UnknownEventsMayBeAccepted) {
  b_.Event("A", {});
  b_.program.unknown_event = b_.Event("", {{"id?", b_.Basic(ShapeKind::kString)}});
  Outcome outcome = Run(R"({"type":"B","id":"x"})");
  EXPECT_EQ(outcome.event, b_.program.unknown_event);
  EXPECT_EQ(outcome.slots[0].text(), "x");
  EXPECT_EQ(Run(R"({"type":"B","id":1})").lines, Lines{"wrong_type /id: id is a number, expected a string"});
  EXPECT_EQ(Run(R"({"type":""})").lines, Lines{"missing_type /type: the event has no type"});
}

TEST_F(ShapeTest, WithoutDiscriminatorThereIsOneEvent) {
  b_.Event("A", {{"id", b_.Basic(ShapeKind::kInt)}});
  b_.program.discriminator = kNone;
  Outcome outcome = Run(R"({"id":3})");
  EXPECT_EQ(outcome.event, 0u);
  EXPECT_EQ(outcome.slots[0].i, 3);
}

TEST_F(ShapeTest, ScalarKinds) {
  struct Row {
    ShapeKind kind;
    std::vector<const char*> accepted;
    std::vector<const char*> rejected;
  };
  const Row rows[] = {
      {ShapeKind::kAnything, {"null", "true", "1", "\"\"", "[]", "{}"}, {}},
      {ShapeKind::kNonNull, {"true", "1", "\"\"", "[]", "{}"}, {"null"}},
      {ShapeKind::kNull, {"null"}, {"0", "\"\"", "false"}},
      {ShapeKind::kBool, {"true", "false"}, {"null", "0", "\"true\""}},
      {ShapeKind::kInt,
       {"0", "-0", "-0.0", "1760000000000.0", "1.76e12", "9223372036854775807", "-9223372036854775808", "-9223372036854775808.0",
        "9007199254740991.4"},
       {"0.5", "9223372036854775808", "1e400", "-1e400", "9223372036854775807.0", "\"1\"", "null", "true"}},
      {ShapeKind::kNumber, {"0", "0.5", "1e400", "18446744073709551616"}, {"\"1\"", "null", "[1]"}},
      {ShapeKind::kString, {"\"\"", "\"\\ud83d\""}, {"1", "null", "[\"a\"]", "{}"}},
      {ShapeKind::kObject, {"{}", "{\"a\":null}"}, {"[]", "null", "1"}},
      {ShapeKind::kArray, {"[]", "[1,\"a\"]"}, {"{}", "null", "1"}},
  };
  for (const Row& row : rows) {
    b_ = ShapeBuilder();
    b_.Event("A", {{"v", b_.Basic(row.kind)}});
    for (const char* value : row.accepted) EXPECT_EQ(FaultsOf(value), Lines{}) << value;
    for (const char* value : row.rejected) {
      Lines lines = FaultsOf(value);
      ASSERT_EQ(lines.size(), 1u) << value;
      EXPECT_EQ(lines[0].rfind("wrong_type /v: v is ", 0), 0u) << lines[0];
    }
  }
}

TEST_F(ShapeTest, NullOnlyWhereNullableAndMissingOnlyWhereOptional) {
  b_.Event("A", {{"a", b_.Basic(ShapeKind::kString)},
                 {"b?", b_.Basic(ShapeKind::kString)},
                 {"c", b_.Basic(ShapeKind::kString, true)},
                 {"d?", b_.Basic(ShapeKind::kString, true)}});
  EXPECT_EQ(Faults(R"({"type":"A","a":"","c":null})"), Lines{});
  EXPECT_EQ(Faults(R"({"type":"A","a":"","b":"","c":"","d":null})"), Lines{});
  EXPECT_EQ(Faults(R"({"type":"A","a":null,"b":null,"d":1})"),
            (Lines{"wrong_type /a: a is null, expected a string", "wrong_type /b: b is null, expected a string",
                   "wrong_type /d: d is a number, expected a string or null",
                   "missing_field /c: A has no c, expected a string or null"}));
}

TEST_F(ShapeTest, SlotsHoldValuesInTheNotationOfTheType) {
  uint32_t integer = b_.Basic(ShapeKind::kInt);
  uint32_t number = b_.Basic(ShapeKind::kNumber);
  uint32_t string = b_.Basic(ShapeKind::kString);
  b_.Event("A", {{"i?", integer},
                 {"n?", number},
                 {"s?", string},
                 {"l?", b_.Basic(ShapeKind::kArray)},
                 {"e?", b_.Enum({Value::Int(1), Value::String("x")})},
                 {"u?", b_.Union({string, number, integer})},
                 {"any?", b_.Basic(ShapeKind::kAnything)}});
  Outcome full = Run(R"({"any":2.0,"u":4.0,"e":1.0,"l":[1],"s":"t","n":7,"i":1.76e12,"type":"A"})");
  ASSERT_EQ(full.lines, Lines{});
  EXPECT_EQ(full.slots[0].kind, Kind::kInt);
  EXPECT_EQ(full.slots[0].i, 1760000000000);
  EXPECT_EQ(full.slots[1].kind, Kind::kDouble);
  EXPECT_EQ(full.slots[1].d, 7.0);
  EXPECT_EQ(full.slots[2].text(), "t");
  EXPECT_EQ(ListSize(full.slots[3]), 1u);
  EXPECT_EQ(full.slots[4].kind, Kind::kInt);
  EXPECT_EQ(full.slots[5].kind, Kind::kInt);  // int before number
  EXPECT_EQ(full.slots[5].i, 4);
  EXPECT_EQ(full.slots[6].kind, Kind::kDouble);
  EXPECT_EQ(full.slots[7].text(), "untouched");

  Outcome other = Run(R"({"type":"A","u":4.5,"e":"x","i":-0.0})");
  EXPECT_EQ(other.slots[0].kind, Kind::kInt);
  EXPECT_EQ(other.slots[1].kind, Kind::kAbsent);
  EXPECT_EQ(other.slots[4].text(), "x");
  EXPECT_EQ(other.slots[5].d, 4.5);
  EXPECT_EQ(other.slots[6].kind, Kind::kAbsent);
}

TEST_F(ShapeTest, LastOfDuplicateKeysIsChecked) {
  b_.Event("A", {{"v", b_.Basic(ShapeKind::kString)}});
  Outcome outcome = Run(R"({"type":"A","v":1,"v":"x"})");
  EXPECT_EQ(outcome.lines, Lines{});
  EXPECT_EQ(outcome.slots[0].text(), "x");
  EXPECT_EQ(Faults(R"({"type":"A","v":"x","v":1})"), Lines{"wrong_type /v: v is a number, expected a string"});
}

TEST_F(ShapeTest, Enums) {
  b_.Event("A", {{"v", b_.Enum({Value::String("user"), Value::String("tool"), Value::Int(3)})}});
  for (const char* value : {"\"user\"", "\"tool\"", "3", "3.0"}) EXPECT_EQ(FaultsOf(value), Lines{}) << value;
  EXPECT_EQ(FaultsOf("\"foo\""), Lines{"wrong_type /v: v is \"foo\", expected \"user\", \"tool\" or 3"});
  EXPECT_EQ(FaultsOf("4"), Lines{"wrong_type /v: v is a number, expected \"user\", \"tool\" or 3"});
}

TEST_F(ShapeTest, LongTextsAreCutBetweenCharacters) {
  b_.Event("A", {{"v", b_.Enum({Value::String("a")})}});
  std::string euro = "\xE2\x82\xAC";
  std::string value = "x";
  for (int i = 0; i < 30; ++i) value += euro;
  std::string shown = value.substr(0, 58);
  EXPECT_EQ(FaultsOf("\"" + value + "\""), Lines{"wrong_type /v: v is \"" + shown + "...\", expected \"a\""});
  std::string exact(60, 'y');
  EXPECT_EQ(FaultsOf("\"" + exact + "\""), Lines{"wrong_type /v: v is \"" + exact + "\", expected \"a\""});
}

TEST_F(ShapeTest, NestedFaultsHavePaths) {
  uint32_t string = b_.Basic(ShapeKind::kString);
  uint32_t call = b_.Record("Call", {{"id", string}, {"a/b~", b_.Basic(ShapeKind::kObject, false, b_.Basic(ShapeKind::kInt))}});
  b_.Event("A", {{"v", b_.Basic(ShapeKind::kArray, false, call)},
                 {"m?", b_.Basic(ShapeKind::kArray, false, b_.Basic(ShapeKind::kArray, false, string))}});
  EXPECT_EQ(FaultsOf(R"([{"id":"1","a/b~":{"x":1}}])"), Lines{});
  EXPECT_EQ(FaultsOf(R"([{"id":1,"a/b~":{}},7,{"a/b~":{"x":1,"y z":"s"}}])"),
            (Lines{"wrong_type /v/0/id: id is a number, expected a string",
                   "wrong_type /v/1: v[1] is a number, expected an object (Call)",
                   "wrong_type /v/2/a~1b~0/y z: y z is a string, expected an integer",
                   "missing_field /v/2/id: v[2] has no id, expected a string"}));
  EXPECT_EQ(Faults(R"({"type":"A","v":[],"m":[["a"],[1]]})"),
            Lines{"wrong_type /m/1/0: the array[0] is a number, expected a string"});
  Outcome outcome = Run(R"({"type":"A","v":[{}, 7]})");
  ASSERT_EQ(outcome.faults.size(), 3u);
  EXPECT_EQ(outcome.faults[0].offset, 17u);  // the record that lacks a field
  EXPECT_EQ(outcome.faults[2].offset, 21u);
}

TEST_F(ShapeTest, ClosedRecordsNameExtraFields) {
  uint32_t event = b_.Event("A", {{"v", b_.Basic(ShapeKind::kInt)}, {"type", b_.Basic(ShapeKind::kString)}});
  b_.program.shapes[b_.program.events[event].shape].closed = true;
  EXPECT_EQ(FaultsOf("1"), Lines{});
  Outcome outcome = Run(R"({"type":"A","v":1,"x/y":2})");
  EXPECT_EQ(outcome.lines, Lines{"extra_field /x~1y: the event has an undeclared field \"x/y\""});
  EXPECT_EQ(outcome.faults[0].offset, 18u);
}

TEST_F(ShapeTest, TaggedUnions) {
  uint32_t text = b_.Record("text", {{"text", b_.Basic(ShapeKind::kString)}});
  uint32_t image = b_.Record("image", {{"url", b_.Basic(ShapeKind::kString)}});
  uint32_t part = b_.Tagged("kind", {{"text", text}, {"image", image}});
  b_.Event("A", {{"v", part}});
  EXPECT_EQ(FaultsOf(R"({"text":"x","kind":"text"})"), Lines{});
  EXPECT_EQ(FaultsOf(R"({"kind":"image","text":"x"})"), Lines{"missing_field /v/url: v has no url, expected a string"});
  EXPECT_EQ(FaultsOf("{}"), Lines{"missing_field /v/kind: v has no kind"});
  EXPECT_EQ(FaultsOf(R"({"kind":"audio"})"), Lines{"wrong_type /v/kind: kind is \"audio\", expected \"text\" or \"image\""});
  EXPECT_EQ(FaultsOf(R"({"kind":1})"), Lines{"wrong_type /v/kind: kind is a number, expected \"text\" or \"image\""});
  EXPECT_EQ(FaultsOf("[]"), Lines{"wrong_type /v: v is an array, expected an object (Tagged)"});

  b_.program.shapes[part].otherwise = b_.Record("", {{"kind", b_.Basic(ShapeKind::kString)}});
  EXPECT_EQ(FaultsOf(R"({"kind":"audio"})"), Lines{});
  EXPECT_EQ(FaultsOf(R"({"kind":1})"), Lines{"wrong_type /v/kind: kind is a number, expected a string"});
}

TEST_F(ShapeTest, UnionsAreToldApartByKind) {
  uint32_t record = b_.Record("R", {{"id", b_.Basic(ShapeKind::kInt)}});
  uint32_t list = b_.Basic(ShapeKind::kArray, false, record);
  b_.Event("A", {{"v", b_.Union({b_.Basic(ShapeKind::kString), b_.Union({list, record})})}});
  for (const char* value : {"\"s\"", "[]", R"([{"id":1}])", R"({"id":1})"}) EXPECT_EQ(FaultsOf(value), Lines{}) << value;
  EXPECT_EQ(FaultsOf("{}"), Lines{"missing_field /v/id: v has no id, expected an integer"});
  EXPECT_EQ(FaultsOf("[{}]"), Lines{"missing_field /v/0/id: v[0] has no id, expected an integer"});
  EXPECT_EQ(FaultsOf("true"), Lines{"wrong_type /v: v is a bool, expected a string or an array or an object (R)"});
  EXPECT_EQ(FaultsOf("null").size(), 1u);
}

TEST_F(ShapeTest, ConstraintsSeeTheValueOnceItsShapeHolds) {
  uint32_t money = b_.Basic(ShapeKind::kNumber, true);
  b_.program.codes.resize(10);
  b_.Where(money, 1, "an amount is not negative", 9);
  b_.Where(money, 2, "");
  b_.Event("A", {{"v", money}});
  eval_.results = {{1, true}, {2, true}};
  EXPECT_EQ(FaultsOf("3"), Lines{});
  ASSERT_EQ(eval_.seen.size(), 2u);
  EXPECT_EQ(eval_.seen[0].kind, Kind::kDouble);
  eval_.seen.clear();
  EXPECT_EQ(FaultsOf("\"3\"").size(), 1u);
  EXPECT_EQ(FaultsOf("null"), Lines{});
  EXPECT_TRUE(eval_.seen.empty());
  eval_.results = {{1, false}, {2, false}};
  Outcome outcome = Run(R"({"type":"A","v":-1})");
  EXPECT_EQ(outcome.lines,
            (Lines{"constraint /v: an amount is not negative", "constraint /v: v does not satisfy its type's constraint"}));
  EXPECT_EQ(outcome.faults[0].code, 9u);
  EXPECT_EQ(outcome.faults[1].code, kNone);
}

// A code that only warns does not keep the event from being judged: not for undeclared fields and constraints.
TEST_F(ShapeTest, WarningsDoNotBlock) {
  uint32_t event = b_.Event("A", {{"type", b_.Basic(ShapeKind::kString)}, {"v", b_.Basic(ShapeKind::kInt)}});
  b_.program.shapes[b_.program.events[event].shape].closed = true;
  b_.Where(b_.program.events[event].shape, 1, "");
  Code warning;
  warning.severity = Severity::kWarning;
  b_.program.codes = {Code{}, warning};
  std::fill(std::begin(b_.program.faults), std::end(b_.program.faults), 1u);
  Outcome outcome = Run(R"({"type":"A","more":1,"v":7})");
  EXPECT_EQ(outcome.lines, (Lines{"extra_field /more: the event has an undeclared field \"more\"",
                                  "constraint : the event does not satisfy its type's constraint"}));
  EXPECT_FALSE(outcome.faults[0].blocks);
  EXPECT_FALSE(outcome.faults[1].blocks);
  EXPECT_EQ(outcome.slots[1].i, 7);
  outcome = Run(R"({"type":"A","more":1,"v":"7"})");
  ASSERT_EQ(outcome.faults.size(), 2u);
  EXPECT_TRUE(outcome.faults[1].blocks);
  std::fill(std::begin(b_.program.faults), std::end(b_.program.faults), 0u);
  EXPECT_TRUE(Run(R"({"type":"A","more":1,"v":7})").faults[0].blocks);
}

// Nor do many of them hide what is worse.
TEST_F(ShapeTest, WarningsAreBoundedForThemselves) {
  uint32_t event = b_.Event("A", {{"v", b_.Basic(ShapeKind::kInt)}});
  b_.program.shapes[b_.program.events[event].shape].closed = true;
  Code warning;
  warning.severity = Severity::kWarning;
  b_.program.codes = {Code{}, warning};
  std::fill(std::begin(b_.program.faults), std::end(b_.program.faults), 0u);
  b_.program.faults[static_cast<int>(Fault::kExtraField)] = 1;
  std::string text = R"({"type":"A")";
  for (int i = 0; i < 100; ++i) text += ",\"f" + std::to_string(i) + "\":1";
  Outcome outcome = Run(text + R"(,"v":"7"})");
  ASSERT_EQ(outcome.faults.size(), Extractor::kMaxFaults + 1);
  EXPECT_TRUE(outcome.faults.back().blocks);
}

TEST_F(ShapeTest, ConstraintsOfTheEventComeLast) {
  uint32_t event = b_.Event("A", {{"v", b_.Basic(ShapeKind::kInt)}});
  b_.Where(b_.program.events[event].shape, 1, "");
  EXPECT_EQ(FaultsOf("1"), Lines{"constraint : the event does not satisfy its type's constraint"});
  EXPECT_EQ(eval_.seen.at(0).kind, Kind::kMap);
  EXPECT_EQ(FaultsOf("\"1\"").size(), 1u);
  EXPECT_EQ(eval_.seen.size(), 1u);
}

TEST_F(ShapeTest, FaultsOfOneEventAreBounded) {
  b_.Event("A", {{"v", b_.Basic(ShapeKind::kArray, false, b_.Basic(ShapeKind::kString))}});
  std::string many = "[0";
  for (int i = 0; i < 100; ++i) many += ",1";
  const JsonNode* root = parser_.Parse(R"({"type":"A","v":)" + many + "]}", {});
  Extractor extractor(b_.program);
  Value slots[1];
  std::vector<ShapeFault> faults;
  extractor.Run(*root, slots, faults, eval_);
  EXPECT_EQ(faults.size(), Extractor::kMaxFaults);
  // Those of an earlier event do not count.
  extractor.Run(*root, slots, faults, eval_);
  EXPECT_EQ(faults.size(), 2 * Extractor::kMaxFaults);
}

TEST_F(ShapeTest, LargeRecords) {
  for (int count : {24, 25, 64, 65, 100}) {
    SCOPED_TRACE(count);
    b_ = ShapeBuilder();
    uint32_t integer = b_.Basic(ShapeKind::kInt);
    std::vector<std::pair<std::string, uint32_t>> fields;
    std::string text = R"("type":"A"})";
    for (int i = 0; i < count; ++i) {
      fields.emplace_back("f" + std::to_string(i), integer);
      text = "\"f" + std::to_string(i) + "\":" + std::to_string(i) + "," + text;
    }
    b_.Event("A", fields);
    Outcome outcome = Run("{" + text);
    EXPECT_EQ(outcome.lines, Lines{});
    for (int i = 0; i < count; ++i) EXPECT_EQ(outcome.slots[i].i, i);
    EXPECT_EQ(Run("{" + text.substr(text.find(',') + 1)).lines.size(), 1u);
  }
}

// type Tree = string | Tree[] | { next: Tree }, and tagged in between: every level costs more than one step of the check.
TEST_F(ShapeTest, RecursiveTypesAreCheckedToTheBottom) {
  uint32_t tree = b_.Union({b_.Basic(ShapeKind::kString)});
  uint32_t node = b_.Record("Node", {{"n", tree}});
  uint32_t tagged = b_.Tagged("t", {{"x", node}});
  uint32_t array = b_.Basic(ShapeKind::kArray, false, tree);
  b_.program.shapes[tree].members.push_back(array);
  b_.program.shapes[tree].members.push_back(b_.Union({tagged}));
  b_.Event("A", {{"v", tree}});
  for (int depth : {1, 600, 998}) {
    std::string open, close, objects, ends;
    for (int i = 0; i < depth; ++i) {
      open += "[";
      close += "]";
      objects += R"({"t":"x","n":)";
      ends += "}";
    }
    EXPECT_EQ(FaultsOf(open + "\"leaf\"" + close), Lines{});
    EXPECT_EQ(FaultsOf(open + "1" + close).size(), 1u) << depth;
    EXPECT_EQ(FaultsOf(objects + "\"leaf\"" + ends), Lines{});
    Lines lines = FaultsOf(objects + "1" + ends);
    ASSERT_EQ(lines.size(), 1u) << depth;
    EXPECT_NE(lines[0].find("n is a number"), std::string::npos);
  }
}

TEST_F(ShapeTest, ATooDeepValueIsAFault) {
  uint32_t tree = b_.Basic(ShapeKind::kArray);
  b_.program.shapes[tree].element = tree;
  b_.Event("A", {{"v", tree}});
  JsonLimits limits;
  limits.max_depth = 2000;
  const JsonNode* root = parser_.Parse(R"({"type":"A","v":)" + std::string(1500, '[') + std::string(1500, ']') + "}", limits);
  ASSERT_NE(root, nullptr);
  Value slots[1];
  std::vector<ShapeFault> faults;
  Extractor(b_.program).Run(*root, slots, faults, eval_);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].message.find("is nested deeper than 1000"), std::string::npos);
}

TEST_F(ShapeTest, AValidEventAllocatesNothing) {
  uint32_t string = b_.Basic(ShapeKind::kString);
  uint32_t part = b_.Tagged("kind", {{"text", b_.Record("text", {{"text", string}})}});
  b_.Event("RUN_STARTED",
           {{"threadId", string}, {"parts", b_.Basic(ShapeKind::kArray, false, part)}, {"role", b_.Enum({Value::String("user")})}});
  const JsonNode* root = parser_.Parse(
      R"({"type":"RUN_STARTED","threadId":"a thread id that is long","parts":[{"kind":"text","text":"x"}],"role":"user","more":[[1]]})",
      {});
  ASSERT_NE(root, nullptr);
  Extractor extractor(b_.program);
  Value slots[3];
  std::vector<ShapeFault> faults;
  uint64_t before = AllocationCount();
  EXPECT_EQ(extractor.Run(*root, slots, faults, eval_), 0u);
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_TRUE(faults.empty());
}

}  // namespace
}  // namespace edict
