#include "runtime/base/arena.h"

#include <gtest/gtest.h>

#include <string>

namespace edict {
namespace {

TEST(Arena, RewindsToAMark) {
  Arena arena(64);
  const char* kept = arena.Copy("kept");
  const Arena::Mark mark = arena.Here();
  void* first = arena.Allocate(16);
  for (int i = 0; i < 100; ++i) arena.Allocate(100);
  const size_t reserved = arena.reserved_bytes();
  arena.Rewind(mark);
  EXPECT_EQ(arena.Allocate(16), first) << "what was allocated since is free again";
  for (int i = 0; i < 100; ++i) arena.Allocate(100);
  EXPECT_EQ(arena.reserved_bytes(), reserved) << "the blocks were kept";
  EXPECT_STREQ(std::string(kept, 4).c_str(), "kept");
}

TEST(Arena, RewindsToItsBeginning) {
  Arena arena(64);
  const Arena::Mark mark = arena.Here();
  arena.Rewind(mark);
  void* first = arena.Allocate(16);
  arena.Allocate(1000);
  arena.Rewind(mark);
  EXPECT_EQ(arena.Allocate(16), first);
}

}  // namespace
}  // namespace edict
