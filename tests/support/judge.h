// What an engine finds, as lines that tests compare.
#ifndef EDICT_TESTS_SUPPORT_JUDGE_H_
#define EDICT_TESTS_SUPPORT_JUDGE_H_

#include <string>
#include <vector>

#include "runtime/engine.h"

namespace edict::tests {

// One line a finding, with all that the engine makes of it; `fix` and `see` are the rule's own and left out.
inline std::string FindingLine(const Finding& f) {
  return std::to_string(f.index) + "|" + std::to_string(f.offset) + "|" + f.code + "|" + SeverityName(f.severity) + "|" + f.path +
         "|" + f.message + "|" + f.rule + "|" + f.package;
}

// The findings of a new stream of `times` times the events, as of a file of lines, and of its end.
inline std::vector<std::string> Judge(const Engine& engine, const std::vector<std::string>& events, int times = 1) {
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  uint64_t offset = 0;
  for (int i = 0; i < times; ++i) {
    for (const std::string& event : events) {
      stream.FeedRecord(event, offset, findings);
      offset += event.size() + 1;
    }
  }
  stream.Finish(findings);
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(FindingLine(finding));
  return lines;
}

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_JUDGE_H_
