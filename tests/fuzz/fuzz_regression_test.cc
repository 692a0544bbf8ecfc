// Every kept input of the fuzzers, through the same functions: corpus/<target> are the seeds, crashes/<target> what once was
// a finding. An input that fails aborts the test after printing what is wrong; the last name printed is the input's.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"

namespace edict::fuzz {
namespace {

namespace fs = std::filesystem;

struct Target {
  const char* name;
  void (*run)(std::string_view);
  size_t seeds;  // at least so many are kept
};

std::vector<fs::path> Inputs(const fs::path& folder) {
  std::vector<fs::path> inputs;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) inputs.push_back(entry.path());
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class FuzzRegression : public testing::TestWithParam<Target> {};

TEST_P(FuzzRegression, KeptInputsPass) {
  const fs::path root = fs::path(EDICT_SOURCE_DIR) / "tests/fuzz";
  std::vector<fs::path> inputs = Inputs(root / "corpus" / GetParam().name);
  EXPECT_GE(inputs.size(), GetParam().seeds);
  for (const fs::path& crash : Inputs(root / "crashes" / GetParam().name)) inputs.push_back(crash);
  for (const fs::path& input : inputs) {
    SCOPED_TRACE(input.string());
    std::string bytes = Read(input);
    if (std::getenv("EDICT_FUZZ_VERBOSE") != nullptr) std::fprintf(stderr, "%s\n", input.c_str());
    GetParam().run(bytes);
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzRegression,
                         testing::Values(Target{"expression", Fuzz_expression, 100}, Target{"tiers", Fuzz_tiers, 100},
                                         Target{"rules", Fuzz_rules, 10}, Target{"json", Fuzz_json, 5},
                                         Target{"in_place", Fuzz_in_place, 20}),
                         [](const testing::TestParamInfo<Target>& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace edict::fuzz
