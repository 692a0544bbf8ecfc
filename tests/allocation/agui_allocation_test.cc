// What a valid event allocates on the way from its bytes through agui.verify, once its stream is warm: AG-UI traffic of all
// event types, in both tiers.
#include <gtest/gtest.h>

#include <cstdio>
#include <string_view>
#include <vector>

#include "bench/traffic.h"
#include "compiler/compiler.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/count_allocations.h"

namespace edict::bench {
namespace {

class AguiAllocation : public testing::TestWithParam<bool> {
 protected:
  AguiAllocation() : engine_(Program()) {
    if (GetParam()) native_ = compiler::CompileNative(engine_);
  }
  static std::shared_ptr<const edict::Program> Program() {
    compiler::CompileOptions options;
    options.roots = {"agui.verify"};
    options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
    return compiler::Compile(options).value().program;
  }

  Engine engine_;
  Status native_;
};

TEST_P(AguiAllocation, OfWarmStream) {
  ASSERT_TRUE(native_.ok());
  const Traffic traffic = MakeTraffic({.events = 20'000, .seed = 11});
  const std::vector<std::string_view> lines = Lines(traffic.text);
  Stream stream = engine_.Open("s");
  std::vector<Finding> findings;
  for (int round = 0; round < 2; ++round) {
    for (std::string_view line : lines) stream.FeedRecord(line, 0, findings);
  }
  const uint64_t before = AllocationCount();
  ASSERT_GT(before, 20'000u) << "nothing is counted";
  for (std::string_view line : lines) stream.FeedRecord(line, 0, findings);
  const uint64_t allocations = AllocationCount() - before;
  EXPECT_TRUE(findings.empty());
  std::printf("%.3f allocations an event\n", static_cast<double>(allocations) / static_cast<double>(lines.size()));
  EXPECT_EQ(allocations, 0u);
}

INSTANTIATE_TEST_SUITE_P(Tiers, AguiAllocation, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& info) { return info.param ? "native" : "interp"; });

}  // namespace
}  // namespace edict::bench
