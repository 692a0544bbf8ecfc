// JSON Patch and JSON Pointer on trees, case by case: what RFC 6902 and RFC 6901 ask for, and what they leave to us.
#include "runtime/state/json_patch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/state/document.h"
#include "tests/support/json_text.h"

namespace edict {
namespace {

using tests::JsonText;
using tests::ParseJson;

constexpr uint64_t kBound = 1 << 20;
constexpr PatchLimits kLimits{kBound, 1'000'000};

class JsonPatchTest : public testing::Test {
 protected:
  void Start(const std::string& json) {
    ASSERT_EQ(document_.Set(ParseJson(arena_, json), kBound), JsonDocument::Outcome::kDone) << json;
  }
  JsonDocument::Outcome Patch(const std::string& patch, PatchLimits limits = kLimits) {
    return document_.Patch(ParseJson(arena_, patch), limits, patcher_);
  }
  // The document after the patch, or why not.
  std::string After(const std::string& json, const std::string& patch) {
    Start(json);
    const JsonDocument::Outcome outcome = Patch(patch);
    if (outcome == JsonDocument::Outcome::kDone) return JsonText(document_.root());
    EXPECT_EQ(JsonText(document_.root()), JsonText(ParseJson(arena_, json))) << "changed by a patch that failed: " << patch;
    return "fault " + std::to_string(static_cast<int>(patcher_.fault().index)) + "/" + patcher_.fault().member + ": " +
           patcher_.fault().reason;
  }

  Arena arena_;
  JsonPatcher patcher_;
  JsonDocument document_;
};

TEST_F(JsonPatchTest, AddsMembersAndElements) {
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])"), R"({"a":1,"b":2})");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"add","path":"/a","value":[null]}])"), R"({"a":[null]})");
  EXPECT_EQ(After(R"({"l":[1,3]})", R"([{"op":"add","path":"/l/1","value":2}])"), R"({"l":[1,2,3]})");
  EXPECT_EQ(After(R"({"l":[1]})", R"([{"op":"add","path":"/l/1","value":2},{"op":"add","path":"/l/-","value":3}])"),
            R"({"l":[1,2,3]})");
  EXPECT_EQ(After("[]", R"([{"op":"add","path":"/-","value":{}},{"op":"add","path":"/0/k","value":true}])"), R"([{"k":true}])");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"add","path":"","value":[1]}])"), "[1]");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"add","path":"/","value":0}])"), R"({"a":1,"":0})");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"add","path":"/b","value":2,"spec":"ignored"}])"), R"({"a":1,"b":2})");
}

TEST_F(JsonPatchTest, RefusesPlacesThatAreNotThere) {
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"add","path":"/x/y","value":2}])"), "fault 0/path: there is nothing at \"/x/y\"");
  EXPECT_EQ(After(R"({"l":[1]})", R"([{"op":"add","path":"/l/2","value":2}])"),
            "fault 0/path: there is nothing at \"/l/2\": \"2\" is no place in an array of 1");
  for (const char* index : {"01", "-1", "1e0", "+0", "", " 0", "0 ", "-", "4294967296", "00", "0x0"}) {
    const std::string patch = std::string(R"([{"op":"replace","path":"/l/)") + index + R"(","value":2}])";
    EXPECT_EQ(After(R"({"l":[1]})", patch).substr(0, 13), "fault 0/path:") << index;
  }
  EXPECT_EQ(After(R"({"s":"x"})", R"([{"op":"add","path":"/s/0","value":2}])"),
            "fault 0/path: there is nothing at \"/s/0\": a string has no members");
  EXPECT_EQ(After(R"({"a":null})", R"([{"op":"remove","path":"/a/b"}])").substr(0, 12), "fault 0/path");
}

TEST_F(JsonPatchTest, RemovesAndReplaces) {
  EXPECT_EQ(After(R"({"a":1,"b":2,"c":3})", R"([{"op":"remove","path":"/b"}])"), R"({"a":1,"c":3})");
  EXPECT_EQ(After("[1,2,3]", R"([{"op":"remove","path":"/0"}])"), "[2,3]");
  EXPECT_EQ(After("[1]", R"([{"op":"remove","path":"/0"}])"), "[]");
  EXPECT_EQ(After("[1]", R"([{"op":"remove","path":""}])"), "null");
  EXPECT_EQ(After(R"({"a":{"b":[1]}})", R"([{"op":"replace","path":"/a/b/0","value":"x"}])"), R"({"a":{"b":["x"]}})");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"replace","path":"","value":null}])"), "null");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"replace","path":"/b","value":null}])"), "fault 0/path: there is nothing at \"/b\"");
  EXPECT_EQ(After("[1]", R"([{"op":"remove","path":"/-"}])").substr(0, 12), "fault 0/path");
}

