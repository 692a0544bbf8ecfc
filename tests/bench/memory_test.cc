// The memory of `edict run` does not grow with its input: 100 MB are enough for a file of any length.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "bench/traffic.h"
#include "tests/support/process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr int kTimes = 31;

// As the kernel counts for the process, in KiB.
long PeakMemory(const std::string& output) {
  const std::string mark = "peak memory of the process: ";
  const size_t at = output.find(mark);
  return at == std::string::npos ? -1 : std::stol(output.substr(at + mark.size()));
}

TEST(Memory, OfRunOverLargeFile) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes more than edict";
  RuleFolder folder;
  const bench::Traffic traffic = bench::MakeTraffic({.events = 20'000});
  const std::string file = folder.path() + "/large.ndjson";
  {
    std::ofstream out(file, std::ios::binary);
    for (int i = 0; i < kTimes; ++i) out << traffic.text;
    ASSERT_TRUE(out.flush()) << "no room for 65 MB in " << folder.path();
    ASSERT_GT(out.tellp(), 65'000'000);
  }
  for (const char* tier : {"interp", "native", "auto"}) {
    const ProcessResult result =
        RunCommand(EDICT_BINARY " run -r agui.verify --stats --tier " + std::string(tier) + " " + file + " 2>&1");
    ASSERT_EQ(result.exit_code, 0) << result.out;
    EXPECT_NE(result.out.find(std::to_string(traffic.events * kTimes) + " events in 1 stream: 0 errors"), std::string::npos)
        << result.out;
    EXPECT_GT(PeakMemory(result.out), 1'000) << result.out;
    EXPECT_LT(PeakMemory(result.out), 100'000) << tier;
  }
}

}  // namespace
}  // namespace edict::tests
