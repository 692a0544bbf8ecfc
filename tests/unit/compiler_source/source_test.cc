#include "compiler/source/source.h"

#include <gtest/gtest.h>

namespace edict::source {
namespace {

TEST(SourceFile, PlacesCountCodePoints) {
  const SourceFile file("a.rules", "ab\n\xC3\xA9x\r\ny");
  EXPECT_EQ(file.At(0).line, 1u);
  EXPECT_EQ(file.At(1).column, 2u);
  EXPECT_EQ(file.At(5).line, 2u);
  EXPECT_EQ(file.At(5).column, 2u);  // after the two bytes of é
  EXPECT_EQ(file.At(8).line, 3u);
  EXPECT_EQ(file.At(8).column, 1u);
}

TEST(SourceFile, PlacesBeyondTheEndAreTheEnd) {
  const SourceFile file("a.rules", "ab");
  EXPECT_EQ(file.At(99).line, 1u);
  EXPECT_EQ(file.At(99).column, 3u);
}

TEST(SourceFile, LinesComeWithoutTheirBreak) {
  const SourceFile file("a.rules", "one\r\ntwo\rthree\n");
  EXPECT_EQ(file.Line(1), "one");
  EXPECT_EQ(file.Line(2), "two");
  EXPECT_EQ(file.Line(3), "three");
  EXPECT_EQ(file.Line(4), "");
  EXPECT_EQ(file.Line(0), "");
  EXPECT_EQ(file.Line(9), "");
}

TEST(SourceFile, EmptyTextHasOneLine) {
  const SourceFile file("a.rules", "");
  EXPECT_EQ(file.At(0).line, 1u);
  EXPECT_EQ(file.Line(1), "");
}

TEST(SourceSet, ReferencesStayValid) {
  SourceSet sources;
  const SourceFile& first = sources.file(sources.Add("a", "text a"));
  for (int i = 0; i < 100; ++i) sources.Add("b", "text b");
  EXPECT_EQ(first.text(), "text a");
  EXPECT_EQ(sources.size(), 101u);
}

TEST(Span, JoinCoversBothAndIgnoresNowhere) {
  const Span joined = Join(Span{0, 5, 7}, Span{0, 1, 6});
  EXPECT_EQ(joined.begin, 1u);
  EXPECT_EQ(joined.end, 7u);
  EXPECT_EQ(Join(Span(), Span{0, 1, 2}).begin, 1u);
  EXPECT_EQ(Join(Span{0, 1, 2}, Span()).end, 2u);
  EXPECT_FALSE(Join(Span(), Span()).valid());
}

}  // namespace
}  // namespace edict::source
