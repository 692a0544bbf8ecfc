#include "runtime/cli/verdict_diff.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace edict::cli {
namespace {

using Findings = std::vector<const Finding*>;

auto Place(const Finding& f) { return std::tie(f.stream, f.index, f.code, f.path); }
auto Verdict(const Finding& f) { return std::tie(f.stream, f.index, f.code, f.path, f.severity, f.message); }

Findings Sorted(const std::vector<Finding>& findings) {
  Findings sorted;
  for (const Finding& finding : findings) sorted.push_back(&finding);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Finding* a, const Finding* b) { return Verdict(*a) < Verdict(*b); });
  return sorted;
}

// Takes out what both have, as often as both have it.
void RemoveCommon(Findings& before, Findings& after) {
  Findings only_before;
  Findings only_after;
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() && b != after.end()) {
    if (Verdict(**a) < Verdict(**b)) {
      only_before.push_back(*a++);
    } else if (Verdict(**b) < Verdict(**a)) {
      only_after.push_back(*b++);
    } else {
      ++a;
      ++b;
    }
  }
  only_before.insert(only_before.end(), a, before.end());
  only_after.insert(only_after.end(), b, after.end());
  before = std::move(only_before);
  after = std::move(only_after);
}

struct Change {
  VerdictChange kind;
  const Finding* before;  // null: of kOnlyNew
  const Finding* after;   // null: of kOnlyOld
  uint64_t event = 0;     // where it stands in the input, about

  const Finding& either() const { return before != nullptr ? *before : *after; }
};

// In the order of the input, those of one event as they are: they follow each other.
void SortByEvents(std::vector<Change>& changes) {
  const auto same_event = [](const Change& a, const Change& b) {
    return a.either().stream == b.either().stream && a.either().index == b.either().index;
  };
  for (auto begin = changes.begin(); begin != changes.end();) {
    const auto end = std::find_if(begin, changes.end(), [&](const Change& other) { return !same_event(*begin, other); });
    const auto first =
        std::min_element(begin, end, [](const Change& a, const Change& b) { return a.either().offset < b.either().offset; });
    const uint64_t event = first->either().offset;
    for (; begin != end; ++begin) begin->event = event;
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.event < b.event; });
}

}  // namespace

void VerdictDiff::Compare(const std::vector<Finding>& before, const std::vector<Finding>& after) {
  const auto same = [](const Finding& a, const Finding& b) { return Verdict(a) == Verdict(b); };
  if (std::equal(before.begin(), before.end(), after.begin(), after.end(), same)) return;
  Findings old_ones = Sorted(before);
  Findings new_ones = Sorted(after);
  RemoveCommon(old_ones, new_ones);
  std::vector<Change> changes;
  auto a = old_ones.begin();
  auto b = new_ones.begin();
  while (a != old_ones.end() || b != new_ones.end()) {
    if (b == new_ones.end() || (a != old_ones.end() && Place(**a) < Place(**b))) {
      changes.push_back({VerdictChange::kOnlyOld, *a++, nullptr});
    } else if (a == old_ones.end() || Place(**b) < Place(**a)) {
      changes.push_back({VerdictChange::kOnlyNew, nullptr, *b++});
    } else {
      changes.push_back({VerdictChange::kChanged, *a++, *b++});
    }
  }
  SortByEvents(changes);
  for (const Change& change : changes) Add(change.kind, change.before, change.after);
}

void VerdictDiff::Add(VerdictChange change, const Finding* before, const Finding* after) {
  const Finding& either = before != nullptr ? *before : *after;
  RuleChanges& rule = rules_[either.code];
  const int kind = static_cast<int>(change);
  if (rule.counts[0] + rule.counts[1] + rule.counts[2] == 0) {
    rule.rule = either.rule;
    rule.package = either.package;
  }
  ++counts_[kind];
  if (rule.counts[kind]++ >= max_shown_) return;
  ChangedVerdict& verdict = rule.first.emplace_back();
  verdict.change = change;
  if (before != nullptr) verdict.before = *before;
  if (after != nullptr) verdict.after = *after;
}

}  // namespace edict::cli