TEST_F(JsonPatchTest, OwnMembersOnly) {
  for (const char* name : {"toString", "__proto__", "constructor", "length"}) {
    const std::string remove = std::string(R"([{"op":"remove","path":"/)") + name + R"("}])";
    EXPECT_EQ(After("{}", remove).substr(0, 12), "fault 0/path") << name;
    const std::string add = std::string(R"([{"op":"add","path":"/)") + name + R"(","value":1}])";
    EXPECT_EQ(After("{}", add), std::string("{\"") + name + "\":1}");
  }
  EXPECT_EQ(After("[1]", R"([{"op":"test","path":"/length","value":1}])").substr(0, 12), "fault 0/path");
}

TEST_F(JsonPatchTest, Moves) {
  EXPECT_EQ(After(R"({"a":{"b":1},"c":{}})", R"([{"op":"move","from":"/a/b","path":"/c/d"}])"), R"({"a":{},"c":{"d":1}})");
  EXPECT_EQ(After("[1,2,3]", R"([{"op":"move","from":"/0","path":"/2"}])"), "[2,3,1]");
  EXPECT_EQ(After("[1,2,3]", R"([{"op":"move","from":"/2","path":"/0"}])"), "[3,1,2]");
  EXPECT_EQ(After("[1,2]", R"([{"op":"move","from":"/0","path":"/-"}])"), "[2,1]");
  EXPECT_EQ(After(R"({"a":1,"b":2})", R"([{"op":"move","from":"/a","path":"/b"}])"), R"({"b":1})");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])"), R"({"a":1})");
  EXPECT_EQ(After(R"({"a":[7]})", R"([{"op":"move","from":"/a","path":""}])"), "[7]");
  EXPECT_EQ(After(R"({"a":{}})", R"([{"op":"move","from":"/a","path":"/a/b"}])"),
            "fault 0/path: \"/a\" cannot be moved into itself");
  EXPECT_EQ(After(R"({"a":{}})", R"([{"op":"move","from":"","path":"/a/b"}])"), "fault 0/path: \"\" cannot be moved into itself");
  EXPECT_EQ(After(R"({"a":{},"ab":1})", R"([{"op":"move","from":"/a","path":"/ab"}])"), R"({"ab":{}})");
  EXPECT_EQ(After("{}", R"([{"op":"move","from":"/a","path":"/b"}])"), "fault 0/from: there is nothing at \"/a\"");
  // The place is looked up after the value has left.
  EXPECT_EQ(After("[1,2]", R"([{"op":"move","from":"/0","path":"/2"}])").substr(0, 12), "fault 0/path");
}

TEST_F(JsonPatchTest, CopiesAreIndependent) {
  EXPECT_EQ(After(R"({"a":{"x":[1]}})", R"([{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/x/-","value":2}])"),
            R"({"a":{"x":[1]},"b":{"x":[1,2]}})");
  EXPECT_EQ(After(R"({"a":1})", R"([{"op":"copy","from":"","path":"/b"}])"), R"({"a":1,"b":{"a":1}})");
  EXPECT_EQ(After("[1,2]", R"([{"op":"copy","from":"/0","path":"/0"}])"), "[1,1,2]");
}

TEST_F(JsonPatchTest, TestsByJsonEquality) {
  const std::string json = R"({"n":1,"d":1.5,"o":{"a":1,"b":[2]},"s":"x","z":null})";
  for (const char* same : {R"("path":"/n","value":1.0)", R"("path":"/n","value":1e0)", R"("path":"/o","value":{"b":[2.0],"a":1})",
                           R"("path":"/z","value":null)", R"("path":"/d","value":15e-1)"}) {
    EXPECT_EQ(After(json, std::string(R"([{"op":"test",)") + same + "}]"), json) << same;
  }
  for (const char* other : {R"("path":"/n","value":"1")", R"("path":"/n","value":true)", R"("path":"/o","value":{"a":1})",
                            R"("path":"/o","value":{"a":1,"b":[2],"c":3})", R"("path":"/s","value":"X")",
                            R"("path":"/z","value":false)", R"("path":"/o","value":{"a":1,"c":[2]})"}) {
    EXPECT_EQ(After(json, std::string(R"([{"op":"test",)") + other + "}]").substr(0, 14), "fault 0/value:") << other;
  }
}

