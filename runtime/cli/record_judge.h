// The ways in which `edict run` takes the records of an input: as one stream, as many that are told apart by a key, or as whole
// streams, one a line.
#ifndef EDICT_RUNTIME_CLI_RECORD_JUDGE_H_
#define EDICT_RUNTIME_CLI_RECORD_JUDGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.h"
#include "runtime/json/framing.h"
#include "runtime/stream_set.h"

namespace edict::cli {

struct RecordOptions {
  std::string format = "auto";  // ndjson, sse, json, streams, auto
  std::string key;              // JSON Pointer of the stream's key in each record; empty: the input is one stream
  std::string payload;          // JSON Pointer of the event in each record
  uint64_t max_record_bytes = 64u << 20;
  StreamSetOptions streams;
  unsigned threads = 0;  // 0: one for each core
};

struct RecordTotals {
  uint64_t events = 0;
  uint64_t not_validated = 0;
  uint64_t streams = 0;
  uint64_t evicted = 0;
  uint64_t most_open = 0;    // of streams with a key
  uint64_t most_bytes = 0;   // of them
  uint64_t state_bytes = 0;  // the most of one stream
  void Add(const RecordTotals& other);
};

class RecordJudge {
 public:
  // Takes all findings from the vector.
  using Take = std::function<void(std::vector<Finding>&)>;

  // `input`: its name, that of its one stream, too.
  static std::unique_ptr<RecordJudge> New(const Engine& engine, const RecordOptions& options, const std::string& input, Take take);
  // Whether several threads judge such an input.
  static bool SharesOut(const Engine& engine, const RecordOptions& options);
  virtual ~RecordJudge() = default;

  virtual void OnRecord(const Record& record) = 0;
  // As Framer::LinesSink; only where TakesLines.
  virtual bool TakesLines() const { return false; }
  virtual size_t OnLines(std::string_view, uint64_t) { return 0; }
  // No more input is there at the moment.
  virtual void OnPause() {}
  virtual void Finish() = 0;
  virtual RecordTotals totals() const = 0;

 protected:
  explicit RecordJudge(Take take) : take_(std::move(take)) {}
  void Hand() {
    if (!findings_.empty()) take_(findings_);
  }

  std::vector<Finding> findings_;

 private:
  Take take_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RECORD_JUDGE_H_
