// Lines that are whole streams: {"id": ..., "events": [...]}. No two of them have anything in common, so that all threads judge
// lines side by side.
#ifndef EDICT_RUNTIME_CLI_STREAM_LINES_H_
#define EDICT_RUNTIME_CLI_STREAM_LINES_H_

#include <memory>
#include <string>

#include "runtime/cli/record_judge.h"

namespace edict::cli {

std::unique_ptr<RecordJudge> NewStreamLines(const Engine& engine, const RecordOptions& options, const std::string& input,
                                            RecordJudge::Take take);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_STREAM_LINES_H_
