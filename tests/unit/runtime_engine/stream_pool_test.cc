#include "runtime/engine/stream_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

namespace edict {
namespace {

TEST(StreamPool, BlocksAreAlignedAndApart) {
  StreamPool pool;
  std::vector<std::pair<char*, size_t>> blocks;
  // Some megabytes, so that pieces of all sizes are needed, and one block that is larger than any piece.
  for (size_t i = 0; i < 4000; ++i) {
    const size_t bytes = i == 2000 ? 3u << 20 : 1000 + 300 * (i % 3);
    auto* block = static_cast<char*>(pool.Take(bytes));
    ASSERT_EQ(reinterpret_cast<uintptr_t>(block) % StreamPool::kAlign, 0u);
    std::memset(block, static_cast<int>(i % 251), bytes);
    blocks.emplace_back(block, bytes);
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    const auto [block, bytes] = blocks[i];
    ASSERT_TRUE(std::all_of(block, block + bytes, [&](char c) { return c == static_cast<char>(i % 251); })) << i;
  }
}

TEST(StreamPool, WhatIsGivenBackIsTakenAgainBySameSizes) {
  StreamPool pool;
  std::set<void*> first;
  for (int i = 0; i < 100; ++i) first.insert(pool.Take(1000));
  for (void* block : first) pool.Give(block, 1000);
  EXPECT_FALSE(first.contains(pool.Take(2000)));
  // Sizes are rounded to kAlign.
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(first.contains(pool.Take(1001)));
  EXPECT_FALSE(first.contains(pool.Take(1000)));
}

}  // namespace
}  // namespace edict
