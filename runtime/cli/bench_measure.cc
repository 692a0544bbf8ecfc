#include "runtime/cli/bench_measure.h"

#include <algorithm>
#include <chrono>

#include "runtime/base/hash.h"
#include "runtime/stream_set.h"

namespace edict::cli {
namespace {

using Clock = std::chrono::steady_clock;

// What is fed between two looks at the findings; as much as `edict run` reads at once.
constexpr size_t kBlockBytes = 256 << 10;

class Pass {
 public:
  Pass(const Engine& engine, LatencyHistogram* latency) : engine_(engine), latency_(latency) {}

  void Run(const BenchInput& input);
  const BenchPass& result() const { return result_; }

 private:
  // Feeds lines to the one stream of the input. The one place where blocks of lines are fed.
  void FeedBlock(Stream& stream, std::string_view block, uint64_t offset);
  void FeedLines(const BenchInput& input, Stream& stream);
  void FeedRecords(const BenchInput& input, StreamSet& streams);
  void Feed(const BenchRecord& record, Stream& stream);
  void LookAtFindings();
  template <typename Work>
  void Timed(const Work& work) {
    const Clock::time_point start = Clock::now();
    work();
    result_.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    LookAtFindings();
  }

  const Engine& engine_;
  LatencyHistogram* latency_;
  std::vector<Finding> findings_;
  std::string text_;
  BenchPass result_;
};

void Pass::LookAtFindings() {
  for (const Finding& finding : findings_) {
    ++result_.by_severity[static_cast<int>(finding.severity)];
    text_ = std::to_string(finding.index) + " " + std::to_string(finding.offset) + " " + SeverityName(finding.severity);
    for (const std::string* part :
         {&finding.stream, &finding.code, &finding.path, &finding.message, &finding.rule, &finding.package}) {
      text_ += '\0';
      text_ += *part;
    }
    result_.digest = Hash64(text_, result_.digest);
  }
  findings_.clear();
}

void Pass::Feed(const BenchRecord& record, Stream& stream) {
  if (!record.fault.empty()) return stream.FeedFault(record.fault, record.offset, findings_);
  if (latency_ == nullptr) return stream.FeedRecord(record.text, record.offset, findings_);
  const Clock::time_point start = Clock::now();
  stream.FeedRecord(record.text, record.offset, findings_);
  latency_->Record(static_cast<uint64_t>(std::chrono::nanoseconds(Clock::now() - start).count()));
}

void Pass::FeedBlock(Stream& stream, std::string_view block, uint64_t offset) { stream.FeedLines(block, offset, findings_); }

void Pass::FeedLines(const BenchInput& input, Stream& stream) {
  const std::string_view text = input.text;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(at + kBlockBytes, text.size());
    if (end < text.size()) end = std::min(text.find('\n', end - 1), text.size() - 1) + 1;
    Timed([&] { FeedBlock(stream, text.substr(at, end - at), at); });
    at = end;
  }
}

void Pass::FeedRecords(const BenchInput& input, StreamSet& streams) {
  const std::vector<BenchRecord>& records = input.records;
  for (size_t i = 0; i < records.size();) {
    Timed([&] {
      for (size_t bytes = 0; i < records.size() && bytes < kBlockBytes; ++i) {
        const BenchRecord& record = records[i];
        Feed(record, streams.At(input.keys[record.key], findings_));
        bytes += record.text.size() + 1;
      }
    });
  }
}

void Pass::Run(const BenchInput& input) {
  StreamSet streams(engine_);
  // An input without records is a stream, too.
  if (input.one_stream) Timed([&] { streams.At(input.keys[0], findings_); });
  if (input.lines && latency_ == nullptr) {
    FeedLines(input, streams.At(input.keys[0], findings_));
  } else {
    FeedRecords(input, streams);
  }
  Timed([&] { streams.FinishAll(findings_); });
  const StreamSet::Stats& stats = streams.stats();
  result_.events += stats.ended.events;
  result_.streams += stats.opened;
  result_.most_open = std::max(result_.most_open, stats.most_open);
  result_.most_bytes = std::max(result_.most_bytes, stats.most_bytes);
  result_.state_bytes = std::max(result_.state_bytes, stats.ended.state_bytes);
}

}  // namespace

bool BenchPass::SameFindings(const BenchPass& other) const {
  return events == other.events && streams == other.streams && digest == other.digest &&
         std::equal(std::begin(by_severity), std::end(by_severity), std::begin(other.by_severity));
}

BenchPass RunPass(const Engine& engine, const BenchInputs& inputs, LatencyHistogram* latency) {
  Pass pass(engine, latency);
  for (const auto& input : inputs) pass.Run(*input);
  return pass.result();
}

}  // namespace edict::cli
