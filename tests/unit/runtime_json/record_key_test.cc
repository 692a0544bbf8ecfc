// The key that is seen at a glance is the one that the record has, if it is JSON.
#include "runtime/json/record_key.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "runtime/json/document.h"
#include "runtime/json/pointer.h"
#include "runtime/json/scan.h"

namespace edict {
namespace {

std::optional<std::string> Peeked(const RecordKey& key, const std::string& record) {
  const std::string padded = record + '\n' + std::string(json::kScanPadding, '\0');
  const std::optional<std::string_view> found = key.Peek(std::string_view(padded).substr(0, record.size()));
  if (!found) return std::nullopt;
  return std::string(*found);
}

TEST(RecordKey, SeesTheLastMember) {
  const RecordKey key("/id");
  EXPECT_EQ(Peeked(key, R"({"a":[1,{"id":"no"}],"id":"yes"})"), "yes");
  EXPECT_EQ(Peeked(key, R"({"id":"yes"})"), "yes");
  EXPECT_EQ(Peeked(key, R"({"id":"first","id" : ""})"), "");
  EXPECT_EQ(Peeked(key, R"({"a":1, "id": "\u00e9"})"), std::nullopt);
  EXPECT_EQ(Peeked(key, R"({"a":{"id":"no"}})"), std::nullopt);
  EXPECT_EQ(Peeked(key, R"({"a":"\"id\":\"no\"}"})"), std::nullopt);
  EXPECT_EQ(Peeked(key, R"({"a":"x","xid":"no"})"), std::nullopt);
  EXPECT_EQ(Peeked(RecordKey("/a\"b"), R"({"a\"b":"no"})"), std::nullopt);
}

TEST(RecordKey, IsRightWhereTheRecordIsJson) {
  const std::vector<std::string> members = {R"("id":"one")",
                                            R"("id" : "two")",
                                            R"("id":"")",
                                            R"("id":"\"id\":\"three\"")",
                                            R"("x":"\",\"id\":\"four\"}")",
                                            R"("x":{"id":"no"})",
                                            R"("x":["id","b"])",
                                            R"("\u0069d":"five")",
                                            R"("id":7)",
                                            R"("x\"id":"no")",
                                            R"("y":"\\")",
                                            R"("id":"six}")",
                                            R"("xid":"no")",
                                            R"("id":{"id":"no"})",
                                            R"("":"id")"};
  const RecordKey key("/id");
  JsonParser parser;
  std::mt19937 random(5);
  size_t seen = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string record = "{";
    for (size_t n = random() % 4; n > 0; --n) record += members[random() % members.size()] + (random() % 4 == 0 ? " , " : ",");
    record += members[random() % members.size()] + (random() % 6 == 0 ? " }" : "}");
    if (random() % 3 == 0) {
      constexpr char kBytes[] = "{}[]\",:\\ i";
      record[random() % record.size()] = kBytes[random() % (sizeof kBytes - 1)];
    }
    const std::optional<std::string> peeked = Peeked(key, record);
    const JsonNode* root = parser.Parse(record, JsonLimits{});
    if (!peeked || root == nullptr) continue;
    ++seen;
    const JsonNode* node = ResolvePointer(*root, "/id");
    ASSERT_NE(node, nullptr) << record;
    ASSERT_EQ(node->kind, JsonKind::kString) << record;
    ASSERT_EQ(std::string(node->text()), *peeked) << record;
  }
  EXPECT_GT(seen, 20'000u);
}

}  // namespace
}  // namespace edict
