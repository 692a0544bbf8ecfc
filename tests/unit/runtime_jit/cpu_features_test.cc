#include "runtime/jit/cpu_features.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace edict {
namespace {

TEST(CpuFeatures, OfEveryMachineAndOfNone) {
  EXPECT_FALSE(IsKnownCpuFeature("telepathy"));
  EXPECT_FALSE(HasCpuFeature("telepathy"));
  EXPECT_TRUE(IsKnownCpuFeature("sse2"));
  EXPECT_TRUE(IsKnownCpuFeature("avx2"));
#if defined(__x86_64__)
  for (const char* name : {"64bit", "cmov", "cx8", "fxsr", "mmx", "sse", "sse2"}) EXPECT_TRUE(HasCpuFeature(name)) << name;
#endif
}

#if defined(__x86_64__) && defined(__linux__)
// As the kernel sees it, which names most of them alike.
TEST(CpuFeatures, AreThoseOfTheKernel) {
  std::ifstream in("/proc/cpuinfo");
  std::string flags;
  for (std::string line; flags.empty() && std::getline(in, line);) {
    if (line.rfind("flags", 0) == 0) flags = line.substr(line.find(':') + 1) + " ";
  }
  if (flags.empty()) GTEST_SKIP() << "the kernel does not say";
  const std::pair<const char*, const char*> names[] = {{"sse3", "pni"},
                                                       {"ssse3", "ssse3"},
                                                       {"sse4.1", "sse4_1"},
                                                       {"sse4.2", "sse4_2"},
                                                       {"cx16", "cx16"},
                                                       {"popcnt", "popcnt"},
                                                       {"movbe", "movbe"},
                                                       {"sahf", "lahf_lm"},
                                                       {"lzcnt", "abm"},
                                                       {"bmi", "bmi1"},
                                                       {"bmi2", "bmi2"},
                                                       {"adx", "adx"},
                                                       {"f16c", "f16c"},
                                                       {"fma", "fma"},
                                                       {"avx", "avx"},
                                                       {"avx2", "avx2"},
                                                       {"avx512f", "avx512f"},
                                                       {"avx512dq", "avx512dq"},
                                                       {"avx512cd", "avx512cd"},
                                                       {"avx512bw", "avx512bw"},
                                                       {"avx512vl", "avx512vl"},
                                                       {"avx512vbmi", "avx512vbmi"},
                                                       {"avx512vbmi2", "avx512_vbmi2"}};
  for (const auto& [llvm, kernel] : names) {
    EXPECT_EQ(HasCpuFeature(llvm), flags.find(std::string(" ") + kernel + " ") != std::string::npos) << llvm;
  }
}
#endif

}  // namespace
}  // namespace edict
