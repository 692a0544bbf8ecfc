// A value scanned in pieces ends where it ends scanned as a whole, and is refused where that is.
#include "runtime/json/split_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "runtime/json/scan.h"
#include "tests/unit/runtime_json/generate.h"

namespace edict::json {
namespace {

bool InOrder(size_t count, const std::function<void(size_t)>& work) {
  for (size_t i = 0; i < count; ++i) work(i);
  return true;
}
bool Backwards(size_t count, const std::function<void(size_t)>& work) {
  for (size_t i = count; i > 0; --i) work(i - 1);
  return true;
}
bool Busy(size_t, const std::function<void(size_t)>&) { return false; }
bool ByThreads(size_t count, const std::function<void(size_t)>& work) {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  return true;
}

// Sizes at which small texts are cut.
SplitScan Small() { return SplitScan({.alone = 12, .piece = 10}); }

// A member of an event, on a line of its own.
std::string Line(const std::string& value, const std::string& rest) {
  std::string text = R"({"value":)" + value + rest;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text + '\n';
}

class SplitScanProperty : public testing::TestWithParam<uint32_t> {};

TEST_P(SplitScanProperty, EndsWhereScanValueEnds) {
  JsonGenerator generate(GetParam());
  std::mt19937 random(GetParam());
  SplitScan scan = Small();
  size_t cut = 0;
  size_t accepted = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string value = generate.Document();
    value.erase(0, value.find_first_not_of(" \t\r\n"));
    if (random() % 2 == 0) value = '[' + value + ',' + generate.Document() + ",[{\"a\":1},{\"b\":\"},{\"}]]";
    std::string text = Line(value, random() % 2 == 0 ? "}" : R"(,"more":[{"a":1},{"b":2},[3],"4"],"and":{}})");
    const size_t begin = text.find(':') + 1;
    for (uint32_t damage = random() % 3; damage > 0; --damage) {
      constexpr char kBytes[] = "{}[]\",:\\ 1t-\x01\xFF";
      text[begin + random() % (text.size() - begin - 1)] = kBytes[random() % (sizeof kBytes - 1)];
    }
    const size_t size = text.size();
    text.append(kScanPadding, '\0');
    const uint64_t depth = random() % 3 == 0 ? random() % 6 : 100;
    const char* const at = text.data() + begin;
    const char* const want = ScanValue(at, depth);
    const SplitScan::ForEach each[] = {InOrder, Backwards, Busy};
    const char* const got = scan.Scan(at, text.data() + size - 1, depth, 1 + random() % 8, each[random() % 3]);
    const bool near_limit = depth < SplitScan::kFlat || ScanValue(at, depth - SplitScan::kFlat) == nullptr;
    ASSERT_TRUE(got == want || (got == nullptr && near_limit)) << text << "\n" << depth;
    cut += scan.was_cut() ? 1 : 0;
    accepted += scan.was_cut() && got != nullptr ? 1 : 0;
  }
  EXPECT_GT(cut, 1000u);
  EXPECT_GT(accepted, 300u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SplitScanProperty, testing::Range(1u, 9u));

TEST(SplitScan, PiecesRunAtOnce) {
  std::string value = "[";
  for (int i = 0; i < 20'000; ++i) value += R"({"id":)" + std::to_string(i) + R"(,"text":"a,\"b\",{","list":[1,2,{"x":[]}]},)";
  value.back() = ']';
  std::string text = Line(value, "}");
  const size_t size = text.size();
  text.append(kScanPadding, '\0');
  SplitScan scan;
  const char* const at = text.data() + text.find(':') + 1;
  EXPECT_EQ(scan.Scan(at, text.data() + size - 1, 20, 8, ByThreads), at + value.size());
  EXPECT_TRUE(scan.was_cut());
  EXPECT_EQ(scan.Scan(at, text.data() + size - 1, 3, 8, ByThreads), nullptr);
  // Small ones are not.
  const std::string small = Line("[1,2,3]", "}") + std::string(kScanPadding, '\0');
  EXPECT_EQ(scan.Scan(small.data() + 9, small.data() + small.size() - kScanPadding, 10, 8, ByThreads), small.data() + 16);
  EXPECT_FALSE(scan.was_cut());
}

// Containers around a long string or name are not scanned anew for each of them: what is tried first ends soon. Nothing ends the
// text here, so that AddressSanitizer sees who reads on.
TEST(SplitScan, ValuesAreTriedUpToAPlace) {
  for (const std::string begin : {"[[\"", "{\"k\":{\""}) {
    std::vector<char> text(begin.begin(), begin.end());
    text.resize(1000 + kScanPadding, 'x');
    EXPECT_EQ(ScanValueUpTo(text.data(), 10, text.data() + 1000), nullptr);
  }
  const std::string text = "[1,\"" + std::string(50, 'x') + "\"]" + std::string(kScanPadding, '\0');
  const char* const end = text.data() + text.size() - kScanPadding;
  EXPECT_EQ(ScanValueUpTo(text.data(), 10, end), end);
  EXPECT_EQ(ScanValueUpTo(text.data(), 10, end - 1), nullptr);
}

// What looks like the place between two elements is in a string: that piece is not used, nor is more kept than may be open.
TEST(SplitScan, TextsThatLookLikeJson) {
  for (const char* part : {R"(\"},{\")", "]]]]]],[1],[", R"(},{" : [1,2],[3],)"}) {
    std::string value = "[0,\"";
    for (int i = 0; i < 3000; ++i) value += part;
    std::replace(value.begin() + 4, value.end(), '"', '\'');
    value += "\",{}]";
    std::string text = Line(value, "}");
    const size_t size = text.size();
    text.append(kScanPadding, '\0');
    SplitScan scan = Small();
    const char* const at = text.data() + text.find(':') + 1;
    EXPECT_EQ(scan.Scan(at, text.data() + size - 1, 10, 100, Backwards), ScanValue(at, 10)) << part;
  }
}

}  // namespace
}  // namespace edict::json
