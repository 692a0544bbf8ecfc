// Framing: what each format gives, and that the cuts between chunks never matter.
#include "runtime/json/framing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/runtime_json/generate.h"

namespace edict {
namespace {

// "offset:text" or "offset!fault" for each record.
std::vector<std::string> Frame(InputFormat format, std::string_view input, uint64_t max = 64 << 20,
                               const std::vector<size_t>& cuts = {}) {
  std::vector<std::string> records;
  Framer framer(format, FramerOptions{max});
  Framer::Sink sink = [&](const Record& record) {
    std::string offset = std::to_string(record.offset);
    if (record.fault.empty()) {
      records.push_back(offset + ":" + std::string(record.text));
    } else {
      EXPECT_TRUE(record.text.empty());
      records.push_back(offset + "!" + record.fault);
    }
  };
  size_t at = 0;
  for (size_t cut : cuts) {
    // A copy of its own, so that a view which outlives its chunk is seen by the sanitizers.
    framer.Feed(std::string(input.substr(at, cut - at)), sink);
    at = cut;
  }
  framer.Feed(std::string(input.substr(at)), sink);
  framer.Finish(sink);
  return records;
}

struct Row {
  InputFormat format;
  std::string input;
  std::vector<std::string> records;
  uint64_t max = 64 << 20;
};

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {
      {InputFormat::kNdjson, "", {}},
      {InputFormat::kNdjson, "\n \n\r\n", {}},
      {InputFormat::kNdjson, "{}\n\n  \r\n[1]\r\n3", {"0:{}", "8:[1]", "13:3"}},
      {InputFormat::kNdjson,
       "1234\r\n12345\n6\n123456789012345",
       {"0:1234", "6!the record is longer than 4 bytes", "12:6", "14!the record is longer than 4 bytes"},
       4},
      {InputFormat::kNdjson, std::string(100, 'x') + "\n1\n", {"0!the record is longer than 4 bytes", "101:1"}, 4},

      {InputFormat::kSse, "data: {\"a\":1}\n\ndata:2\r\n\r\ndata:  3\n\n", {"6:{\"a\":1}", "20:2", "31: 3"}},
      {InputFormat::kSse, ": hello\nevent: x\nid: 1\ndata: {\ndata: }\nretry: 5\n\n", {"29:{\n}"}},
      {InputFormat::kSse, "event: ping\n\n\n\ndata: 1\n\n", {"21:1"}},
      {InputFormat::kSse, "data: 1", {"6:1"}},
      {InputFormat::kSse, "data\ndatax: 1\n data: 2\ndata: 3\n\n", {"29:3"}},
      {InputFormat::kSse, "data:\n\n", {"5:"}},
      {InputFormat::kSse,
       "data: 1\n\n{\"a\":1}\n\ndata: 2\n\n",
       {"6:1", "9!this looks like an event, but the line does not begin with data:", "24:2"}},
      {InputFormat::kSse, "data: {\"a\":[1]", {"6!the input ends inside this event"}},
      {InputFormat::kSse, "data: {\"a\":\"]", {"6!the input ends inside this event"}},
      {InputFormat::kSse, "data: {\"a\":[1]}", {"6:{\"a\":[1]}"}},
      {InputFormat::kSse, "data: 1234\n\n: a long comment\n\ndata:1234\r\n\n", {"6:1234", "35:1234"}, 4},
      {InputFormat::kSse, "data: 123\ndata: 456\ndata: 7\n\ndata: 8\n\n", {"6!the record is longer than 6 bytes", "35:8"}, 6},
      {InputFormat::kSse,
       "data: 1\ndata: 12345678901234567890\ndata: 7\n\ndata: 8\n\n",
       {"6!the record is longer than 6 bytes", "50:8"},
       6},

      {InputFormat::kJson, "", {}},
      {InputFormat::kJson, " [ ] ", {}},
      {InputFormat::kJson,
       "[{\"a\":[1,2]} ,\n {\"b\":\"]},[\\\"\"}, 3 ,\"x,y\",null]",
       {"1:{\"a\":[1,2]}", "16:{\"b\":\"]},[\\\"\"}", "32:3", "35:\"x,y\"", "41:null"}},
      {InputFormat::kJson, "{\"a\":\n1}", {"0:{\"a\":\n1}"}},
      {InputFormat::kJson, "{\"a\":1} 5 {\"b\":2}[3][]6", {"0:{\"a\":1}", "8:5", "10:{\"b\":2}", "18:3", "22:6"}},
      {InputFormat::kJson, "[[1],[2]]", {"1:[1]", "5:[2]"}},
      {InputFormat::kJson, "[1,2", {"1:1", "3:2", "4!the input ends inside an array of events"}},
      {InputFormat::kJson, "[", {"1!the input ends inside an array of events"}},
      {InputFormat::kJson, "[1,", {"1:1", "3!the input ends inside an array of events"}},
      {InputFormat::kJson, "[{\"a\":1},{\"b\"", {"1:{\"a\":1}", "9:{\"b\""}},
      {InputFormat::kJson, "{\"a\":\"x", {"0:{\"a\":\"x"}},
      {InputFormat::kJson, "[1,,2]", {"1:1", "3!an element of the array of events is missing", "4:2"}},
      {InputFormat::kJson,
       "[,]",
       {"1!an element of the array of events is missing", "2!an element of the array of events is missing"}},
      {InputFormat::kJson,
       "[{} {},]",
       {"1:{}", "4!a comma is missing in the array of events", "4:{}", "7!an element of the array of events is missing"}},
      {InputFormat::kJson, "[1]] {}", {"1:1", "3:]", "5:{}"}},
      {InputFormat::kJson, "[1}2]", {"1:1", "2!a comma is missing in the array of events", "2:}2"}},
      {InputFormat::kJson,
       "[{\"a\":12345},[1],123456,7]",
       {"1!the record is longer than 5 bytes", "13:[1]", "17!the record is longer than 5 bytes", "24:7"},
       5},

      {InputFormat::kAuto, "", {}},
      {InputFormat::kAuto, " \n ", {}},
      {InputFormat::kAuto, "\n{\"a\":1}\n{\"b\":2}\n", {"1:{\"a\":1}", "9:{\"b\":2}"}},
      {InputFormat::kAuto, " [{},\n{}]", {"2:{}", "6:{}"}},
      {InputFormat::kAuto, "data: 1\n\n", {"6:1"}},
      {InputFormat::kAuto, "event: x\ndata: 1\n\n", {"15:1"}},
      {InputFormat::kAuto, ": comment\n\ndata: 1\n\n", {"17:1"}},
      {InputFormat::kAuto, "id: 3\ndata: 1\n\n", {"12:1"}},
      {InputFormat::kAuto, "retry: 3\ndata: 1\n\n", {"15:1"}},
      {InputFormat::kAuto, "dat", {"0:dat"}},
      {InputFormat::kAuto, "{\n  \"a\": 1\n}\n", {"0:{\n  \"a\": 1\n}"}},
      {InputFormat::kAuto, "{\"a\": 1,\n \"b\": 2}\n{\"c\":\n1}", {"0:{\"a\": 1,\n \"b\": 2}", "18:{\"c\":\n1}"}},
      {InputFormat::kAuto, "{\"a\": [1\n], \"b\": 2}", {"0:{\"a\": [1\n], \"b\": 2}"}},
      // A damaged first line of NDJSON is not the start of an object over several lines.
      {InputFormat::kAuto, "{\"a\": 1\n{\"b\": 2}\n", {"0:{\"a\": 1", "8:{\"b\": 2}"}},
      {InputFormat::kAuto, "{\"a\": \"x\n\"b\": 2}\n", {"0:{\"a\": \"x", "9:\"b\": 2}"}},
      {InputFormat::kAuto, "{\"a\": 1", {"0:{\"a\": 1"}},
      {InputFormat::kAuto, "{\"a\": 1,\n", {"0:{\"a\": 1,"}},
  };
  return rows;
}

TEST(Framing, GivesTheRecords) {
  for (const Row& row : Rows()) {
    SCOPED_TRACE(row.input);
    EXPECT_EQ(Frame(row.format, row.input, row.max), row.records);
  }
}

TEST(Framing, EveryTwoChunksGiveTheSame) {
  for (const Row& row : Rows()) {
    SCOPED_TRACE(row.input);
    for (size_t cut = 0; cut <= row.input.size(); ++cut)
      EXPECT_EQ(Frame(row.format, row.input, row.max, {cut}), row.records) << cut;
  }
}

TEST(Framing, SingleBytesGiveTheSame) {
  for (const Row& row : Rows()) {
    SCOPED_TRACE(row.input);
    std::vector<size_t> cuts;
    for (size_t i = 1; i < row.input.size(); ++i) cuts.push_back(i);
    EXPECT_EQ(Frame(row.format, row.input, row.max, cuts), row.records);
  }
}

// Random documents and garbage in every format, with and without a tight limit, cut at random.
TEST(Framing, RandomChunksGiveTheSame) {
  JsonGenerator generate(3);
  std::mt19937 random(5);
  const std::string bytes = std::string("{}[],:\"\\\n\r d1 ") + '\0';
  for (int i = 0; i < 4000; ++i) {
    auto format = static_cast<InputFormat>(random() % 4);
    std::string input;
    for (uint32_t n = random() % 5; n != 0; --n) {
      if (format == InputFormat::kSse) input += random() % 2 == 0 ? "data: " : ": ";
      input += generate.Document() + (random() % 2 == 0 ? "\n" : random() % 2 == 0 ? "\r\n\r\n" : ",");
    }
    for (uint32_t n = random() % 4; n != 0; --n) {
      input.insert(random() % (input.size() + 1), 1, bytes[random() % bytes.size()]);
    }
    uint64_t max = random() % 2 == 0 ? 64 << 20 : random() % 60 + 1;
    std::vector<size_t> cuts;
    for (uint32_t n = random() % 8; n != 0; --n) cuts.push_back(random() % (input.size() + 1));
    std::sort(cuts.begin(), cuts.end());
    ASSERT_EQ(Frame(format, input, max, cuts), Frame(format, input, max)) << input;
  }
}

TEST(Framing, RecordsStandWhereTheyAre) {
  std::string input = "{\"a\":1}\n{\"b\":2}\n";
  Framer framer(InputFormat::kNdjson);
  std::vector<const char*> places;
  framer.Feed(input, [&](const Record& record) { places.push_back(record.text.data()); });
  // Lines inside one chunk are not copied.
  EXPECT_EQ(places, (std::vector<const char*>{input.data(), input.data() + 8}));
}

}  // namespace
}  // namespace edict
