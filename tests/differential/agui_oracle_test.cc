// The AG-UI package against verdicts of the official SDK: for each recorded stream, the first event that edict holds
// an error against is the first that the SDK refuses, and streams that it accepts have none. The expectations were
// computed with the SDK beforehand (tests/differential/agui/compare_oracle does so for other seeds).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "tests/support/process.h"

namespace edict::tests {
namespace {

using FirstErrors = std::map<std::string, std::optional<uint64_t>>;

FirstErrors ReadExpected(const std::string& path) {
  FirstErrors expected;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    nlohmann::json item = nlohmann::json::parse(line);
    const nlohmann::json& first = item["first_error"];
    expected[item["id"]] = first.is_null() ? std::nullopt : std::optional<uint64_t>(first.get<uint64_t>());
  }
  return expected;
}

FirstErrors FirstErrorsFound(const std::string& ndjson) {
  FirstErrors found;
  std::istringstream in(ndjson);
  for (std::string line; std::getline(in, line);) {
    nlohmann::json finding = nlohmann::json::parse(line);
    if (finding["severity"] != "error" && finding["severity"] != "critical") continue;
    std::optional<uint64_t>& first = found[finding["stream"]];
    uint64_t index = finding["index"];
    if (!first.has_value() || index < *first) first = index;
  }
  return found;
}

void Agree(const std::string& package, const std::string& data) {
  std::string base = std::string(EDICT_SOURCE_DIR) + "/tests/differential/agui/" + data;
  FirstErrors expected = ReadExpected(base + ".expected.jsonl");
  ASSERT_GE(expected.size(), 90u);
  ProcessResult result =
      RunCommand(EDICT_BINARY " run -r " + package + " --input streams --output ndjson '" + base + ".jsonl' 2>&1");
  ASSERT_LE(result.exit_code, 1) << result.out.substr(0, 4000);
  FirstErrors found = FirstErrorsFound(result.out);
  size_t with_error = 0;
  for (const auto& [id, first] : expected) {
    EXPECT_EQ(found[id], first) << data << ": stream " << id;
    with_error += first.has_value() ? 1 : 0;
  }
  // Native code says the same, byte for byte.
  ProcessResult native =
      RunCommand(EDICT_BINARY " run --tier native -r " + package + " --input streams --output ndjson '" + base + ".jsonl' 2>&1");
  EXPECT_EQ(native.out, result.out);
  EXPECT_EQ(native.exit_code, result.exit_code);
  // The data must be able to show both kinds of mistake.
  EXPECT_GT(with_error, expected.size() / 10);
  EXPECT_LT(with_error, expected.size() * 9 / 10);
}

TEST(AguiOracle, Protocol10) { Agree("agui.verify", "1.0"); }
TEST(AguiOracle, ProtocolCommon) { Agree("agui.verify", "common"); }
TEST(AguiOracle, Protocol0x) { Agree("agui.verify_0x", "0x"); }
// Against the verdicts of the client's whole pipeline; some streams were made to mix lanes of chunks.
TEST(AguiOracle, Pipeline) { Agree("agui.pipeline", "pipeline"); }

}  // namespace
}  // namespace edict::tests
