#include "runtime/cli/record_judge.h"

#include <algorithm>
#include <utility>

#include "runtime/cli/stream_lines.h"
#include "runtime/parallel_streams.h"
#include "runtime/schedule/key_reader.h"
#include "runtime/schedule/stateless_lines.h"

namespace edict::cli {
namespace {

// Records that were added one by one are judged together when they take so many bytes.
constexpr size_t kAddedBytes = 4u << 20;

RecordTotals TotalsOf(const StreamSetStats& set) {
  RecordTotals totals;
  totals.events = set.ended.events;
  totals.not_validated = set.ended.not_validated;
  totals.streams = set.opened;
  totals.evicted = set.evicted;
  totals.most_open = set.most_open;
  totals.most_bytes = set.most_bytes;
  totals.state_bytes = set.ended.state_bytes;
  return totals;
}

class OneStream final : public RecordJudge {
 public:
  OneStream(const Engine& engine, const RecordOptions& options, const std::string& input, Take take)
      : RecordJudge(std::move(take)),
        parts_{"", options.payload, input},
        reader_(parts_),
        streams_(engine),
        stream_(streams_.At(input, findings_)) {
    if (options.threads != 1) stream_.UseHelpers(MakeHelpers(options.threads));
  }

  void OnRecord(const Record& record) override {
    // Without a payload, the stream itself reads the record.
    if (parts_.payload.empty() && record.fault.empty()) {
      stream_.FeedRecord(record.text, record.offset, findings_, record.readable);
    } else {
      FeedTo(stream_, reader_.OfRecord(record), findings_);
    }
    Hand();
  }
  bool TakesLines() const override { return parts_.payload.empty(); }
  size_t OnLines(std::string_view text, uint64_t offset) override {
    const size_t taken = stream_.TakeLines(text, offset, findings_);
    Hand();
    return taken;
  }
  void Finish() override {
    streams_.FinishAll(findings_);
    Hand();
  }
  RecordTotals totals() const override { return TotalsOf(streams_.stats()); }

 private:
  const PartOptions parts_;
  KeyReader reader_;
  StreamSet streams_;
  Stream& stream_;
};

// One stream by rules without state: of lines, which several threads judge.
class StatelessStream final : public RecordJudge {
 public:
  StatelessStream(const Engine& engine, const RecordOptions& options, const std::string& input, Take take)
      : RecordJudge(std::move(take)), lines_(engine, input, options.threads) {}

  void OnRecord(const Record& record) override {
    if (record.fault.empty()) {
      lines_.FeedRecord(record.text, record.offset, findings_);
    } else {
      lines_.FeedFault(record.fault, record.offset, findings_);
    }
    Hand();
  }
  bool TakesLines() const override { return true; }
  size_t OnLines(std::string_view text, uint64_t offset) override {
    const size_t taken = lines_.TakeLines(text, offset, findings_);
    Hand();
    return taken;
  }
  void Finish() override {}
  RecordTotals totals() const override {
    const StreamStats stats = lines_.stats();
    RecordTotals totals;
    totals.events = stats.events;
    totals.not_validated = stats.not_validated;
    totals.streams = totals.most_open = 1;
    totals.state_bytes = stats.state_bytes;
    return totals;
  }

 private:
  StatelessLines lines_;
};

class ManyStreams final : public RecordJudge {
 public:
  ManyStreams(const Engine& engine, const RecordOptions& options, const std::string& input, Take take)
      : RecordJudge(std::move(take)), takes_lines_(options.payload.empty()), streams_(engine, ToParallel(options, input)) {}

  void OnRecord(const Record& record) override {
    if (record.fault.empty()) {
      streams_.Add(record.text, record.offset);
    } else {
      streams_.AddFault(record.fault, record.offset);
    }
    if (streams_.added_bytes() >= kAddedBytes) OnPause();
  }
  bool TakesLines() const override { return takes_lines_; }
  size_t OnLines(std::string_view text, uint64_t offset) override {
    const size_t taken = streams_.TakeLines(text, offset, findings_, [this] { Hand(); });
    Hand();
    return taken;
  }
  void OnPause() override {
    streams_.Judge(findings_);
    Hand();
  }
  void Finish() override {
    streams_.FinishAll(findings_, [this] { Hand(); });
    Hand();
  }
  RecordTotals totals() const override { return TotalsOf(streams_.stats()); }

 private:
  static ParallelOptions ToParallel(const RecordOptions& options, const std::string& input) {
    ParallelOptions parallel;
    parallel.threads = options.threads;
    parallel.streams = options.streams;
    parallel.key = options.key;
    parallel.payload = options.payload;
    parallel.strays = input;
    return parallel;
  }

  const bool takes_lines_;
  ParallelStreams streams_;
};

}  // namespace

void RecordTotals::Add(const RecordTotals& other) {
  events += other.events;
  not_validated += other.not_validated;
  streams += other.streams;
  evicted += other.evicted;
  most_open = std::max(most_open, other.most_open);
  most_bytes = std::max(most_bytes, other.most_bytes);
  state_bytes = std::max(state_bytes, other.state_bytes);
}

bool RecordJudge::SharesOut(const Engine& engine, const RecordOptions& options) {
  if (options.format == "streams" || !options.key.empty()) return true;
  return options.threads != 1 && options.payload.empty() && StatelessLines::Fits(engine);
}

std::unique_ptr<RecordJudge> RecordJudge::New(const Engine& engine, const RecordOptions& options, const std::string& input,
                                              Take take) {
  if (options.format == "streams") return NewStreamLines(engine, options, input, std::move(take));
  if (SharesOut(engine, options) && options.key.empty()) {
    return std::make_unique<StatelessStream>(engine, options, input, std::move(take));
  }
  if (options.key.empty()) return std::make_unique<OneStream>(engine, options, input, std::move(take));
  return std::make_unique<ManyStreams>(engine, options, input, std::move(take));
}

}  // namespace edict::cli
