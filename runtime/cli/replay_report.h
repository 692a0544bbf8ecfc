// The result of `edict replay` as text, JSON or NDJSON. The JSON forms are version 1 of a documented format (README.md).
#ifndef EDICT_RUNTIME_CLI_REPLAY_REPORT_H_
#define EDICT_RUNTIME_CLI_REPLAY_REPORT_H_

#include <cstdint>

#include "runtime/cli/findings_writer.h"
#include "runtime/cli/output.h"
#include "runtime/cli/verdict_diff.h"

namespace edict::cli {

struct ReplaySummary {
  uint64_t events = 0;
  uint64_t streams = 0;
};

void WriteReplay(const VerdictDiff& diff, const ReplaySummary& summary, FindingFormat format, Output& out);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_REPLAY_REPORT_H_
