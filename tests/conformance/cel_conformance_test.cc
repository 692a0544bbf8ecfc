// The CEL conformance suite and our own cases through `edict eval --jsonl`, in both tiers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace edict::tests {
namespace {

using nlohmann::json;

const std::string kFolder = std::string(EDICT_SOURCE_DIR) + "/tests/conformance/";

std::vector<json> ReadLines(std::istream& in) {
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

// "file/section/name" of the cases that are known not to pass; what follows on the line is the reason.
std::set<std::string> ReadExceptions() {
  std::set<std::string> names;
  std::ifstream in(kFolder + "exceptions.txt");
  for (std::string line; std::getline(in, line);) names.insert(line.substr(0, line.find(' ')));
  return names;
}

// Equal typed values: doubles by value and sign, any NaN equal to any, maps without order.
bool Same(const json& a, const json& b) {
  if (!a.is_object() || !b.is_object() || a.size() != 1 || b.size() != 1) return a == b;
  const std::string& kind = a.begin().key();
  if (kind != b.begin().key()) return false;
  const json& x = a.begin().value();
  const json& y = b.begin().value();
  if (kind == "double") {
    double p = std::strtod(x.get_ref<const std::string&>().c_str(), nullptr);
    double q = std::strtod(y.get_ref<const std::string&>().c_str(), nullptr);
    return (p == q && std::signbit(p) == std::signbit(q)) || (std::isnan(p) && std::isnan(q));
  }
  if (kind == "list") {
    return x.size() == y.size() && std::equal(x.begin(), x.end(), y.begin(), Same);
  }
  if (kind == "map") {
    if (x.size() != y.size()) return false;
    return std::all_of(x.begin(), x.end(), [&](const json& pair) {
      return std::any_of(y.begin(), y.end(), [&](const json& other) { return Same(pair[0], other[0]) && Same(pair[1], other[1]); });
    });
  }
  return x == y;
}

bool Passes(const json& expect, const json& result) {
  if (expect.contains("type") && (!result.contains("type") || result["type"] != expect["type"])) return false;
  if (expect.contains("error")) return result.contains("error");
  if (expect.contains("value")) return result.contains("value") && Same(expect["value"], result["value"]);
  return true;
}

// Of what `eval` prints, the first line is for the first case and so on.
void ExpectAllPass(const std::string& file, const std::string& tier) {
  std::ifstream in(kFolder + file);
  std::vector<json> cases = ReadLines(in);
  ASSERT_FALSE(cases.empty());
  ProcessResult run = RunCommand(EDICT_BINARY " eval --tier " + tier + " --jsonl '" + kFolder + file + "'");
  ASSERT_EQ(run.exit_code, 0);
  std::istringstream out(run.out);
  std::vector<json> results = ReadLines(out);
  ASSERT_EQ(results.size(), cases.size());
  const std::set<std::string> exceptions = ReadExceptions();
  for (size_t i = 0; i < cases.size(); ++i) {
    const json& test = cases[i];
    std::string name =
        test["file"].get<std::string>() + "/" + test["section"].get<std::string>() + "/" + test["name"].get<std::string>();
    EXPECT_EQ(Passes(test["expect"], results[i]), exceptions.count(name) == 0)
        << name << "\n  " << test["expr"] << "\n  expected " << test["expect"] << "\n  got      " << results[i];
  }
}

class CelConformance : public testing::TestWithParam<std::string> {};

TEST_P(CelConformance, EveryCaseOfTheSuitePasses) { ExpectAllPass("cases.jsonl", GetParam()); }
TEST_P(CelConformance, EveryCaseOfOursPasses) { ExpectAllPass("more_cases.jsonl", GetParam()); }

INSTANTIATE_TEST_SUITE_P(Tiers, CelConformance, testing::Values("interp", "native"), [](const auto& info) { return info.param; });

}  // namespace
}  // namespace edict::tests
