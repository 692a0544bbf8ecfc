#include "runtime/base/pace.h"

#include <gtest/gtest.h>

namespace edict {
namespace {

// Of so many rounds, those by several threads, where a byte takes this long.
int SeveralOf(Pace& pace, int rounds, double ns_of_one, double ns_of_several) {
  int several = 0;
  for (int i = 0; i < rounds; ++i) {
    several += pace.several() ? 1 : 0;
    const double ns = pace.several() ? ns_of_several : ns_of_one;
    pace.Took(Pace::kTrialBytes, ns * static_cast<double>(Pace::kTrialBytes));
  }
  return several;
}

TEST(Pace, StaysWithSeveralThreadsWhereTheyAreSooner) {
  Pace pace;
  EXPECT_EQ(SeveralOf(pace, 4, 2, 1), 4);
  EXPECT_GE(SeveralOf(pace, 1000, 2, 1), 990);
}

TEST(Pace, GoesToOneThreadWhereItIsSooner) {
  Pace pace;
  EXPECT_LE(SeveralOf(pace, 1000, 1, 1.2), 20);
  // And back, once that has changed.
  (void)SeveralOf(pace, 1100, 3, 1);
  EXPECT_GE(SeveralOf(pace, 1000, 3, 1), 980);
}

TEST(Pace, SmallRoundsSayNothing) {
  Pace pace;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(pace.several());
    pace.Took(Pace::kLeastBytes - 1, 1e12);
  }
}

}  // namespace
}  // namespace edict
