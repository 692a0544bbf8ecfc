// Recorded streams that are tests: X.events.ndjson (or .sse, .json, .jsonl), with X.expected beside it.
#ifndef EDICT_RUNTIME_CLI_RECORDED_H_
#define EDICT_RUNTIME_CLI_RECORDED_H_

#include <string>
#include <vector>

#include "compiler/rule_sets.h"
#include "runtime/base/result.h"

namespace edict::cli {

struct Recorded {
  std::string events;
  std::string expected;  // may be missing
  size_t rule_set = 0;   // index of the one that judges it
};

// The recorded streams at and below the folders of the rule sets, in order of their names. Each is judged by the package of
// the nearest folder, upwards, that has one; of several packages there, by that whose name, or whose file's name, it starts
// with. An Error where this names none or several.
Result<std::vector<Recorded>> FindRecorded(const std::vector<compiler::RuleSet>& sets);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RECORDED_H_