TEST_F(JsonPatchTest, AllOperationsOrNone) {
  const std::string json = R"({"a":[1,2,3],"o":{"k":"v","l":[]}})";
  const std::string start =
      R"([{"op":"add","path":"/a/0","value":0},{"op":"remove","path":"/a/3"},{"op":"add","path":"/a/-","value":9},)"
      R"({"op":"move","from":"/o/k","path":"/m"},{"op":"remove","path":"/o"},{"op":"copy","from":"/a","path":"/o"},)"
      R"({"op":"replace","path":"/a","value":{}},{"op":"add","path":"/a/x","value":1},)";
  EXPECT_EQ(After(json, start + R"({"op":"test","path":"/a/x","value":1}])"), R"({"a":{"x":1},"m":"v","o":[0,1,2,9]})");
  EXPECT_EQ(After(json, start + R"({"op":"test","path":"/a/x","value":2}])").substr(0, 14), "fault 8/value:");
}

TEST_F(JsonPatchTest, SaysWhatIsNoPatch) {
  EXPECT_EQ(After("{}", "{}"), "fault -1/: a patch is an array of operations, this is an object");
  EXPECT_EQ(After("{}", "[1]"), "fault 0/: an operation is an object, this is a number");
  EXPECT_EQ(After("{}", "[{}]"), "fault 0/: the operation has no \"op\"");
  EXPECT_EQ(After("{}", R"([{"op":"frob","path":""}])"), "fault 0/op: there is no operation \"frob\"");
  EXPECT_EQ(After("{}", R"([{"op":7,"path":""}])"), "fault 0/op: \"op\" is a number, not a string");
  EXPECT_EQ(After("{}", R"([{"op":"add","value":1}])"), "fault 0/: the operation has no \"path\"");
  EXPECT_EQ(After("{}", R"([{"op":"add","path":null,"value":1}])"), "fault 0/path: \"path\" is null, not a string");
  EXPECT_EQ(After("{}", R"([{"op":"add","path":"a","value":1}])"), "fault 0/path: \"a\" is not a JSON Pointer");
  EXPECT_EQ(After("{}", R"([{"op":"add","path":"/~2","value":1}])"), "fault 0/path: \"/~2\" is not a JSON Pointer");
  EXPECT_EQ(After("{}", R"([{"op":"add","path":"/a"}])"), "fault 0/: the operation has no \"value\"");
  EXPECT_EQ(After("{}", R"([{"op":"move","path":"/a"}])"), "fault 0/: the operation has no \"from\"");
  EXPECT_EQ(After("{}", "[]"), "{}");
}

TEST_F(JsonPatchTest, PointersAreUnescapedOnce) {
  const std::string json = R"({"a/b":1,"m~n":2,"~1":3,"":4," ":5})";
  Start(json);
  uint64_t work = 0;
  const auto at = [&](std::string_view pointer) { return JsonText(AtPointer(document_.root(), pointer, work)); };
  EXPECT_EQ(at("/a~1b"), "1");
  EXPECT_EQ(at("/m~0n"), "2");
  EXPECT_EQ(at("/~01"), "3");
  EXPECT_EQ(at("/"), "4");
  EXPECT_EQ(at("/ "), "5");
  EXPECT_EQ(at(""), json);
  EXPECT_EQ(AtPointer(document_.root(), "/x", work).kind, Kind::kAbsent);
  EXPECT_EQ(AtPointer(document_.root(), "/a~1b/0", work).kind, Kind::kAbsent);
  EXPECT_TRUE(PointerTokens::Valid("/~0~1/"));
  for (const char* wrong : {"a", "/~", "/~2", "/a~", "#/a", " "}) EXPECT_FALSE(PointerTokens::Valid(wrong)) << wrong;
}

