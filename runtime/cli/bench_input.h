// What `edict bench` judges: its inputs in memory, framed once, so that reading them is not measured.
#ifndef EDICT_RUNTIME_CLI_BENCH_INPUT_H_
#define EDICT_RUNTIME_CLI_BENCH_INPUT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/json/framing.h"

namespace edict::cli {

struct BenchRecord {
  std::string_view text;  // of the BenchInput
  uint64_t offset = 0;
  uint32_t key = 0;   // of the BenchInput's keys: its stream
  std::string fault;  // not empty: the frame was damaged, or the record has no key
};

// One file.
struct BenchInput {
  std::string text;  // the file's bytes
  // Records that are not found in `text` as they are, such as SSE data over several lines.
  std::vector<std::unique_ptr<std::string>> copies;
  std::vector<BenchRecord> records;
  std::vector<std::string> keys;  // the first is the name of the input
  bool one_stream = true;         // all records are of the first key
  // Every record is a line of `text` that ends in a single \n, and all are of one stream: then they are judged as blocks of
  // lines, as they come from a file.
  bool lines = false;
  uint64_t record_bytes = 0;
};

struct BenchInputOptions {
  InputFormat format = InputFormat::kAuto;
  std::string key;  // JSON Pointer of the stream's key in each record; empty: a file is a stream
};

// `name`: a file, or - for standard input. An Error says what cannot be read.
Result<std::unique_ptr<BenchInput>> ReadBenchInput(const std::string& name, const BenchInputOptions& options);

// All records that are no damaged frames, each on one line, with kVisitPadding bytes behind them that can be read: for the
// yardstick.
std::string JoinRecords(const std::vector<std::unique_ptr<BenchInput>>& inputs);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_BENCH_INPUT_H_
