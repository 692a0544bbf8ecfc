// `edict bench`: that it judges what `edict run` judges, and says what it measured. Never how long that takes.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr char kRules[] = R"(
event Event by type {
  ADD { id: string }
  CHECK { id: string }
}
state seen: set<string> bound 100
on ADD as e { seen += e.id }
rule UNKNOWN "only added ids are checked" {
  on CHECK as e
  require e.id in seen at e.id
  message "{e.id} was never added"
}
)";
constexpr char kLines[] =
    "{\"type\":\"ADD\",\"id\":\"a\",\"s\":\"one\"}\n{\"type\":\"CHECK\",\"id\":\"a\",\"s\":\"one\"}\n{\"type\":\"CHECK\",\"id\":"
    "\"a\",\"s\":\"two\"}\n";

class BenchCommand : public testing::Test {
 protected:
  BenchCommand() { folder_.Write("my.rules", kRules); }

  nlohmann::json Run(const std::string& arguments, int exit_code) {
    const ProcessResult result =
        RunCommand("cd '" + folder_.path() + "' && " EDICT_BINARY " bench -r my.rules --runs 2 --format json " + arguments);
    EXPECT_EQ(result.exit_code, exit_code) << result.out;
    return nlohmann::json::parse(result.out, nullptr, false);
  }
  ProcessResult Fail(const std::string& arguments) {
    return RunCommand("cd '" + folder_.path() + "' && " EDICT_BINARY " bench --runs 1 " + arguments + " 2>&1");
  }

  RuleFolder folder_;
};

TEST_F(BenchCommand, SaysWhatItMeasured) {
  folder_.Write("events.ndjson", kLines);
  const nlohmann::json report = Run("events.ndjson", 0);
  EXPECT_EQ(report["format"], "edict-bench");
  EXPECT_EQ(report["version"], 1);
  EXPECT_EQ(report["events"], 3);
  EXPECT_EQ(report["streams"], 1);
  EXPECT_EQ(report["bytes"], sizeof(kLines) - 1);
  EXPECT_EQ(report["findings"]["error"], 0);
  EXPECT_EQ(report["runs"], 2);
  EXPECT_GT(report["stream_bytes"], 0);
  ASSERT_EQ(report["tiers"].size(), 2u);
  for (const nlohmann::json& tier : report["tiers"]) {
    EXPECT_GT(tier["ns_per_event"]["min"], 0.0);
    EXPECT_GE(tier["ns_per_event"]["median"], tier["ns_per_event"]["min"]);
    EXPECT_EQ(tier["latency_ns"]["calls"], 3);
    EXPECT_LE(tier["latency_ns"]["p50"], tier["latency_ns"]["max"]);
    EXPECT_EQ(tier.contains("ratio_to_yardstick"), !report["yardstick"].is_null());
  }
  EXPECT_GT(report["tiers"][1]["compile_ms"], 0.0);
}

TEST_F(BenchCommand, CountsTheStepsOfRules) {
  folder_.Write("events.ndjson", kLines);
  const nlohmann::json report = Run("events.ndjson --tier interp", 0);
  for (const nlohmann::json& cost : report["rule_costs"]) {
    EXPECT_EQ(cost["events"], cost["code"] == "UNKNOWN" ? 2 : 1) << cost;
    // To write what a field holds takes no steps.
    if (cost["code"] != "(writes)") {
      EXPECT_GT(cost["steps_per_event"], 0.0) << cost;
    }
  }
}

TEST_F(BenchCommand, JudgesEveryFraming) {
  folder_.Write("events.json", R"([{"type":"ADD","id":"a"}, {"type":"CHECK",
                                   "id":"a"}, {"type":"CHECK","id":"b"}])");
  folder_.Write("events.sse", "data: {\"type\":\"ADD\",\"id\":\"a\"}\n\ndata: {\"type\":\"CHECK\",\ndata: \"id\":\"b\"}\n\n");
  folder_.Write("events.crlf", "{\"type\":\"ADD\",\"id\":\"a\"}\r\n\r\n{\"type\":\"CHECK\",\"id\":\"b\"}");
  nlohmann::json report = Run("events.json events.sse events.crlf", 1);
  EXPECT_EQ(report["events"], 7);
  EXPECT_EQ(report["streams"], 3);
  EXPECT_EQ(report["findings"]["error"], 3);
  EXPECT_EQ(Run("events.sse --input ndjson --fail-on none", 0)["events"], 3);
}

TEST_F(BenchCommand, KnowsStreamsByTheirKey) {
  folder_.Write("events.ndjson", kLines + std::string("{\"type\":\"ADD\",\"id\":\"a\"}\n{\n"));
  const nlohmann::json report = Run("events.ndjson --key /s", 1);
  EXPECT_EQ(report["streams"], 3);                // one, two, and that of what has no key
  EXPECT_EQ(report["findings"]["error"], 1 + 2);  // "a" is unknown in two; no key; no JSON
  EXPECT_EQ(report["events"], 5);
}

TEST_F(BenchCommand, MeasuresInvalidEvents) {
  folder_.Write("events.ndjson",
                "{\"type\":\"ADD\",\"id\":\"a\"}\n{\"type\":\"CHECK\",\"id\":\n\n\x01\xff\n{\"type\":\"CHECK\",\"id\":7}\n[]");
  const nlohmann::json report = Run("events.ndjson", 1);
  EXPECT_EQ(report["findings"]["error"], 4);
  EXPECT_EQ(Run("events.ndjson --tier native --fail-on none", 0)["tiers"].size(), 1u);
}

TEST_F(BenchCommand, NothingIsNoFault) {
  folder_.Write("empty", "");
  const nlohmann::json report = Run("empty", 0);
  EXPECT_EQ(report["events"], 0);
  EXPECT_TRUE(report["yardstick"].is_null());
  EXPECT_EQ(Fail("-r my.rules empty").exit_code, 0);
}

TEST_F(BenchCommand, SaysWhyItCannotRun) {
  folder_.Write("events.ndjson", kLines);
  folder_.Write("wrong.rules", "rule");
  EXPECT_EQ(Fail("-r my.rules nowhere.ndjson").out, "edict: cannot open nowhere.ndjson: No such file or directory\n");
  for (const char* arguments : {"-r my.rules nowhere.ndjson", "-r my.rules . ", "-r nowhere.rules events.ndjson",
                                "-r wrong.rules events.ndjson", "-r my.rules events.ndjson --key s", "-r my.rules",
                                "-r my.rules events.ndjson --tier fast", "-r my.rules events.ndjson --runs 0"}) {
    const ProcessResult result = Fail(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments << "\n" << result.out;
    EXPECT_NE(result.out, "") << arguments;
  }
}

}  // namespace
}  // namespace edict::tests