TEST_F(JsonPatchTest, LoneSurrogatesAndDuplicateKeysAreKeptAsWritten) {
  EXPECT_EQ(After(R"({"a":1,"a":2})", R"([{"op":"test","path":"/a","value":2},{"op":"remove","path":"/a"}])"), "{}");
  Start(R"({"\ud83d":1})");
  EXPECT_EQ(Patch(R"([{"op":"add","path":"/\ud83e","value":"\udc00"},{"op":"test","path":"/\ud83d","value":1}])"),
            JsonDocument::Outcome::kDone);
  EXPECT_EQ(MapSize(document_.root()), 2u);
  uint64_t work = 0;
  EXPECT_EQ(AtPointer(document_.root(), "/\xed\xa0\xbe", work).text(), "\xed\xb0\x80");
}

TEST_F(JsonPatchTest, GrowthIsBoundedAtEveryStep) {
  std::string doubling = "[";
  for (int i = 0; i < 60; ++i) doubling += R"({"op":"copy","from":"","path":"/k)" + std::to_string(i) + R"("},)";
  doubling.back() = ']';
  Start(R"({"a":"0123456789"})");
  EXPECT_EQ(Patch(doubling), JsonDocument::Outcome::kTooLarge);
  EXPECT_FALSE(document_.known());
  EXPECT_EQ(document_.bytes(), 0u);
  // Deeper and deeper.
  Start(R"({"d":{}})");
  JsonDocument::Outcome outcome = JsonDocument::Outcome::kDone;
  for (int i = 0; i < 2000 && outcome == JsonDocument::Outcome::kDone; ++i) {
    outcome = Patch(
        R"([{"op":"move","from":"/d","path":"/x"},{"op":"add","path":"/d","value":{}},{"op":"move","from":"/x","path":"/d/x"}])");
  }
  EXPECT_EQ(outcome, JsonDocument::Outcome::kFault);
  EXPECT_EQ(patcher_.fault().reason, "the document would be nested deeper than 1000 levels");
}

TEST_F(JsonPatchTest, WorkIsBounded) {
  Start(R"({"a":1})");
  std::string many = "[";
  for (int i = 0; i < 1000; ++i) many += R"({"op":"replace","path":"/a","value":1},)";
  many.back() = ']';
  EXPECT_EQ(Patch(many, {kBound, 500}), JsonDocument::Outcome::kOutOfWork);
  EXPECT_EQ(JsonText(document_.root()), R"({"a":1})");
  EXPECT_EQ(Patch(many), JsonDocument::Outcome::kDone);
}

TEST_F(JsonPatchTest, TryingChangesNothing) {
  Start(R"({"a":[1,2],"b":{"c":1}})");
  const Value before = document_.root();
  const std::string text = JsonText(before);
  const Value patch = ParseJson(arena_, R"([{"op":"add","path":"/a/-","value":3},{"op":"move","from":"/b/c","path":"/a/0"}])");
  EXPECT_EQ(document_.Try(patch, kLimits, patcher_), JsonDocument::Outcome::kDone);
  EXPECT_EQ(JsonText(document_.root()), text);
  EXPECT_EQ(JsonText(before), text);
  EXPECT_EQ(document_.Patch(patch, kLimits, patcher_), JsonDocument::Outcome::kDone);
  EXPECT_EQ(JsonText(document_.root()), R"({"a":[1,1,2,3],"b":{}})");
}

TEST_F(JsonPatchTest, AMillionSmallPatchesNeedNoMoreMemory) {
  Start(R"({"items":[],"count":0,"name":"x"})");
  const Value grow = ParseJson(arena_, R"([{"op":"add","path":"/items/-","value":{"id":"0123456789abcdef"}},)"
                                       R"({"op":"replace","path":"/count","value":12}])");
  const Value shrink = ParseJson(arena_, R"([{"op":"remove","path":"/items/0"},{"op":"replace","path":"/name","value":"yy"}])");
  for (int i = 0; i < 100; ++i) ASSERT_EQ(document_.Patch(grow, kLimits, patcher_), JsonDocument::Outcome::kDone);
  uint64_t most = 0;
  for (int i = 0; i < 500'000; ++i) {
    ASSERT_EQ(document_.Patch(grow, kLimits, patcher_), JsonDocument::Outcome::kDone);
    ASSERT_EQ(document_.Patch(shrink, kLimits, patcher_), JsonDocument::Outcome::kDone);
    most = std::max(most, document_.bytes());
  }
  json_tree::Extent extent;
  ASSERT_TRUE(json_tree::Measure(document_.root(), kBound, extent));
  EXPECT_LE(most, 6 * extent.bytes + 4096);
}

}  // namespace
}  // namespace edict
