// Lines that are whole streams: {"id": ..., "events": [...]}. No two of them have anything in common, so that all threads judge
// lines side by side.
#ifndef EDICT_RUNTIME_CLI_STREAM_LINES_H_
#define EDICT_RUNTIME_CLI_STREAM_LINES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cli/record_judge.h"
#include "runtime/json/document.h"

namespace edict::cli {

// A line as it was read.
struct StreamLine {
  std::string id;
  const JsonNode* events = nullptr;  // the array; null: the line is no stream
  std::string fault;                 // why
  uint64_t fault_offset = 0;         // byte of the line
};
// `number`: of the line, from 1. The events live until the parser's next use.
StreamLine ReadStreamLine(JsonParser& parser, std::string_view text, uint64_t number);
// To a stream that is not finished by it. `offset`: of the line in the input.
void FeedStreamLine(const StreamLine& line, std::string_view text, uint64_t offset, Stream& stream, std::vector<Finding>& out);

std::unique_ptr<RecordJudge> NewStreamLines(const Engine& engine, const RecordOptions& options, const std::string& input,
                                            RecordJudge::Take take);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_STREAM_LINES_H_
