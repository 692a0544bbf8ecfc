// A valid event allocates nothing in the engine and the state once its stream is warm.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/engine.h"
#include "tests/support/count_allocations.h"
#include "tests/unit/runtime_engine/program_builder.h"

namespace edict {
namespace {

TEST(Allocation, TheWarmValidPathAllocatesNothingOfItsOwn) {
  ProgramBuilder b;
  const uint32_t seen = b.AddSet(100);
  const uint32_t id = b.Slot(ProgramBuilder::kId);
  b.AddCheck(b.AddCode("DUP", Severity::kError), b.Not(b.N(Op::kEntryHas, seen, {id})), b.At("id"));
  b.AddEffect(EffectKind::kInsert, seen, {id});
  b.AddEffect(EffectKind::kClear, seen, {}, kNone, 1);
  Engine engine(b.Take());
  Stream stream = engine.Open("s");
  std::vector<Finding> out;
  std::vector<std::string> lines;
  for (int i = 0; i < 50; ++i) lines.push_back(R"({"type":"A","id":"message number )" + std::to_string(i) + "\"}");
  lines.push_back(R"({"type":"END"})");
  for (int round = 0; round < 3; ++round) {
    for (const std::string& line : lines) stream.FeedRecord(line, 0, out);
  }
  const uint64_t before = AllocationCount();
  for (int round = 0; round < 20; ++round) {
    for (const std::string& line : lines) stream.FeedRecord(line, 0, out);
  }
  EXPECT_EQ(AllocationCount() - before, 0u);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace edict
