// What two rule sets say differently of the same events: findings of the one against those of the other, by rule.
#ifndef EDICT_RUNTIME_CLI_VERDICT_DIFF_H_
#define EDICT_RUNTIME_CLI_VERDICT_DIFF_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/engine.h"

namespace edict::cli {

enum class VerdictChange : uint8_t { kOnlyOld, kOnlyNew, kChanged };
inline constexpr int kVerdictChanges = 3;

struct ChangedVerdict {
  VerdictChange change = VerdictChange::kOnlyOld;
  Finding before;  // of kOnlyNew: empty
  Finding after;   // of kOnlyOld: empty
  const Finding& either() const { return change == VerdictChange::kOnlyNew ? after : before; }
};

struct RuleChanges {
  std::string rule;
  std::string package;
  uint64_t counts[kVerdictChanges] = {0, 0, 0};  // by VerdictChange
  std::vector<ChangedVerdict> first;             // in the order in which they were met, at most so many of each change
};

// Findings are of the same verdict where stream, event, code and path are the same; then severity and message may have changed.
// Memory grows with the number of rules, not of changes.
class VerdictDiff {
 public:
  // `max_shown`: changes kept of each rule and kind.
  explicit VerdictDiff(size_t max_shown) : max_shown_(max_shown) {}

  // What both found in the same events, each in any order.
  void Compare(const std::vector<Finding>& before, const std::vector<Finding>& after);

  // By code.
  const std::map<std::string, RuleChanges>& rules() const { return rules_; }
  uint64_t count(VerdictChange change) const { return counts_[static_cast<int>(change)]; }

 private:
  void Add(VerdictChange change, const Finding* before, const Finding* after);

  size_t max_shown_;
  std::map<std::string, RuleChanges> rules_;
  uint64_t counts_[kVerdictChanges] = {0, 0, 0};
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_VERDICT_DIFF_H_
