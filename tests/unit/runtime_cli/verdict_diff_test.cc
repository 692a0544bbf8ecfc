#include "runtime/cli/verdict_diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace edict::cli {
namespace {

Finding Found(uint64_t index, const std::string& code, const std::string& message, const std::string& path = "",
              Severity severity = Severity::kError) {
  Finding finding;
  finding.stream = "s";
  finding.index = index;
  finding.code = code;
  finding.message = message;
  finding.path = path;
  finding.severity = severity;
  finding.rule = code + " rule";
  return finding;
}

std::vector<uint64_t> Counts(const VerdictDiff& diff) {
  return {diff.count(VerdictChange::kOnlyOld), diff.count(VerdictChange::kOnlyNew), diff.count(VerdictChange::kChanged)};
}

TEST(VerdictDiff, TheOrderWithinAnEventIsNoDifference) {
  VerdictDiff diff(5);
  diff.Compare({}, {});
  diff.Compare({Found(0, "A", "x"), Found(0, "B", "y"), Found(1, "A", "z")},
               {Found(0, "B", "y"), Found(0, "A", "x"), Found(1, "A", "z")});
  EXPECT_TRUE(diff.rules().empty());
  EXPECT_EQ(Counts(diff), (std::vector<uint64_t>{0, 0, 0}));
}

TEST(VerdictDiff, TellsWhatKindOfChange) {
  VerdictDiff diff(5);
  diff.Compare({Found(0, "GONE", "x"), Found(1, "WORDS", "a"), Found(2, "WORSE", "m", "/p", Severity::kWarning),
                Found(3, "MOVED", "m", "/p")},
               {Found(1, "WORDS", "b"), Found(2, "WORSE", "m", "/p"), Found(3, "MOVED", "m", "/q"), Found(4, "FRESH", "x")});
  EXPECT_EQ(Counts(diff), (std::vector<uint64_t>{2, 2, 2}));
  EXPECT_EQ(diff.rules().size(), 5u);
  EXPECT_EQ(diff.rules().at("WORDS").first.at(0).before.message, "a");
  EXPECT_EQ(diff.rules().at("WORDS").first.at(0).after.message, "b");
  EXPECT_EQ(diff.rules().at("WORSE").first.at(0).change, VerdictChange::kChanged);
  EXPECT_EQ(diff.rules().at("MOVED").first.size(), 2u) << "another path is another verdict";
  EXPECT_EQ(diff.rules().at("FRESH").rule, "FRESH rule");
}

TEST(VerdictDiff, EventsOfSeveralStreamsComeInTheOrderOfTheInput) {
  const auto found = [](const std::string& stream, uint64_t index, uint64_t offset, const std::string& path) {
    Finding finding = Found(index, "A", "m", path);
    finding.stream = stream;
    finding.offset = offset;
    return finding;
  };
  VerdictDiff diff(3);
  diff.Compare({found("a", 0, 300, ""), found("a", 1, 420, "/x"), found("a", 1, 410, "/y")},
               {found("z", 0, 100, ""), found("b", 5, 200, "")});
  std::vector<std::string> shown;
  for (const ChangedVerdict& verdict : diff.rules().at("A").first) shown.push_back(verdict.either().stream + verdict.either().path);
  EXPECT_EQ(shown, (std::vector<std::string>{"z", "b", "a", "a/x", "a/y"}));
}

// Of equal ones as many are common as both have; a change does not hide that the rest is the same.
TEST(VerdictDiff, CountsRepeatedFindings) {
  VerdictDiff diff(5);
  diff.Compare({Found(0, "A", "1"), Found(0, "A", "2"), Found(0, "A", "2")}, {Found(0, "A", "2")});
  EXPECT_EQ(Counts(diff), (std::vector<uint64_t>{2, 0, 0}));
  VerdictDiff other(5);
  other.Compare({Found(0, "A", "1"), Found(0, "A", "2")}, {Found(0, "A", "2"), Found(0, "A", "3")});
  EXPECT_EQ(Counts(other), (std::vector<uint64_t>{0, 0, 1}));
  EXPECT_EQ(other.rules().at("A").first.at(0).before.message, "1");
}

TEST(VerdictDiff, KeepsNoMoreThanIsShown) {
  VerdictDiff diff(2);
  for (uint64_t i = 0; i < 1000; ++i) diff.Compare({Found(i, "A", "old")}, {Found(i, i % 2 == 0 ? "A" : "B", "new")});
  EXPECT_EQ(Counts(diff), (std::vector<uint64_t>{500, 500, 500}));
  const RuleChanges& a = diff.rules().at("A");
  ASSERT_EQ(a.first.size(), 4u);
  EXPECT_EQ(a.first[0].before.index, 0u);
  EXPECT_EQ(a.first[3].before.index, 3u);
}

// Against a count of multisets that is as simple as can be.
TEST(VerdictDiff, AgreesWithASlowCount) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    const auto make = [&] {
      std::vector<Finding> findings;
      for (unsigned n = random() % 6; n > 0; --n) {
        findings.push_back(Found(random() % 2, random() % 2 == 0 ? "A" : "B", std::to_string(random() % 3)));
      }
      return findings;
    };
    std::vector<Finding> before = make();
    std::vector<Finding> after = make();
    VerdictDiff diff(5);
    diff.Compare(before, after);
    const auto take = [&](auto same) {
      uint64_t taken = 0;
      for (size_t i = 0; i < before.size();) {
        const auto found = std::find_if(after.begin(), after.end(), [&](const Finding& f) { return same(f, before[i]); });
        if (found == after.end()) {
          ++i;
          continue;
        }
        after.erase(found);
        before.erase(before.begin() + static_cast<ptrdiff_t>(i));
        ++taken;
      }
      return taken;
    };
    take([](const Finding& a, const Finding& b) { return a.index == b.index && a.code == b.code && a.message == b.message; });
    const uint64_t changed = take([](const Finding& a, const Finding& b) { return a.index == b.index && a.code == b.code; });
    EXPECT_EQ(Counts(diff), (std::vector<uint64_t>{before.size(), after.size(), changed}));
  }
}

}  // namespace
}  // namespace edict::cli
