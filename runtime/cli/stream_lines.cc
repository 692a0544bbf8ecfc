#include "runtime/cli/stream_lines.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "runtime/json/document.h"
#include "runtime/schedule/workers.h"
#include "runtime/value/json_node.h"
#include "runtime/value/value.h"

namespace edict::cli {
namespace {

// Lines are judged together when they take so many bytes.
constexpr size_t kLinesBytes = 4u << 20;

// A line that was read, and then what was found in it.
struct Line {
  size_t begin;  // within the text of all
  size_t size;
  uint64_t offset;
  uint64_t number;  // from 1
  std::string fault;
  uint64_t fault_offset;  // in the input
  std::vector<Finding> findings;
  StreamStats stats;
};

// A worker's own memory.
struct LineReader {
  explicit LineReader(const Engine& engine) : streams(engine) {}
  JsonParser parser;
  StreamSet streams;
};

void Judge(LineReader& reader, std::string_view text, Line& line) {
  if (!line.fault.empty()) return;
  StreamLine read = ReadStreamLine(reader.parser, text, line.number);
  if (read.events == nullptr) {
    line.fault = std::move(read.fault);
    line.fault_offset = line.offset + read.fault_offset;
    return;
  }
  Stream stream = reader.streams.Open(read.id);
  FeedStreamLine(read, text, line.offset, stream, line.findings);
  stream.Finish(line.findings);
  line.stats = stream.stats();
}

class StreamLines final : public RecordJudge {
 public:
  StreamLines(const Engine& engine, const RecordOptions& options, std::string input, Take take)
      : RecordJudge(std::move(take)), input_(std::move(input)), workers_(options.threads), strays_(engine) {
    for (unsigned i = 0; i < workers_.threads(); ++i) readers_.emplace_back(engine);
  }

  void OnRecord(const Record& record) override {
    lines_.push_back({text_.size(), record.text.size(), record.offset, ++number_, record.fault, record.offset, {}, {}});
    text_ += record.text;
    if (text_.size() >= kLinesBytes) OnPause();
  }

  void OnPause() override {
    // Whoever is free takes every n-th line: they differ in size, but not by their place.
    workers_.ForEach(readers_.size(), [&](size_t worker) {
      for (size_t i = worker; i < lines_.size(); i += readers_.size()) {
        Judge(readers_[worker], std::string_view(text_).substr(lines_[i].begin, lines_[i].size), lines_[i]);
      }
    });
    for (Line& line : lines_) {
      findings_.swap(line.findings);
      if (!line.fault.empty()) {
        strays_.At(input_, findings_).FeedFault(line.fault, line.fault_offset, findings_);
      } else {
        Count(line.stats);
        ++totals_.streams;
      }
      Hand();
    }
    lines_.clear();
    text_.clear();
  }

  void Finish() override {
    OnPause();
    strays_.FinishAll(findings_);
    Hand();
    Count(strays_.stats().ended);
    totals_.streams += strays_.stats().opened;
  }
  RecordTotals totals() const override { return totals_; }

 private:
  void Count(const StreamStats& ended) {
    totals_.events += ended.events;
    totals_.not_validated += ended.not_validated;
    totals_.state_bytes = std::max(totals_.state_bytes, ended.state_bytes);
  }

  const std::string input_;
  Workers workers_;
  std::deque<LineReader> readers_;
  StreamSet strays_;  // lines that are no streams
  std::string text_;
  std::vector<Line> lines_;
  uint64_t number_ = 0;
  RecordTotals totals_;
};

}  // namespace

StreamLine ReadStreamLine(JsonParser& parser, std::string_view text, uint64_t number) {
  StreamLine line;
  const JsonNode* root = parser.Parse(text, JsonLimits{});
  if (root == nullptr) {
    line.fault = parser.fault().message;
    line.fault_offset = parser.fault().offset;
    return line;
  }
  const JsonNode* id = root->kind == JsonKind::kObject ? FindMember(*root, "id") : nullptr;
  const JsonNode* events = root->kind == JsonKind::kObject ? FindMember(*root, "events") : nullptr;
  if (id == nullptr || events == nullptr || events->kind != JsonKind::kArray) {
    line.fault = "line " + std::to_string(number) + " is no stream: expected {\"id\": ..., \"events\": [...]}";
    return line;
  }
  line.id = ToMessageText(FromJson(*id));
  line.events = events;
  return line;
}

void FeedStreamLine(const StreamLine& line, std::string_view text, uint64_t offset, Stream& stream, std::vector<Finding>& out) {
  const JsonNode* event = line.events + 1;
  for (uint32_t i = 0; i < line.events->size; ++i, event += event->next) {
    // An element that is a string is a raw wire line.
    const std::string_view json = event->kind == JsonKind::kString ? event->text() : SourceText(*event, text);
    stream.FeedRecord(json, offset + event->offset, out);
  }
}

std::unique_ptr<RecordJudge> NewStreamLines(const Engine& engine, const RecordOptions& options, const std::string& input,
                                            RecordJudge::Take take) {
  return std::make_unique<StreamLines>(engine, options, input, std::move(take));
}

}  // namespace edict::cli
