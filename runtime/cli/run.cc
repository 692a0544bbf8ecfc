// edict run: events in, findings out.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "runtime/cli/commands.h"
#include "runtime/cli/findings_writer.h"
#include "runtime/cli/native_options.h"
#include "runtime/cli/native_tier.h"
#include "runtime/cli/output.h"
#include "runtime/cli/record_key.h"
#include "runtime/cli/rule_options.h"
#include "runtime/json/document.h"
#include "runtime/json/framing.h"
#include "runtime/json/pointer.h"
#include "runtime/stream_set.h"

namespace edict::cli {
namespace {

struct RunOptions {
  RuleOptions rules;
  std::vector<std::string> inputs;
  std::string input_format = "auto";
  std::string key;      // JSON Pointer of the stream key in each record
  std::string payload;  // JSON Pointer of the event in each record
  std::string tier = "auto";
  std::string output = "text";
  std::string fail_on = "error";
  uint64_t max_record_bytes = 64u << 20;
  int64_t fuel = EngineOptions{}.fuel_per_event;
  StreamSetOptions streams;
  NativeArguments native;
  bool stats = false;
};

// Judges records and writes what is found, stream by stream.
class Runner {
 public:
  Runner(const RunOptions& options, Engine& engine, NativeTier& native, FindingsWriter& writer)
      : options_(options), engine_(engine), native_(native), writer_(writer), record_key_(options.key) {}

  // One input; false when it could not be read.
  bool RunInput(const std::string& name, Output& out);
  const RunSummary& summary() const { return summary_; }
  uint64_t bytes() const { return bytes_; }
  // Over all inputs, but for `bytes`.
  const StreamSet::Stats& streams() const { return streams_stats_; }

 private:
  void OnRecord(const Record& record);
  size_t OnLines(std::string_view text, uint64_t offset);
  void OnStreamLine(const Record& record);
  void OnKeyedRecord(const Record& record);
  void Flush();
  void Count(const StreamStats& ended);
  void Malformed(const std::string& message, uint64_t offset);

  const RunOptions& options_;
  Engine& engine_;
  NativeTier& native_;
  FindingsWriter& writer_;
  RunSummary summary_;
  uint64_t bytes_ = 0;
  StreamSet::Stats streams_stats_;
  uint64_t lines_ = 0;
  std::string input_name_;
  std::vector<Finding> findings_;
  JsonParser parser_;
  RecordKey record_key_;
  std::optional<StreamSet> streams_;  // of this input
  Stream* plain_ = nullptr;           // the only one, under the name of the input
};

void Runner::Flush() {
  for (const Finding& finding : findings_) {
    ++summary_.by_severity[static_cast<int>(finding.severity)];
    writer_.Write(finding);
  }
  findings_.clear();
}

void Runner::Count(const StreamStats& ended) {
  summary_.events += ended.events;
  summary_.not_validated += ended.not_validated;
  streams_stats_.ended.state_bytes = std::max(streams_stats_.ended.state_bytes, ended.state_bytes);
}

// Of a record that belongs to no stream.
void Runner::Malformed(const std::string& message, uint64_t offset) {
  streams_->At(input_name_, findings_).FeedFault(message, offset, findings_);
  Flush();
}

// {"id": ..., "events": [...]}: a whole stream; an element that is a string is a raw wire line.
void Runner::OnStreamLine(const Record& record) {
  ++lines_;
  if (!record.fault.empty()) return Malformed(record.fault, record.offset);
  const JsonNode* root = parser_.Parse(record.text, JsonLimits{});
  if (root == nullptr) return Malformed(parser_.fault().message, record.offset + parser_.fault().offset);
  const JsonNode* id = root->kind == JsonKind::kObject ? FindMember(*root, "id") : nullptr;
  const JsonNode* events = root->kind == JsonKind::kObject ? FindMember(*root, "events") : nullptr;
  if (id == nullptr || events == nullptr || events->kind != JsonKind::kArray) {
    return Malformed("line " + std::to_string(lines_) + " is no stream: expected {\"id\": ..., \"events\": [...]}", record.offset);
  }
  Stream stream = streams_->Open(ToMessageText(FromJson(*id)));
  ++summary_.streams;
  const JsonNode* event = events + 1;
  for (uint32_t i = 0; i < events->size; ++i, event += event->next) {
    std::string_view text = event->kind == JsonKind::kString ? event->text() : SourceText(*event, record.text);
    stream.FeedRecord(text, record.offset + event->offset, findings_);
  }
  stream.Finish(findings_);
  Flush();
  Count(stream.stats());
}

void Runner::OnKeyedRecord(const Record& record) {
  if (!record.fault.empty()) return Malformed(record.fault, record.offset);
  if (options_.payload.empty()) {
    if (const std::optional<RecordKey::Found> found = record_key_.Find(record.text)) {
      streams_->At(found->key, findings_).FeedRecord(found->record, record.offset, findings_);
      if (!findings_.empty()) Flush();
      return;
    }
  }
  const JsonNode* root = parser_.Parse(record.text, JsonLimits{});
  if (root == nullptr) return Malformed(parser_.fault().message, record.offset + parser_.fault().offset);
  std::string name = input_name_;
  if (!options_.key.empty()) {
    const JsonNode* key = ResolvePointer(*root, options_.key);
    if (key == nullptr) return Malformed("the record has no stream key at " + options_.key, record.offset);
    name = ToMessageText(FromJson(*key));
  }
  const JsonNode* payload = ResolvePointer(*root, options_.payload);
  if (payload == nullptr) return Malformed("the record has no event at " + options_.payload, record.offset);
  Stream& stream = streams_->At(name, findings_);
  std::string_view text =
      payload->kind == JsonKind::kString && !options_.payload.empty() ? payload->text() : SourceText(*payload, record.text);
  stream.FeedRecord(text, record.offset + payload->offset, findings_);
  if (!findings_.empty()) Flush();
}

void Runner::OnRecord(const Record& record) {
  if (options_.input_format == "streams") return OnStreamLine(record);
  if (!options_.key.empty() || !options_.payload.empty()) return OnKeyedRecord(record);
  Stream& stream = *plain_;
  if (record.fault.empty()) {
    stream.FeedRecord(record.text, record.offset, findings_);
  } else {
    stream.FeedFault(record.fault, record.offset, findings_);
  }
  if (!findings_.empty()) Flush();
}

size_t Runner::OnLines(std::string_view text, uint64_t offset) {
  const size_t taken = plain_->TakeLines(text, offset, findings_);
  if (!findings_.empty()) Flush();
  return taken;
}

InputFormat FormatOf(const std::string& name) {
  if (name == "sse") return InputFormat::kSse;
  if (name == "json") return InputFormat::kJson;
  if (name == "ndjson" || name == "streams") return InputFormat::kNdjson;
  return InputFormat::kAuto;
}

// "\r 12 MB, 34 MB/s" on a terminal, at most ten times a second.
class Progress {
 public:
  Progress() : shown_(isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0), start_(Clock::now()), last_(start_) {}
  ~Progress() {
    if (printed_) std::fputs("\r\033[K", stderr);
  }
  void Update(uint64_t bytes) {
    if (!shown_) return;
    Clock::time_point now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    double seconds = std::chrono::duration<double>(now - start_).count();
    double megabytes = static_cast<double>(bytes) / 1e6;
    std::fprintf(stderr, "\r%.0f MB, %.0f MB/s\033[K", megabytes, megabytes / seconds);
    printed_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool shown_;
  bool printed_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

bool Runner::RunInput(const std::string& name, Output& out) {
  bool standard_input = name == "-";
  int fd = standard_input ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    PrintError("cannot open " + name + ": " + std::strerror(errno));
    return false;
  }
  input_name_ = standard_input ? "stdin" : name;
  streams_.emplace(engine_, options_.streams);
  lines_ = 0;
  const bool plain = options_.input_format != "streams" && options_.key.empty();
  plain_ = plain ? &streams_->At(input_name_, findings_) : nullptr;

  Framer::LinesSink lines;
  if (plain && options_.payload.empty()) {
    lines = [this](std::string_view text, uint64_t offset) { return OnLines(text, offset); };
  }
  Framer framer(FormatOf(options_.input_format), FramerOptions{options_.max_record_bytes}, std::move(lines));
  auto sink = [this](const Record& record) { OnRecord(record); };
  std::vector<char> buffer(256 * 1024);
  Progress progress;
  bool ok = true;
  while (!out.failed()) {
    ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      PrintError("cannot read " + name + ": " + std::strerror(errno));
      ok = false;
    }
    if (n <= 0) break;
    bytes_ += static_cast<uint64_t>(n);
    native_.OnInput(bytes_);
    framer.Feed({buffer.data(), static_cast<size_t>(n)}, sink);
    // A live stream's findings are seen at once.
    if (standard_input) out.Flush();
    progress.Update(bytes_);
  }
  framer.Finish(sink);
  streams_->FinishAll(findings_, [this] { Flush(); });
  const StreamSet::Stats& stats = streams_->stats();
  Count(stats.ended);
  summary_.streams += stats.opened;
  streams_stats_.opened += stats.opened;
  streams_stats_.evicted += stats.evicted;
  streams_stats_.most_open = std::max(streams_stats_.most_open, stats.most_open);
  streams_stats_.most_bytes = std::max(streams_stats_.most_bytes, stats.most_bytes);
  if (!standard_input) ::close(fd);
  return ok;
}

void PrintStats(const Runner& runner, double seconds) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  double events = static_cast<double>(runner.summary().events);
  std::fprintf(stderr, "%.0f events, %llu bytes in %.3f s: %.0f events/s, %.0f ns an event\n", events,
               static_cast<unsigned long long>(runner.bytes()), seconds, events / seconds,
               events > 0 ? seconds * 1e9 / events : 0.0);
  const StreamSet::Stats& streams = runner.streams();
  if (streams.most_open > 1) {
    std::fprintf(stderr, "streams: %llu, of which %llu evicted; open at once at most %llu, with at most %llu bytes (%llu each)\n",
                 static_cast<unsigned long long>(streams.opened), static_cast<unsigned long long>(streams.evicted),
                 static_cast<unsigned long long>(streams.most_open), static_cast<unsigned long long>(streams.most_bytes),
                 static_cast<unsigned long long>(streams.most_bytes / streams.most_open));
  }
  std::fprintf(stderr, "state of one stream, at most: %llu bytes; peak memory of the process: %ld KiB\n",
               static_cast<unsigned long long>(streams.ended.state_bytes), usage.ru_maxrss);
}

int Run(const RunOptions& options) {
  if (!CheckPointer(options.key) || !CheckPointer(options.payload)) return kCouldNotRun;
  const std::optional<RunnableRules> rules = LoadRulesToRun(options.rules);
  if (!rules) return kCouldNotRun;
  EngineOptions engine_options;
  engine_options.max_record_bytes = options.max_record_bytes;
  engine_options.fuel_per_event = options.fuel;
  Engine engine(rules->program, engine_options);
  NativeTier native(engine, options.tier, options.native, rules->artefact ? &*rules->artefact : nullptr);
  Status begun = native.Begin();
  if (!begun.ok()) {
    PrintError(begun.error().message);
    return kCouldNotRun;
  }

  Output out;
  FindingFormat format = options.output == "json"     ? FindingFormat::kJson
                         : options.output == "ndjson" ? FindingFormat::kNdjson
                                                      : FindingFormat::kText;
  FindingsWriter writer(format, out, format == FindingFormat::kText && Output::Colour(STDOUT_FILENO));
  Runner runner(options, engine, native, writer);
  auto start = std::chrono::steady_clock::now();
  bool ok = true;
  for (const std::string& input : options.inputs) ok = runner.RunInput(input, out) && ok;
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  writer.Finish(runner.summary());
  if (!out.Flush()) return kCouldNotRun;
  if (options.stats) {
    native.PrintStats();
    PrintStats(runner, seconds);
  }
  const int code = !ok ? kCouldNotRun : Fails(runner.summary().by_severity, options.fail_on) ? kFindings : kClean;
  if (native.running()) {
    // All is said: nobody is to wait for code that will not run.
    std::fflush(nullptr);
    std::_Exit(code);
  }
  return code;
}

}  // namespace

void AddRun(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "judge streams of JSON events by rules");
  command
      ->add_option("-r,--rules", options->rules.rules,
                   "rule file, folder or package (agui.verify), may be repeated; or a built artefact")
      ->allow_extra_args(false)
      ->required();
  command->add_option("inputs", options->inputs, "files of events, or - for standard input (the default)");
  command
      ->add_option("--input", options->input_format, "ndjson, sse, json (an array), streams ({\"id\", \"events\"} a line) or auto")
      ->check(CLI::IsMember({"auto", "ndjson", "sse", "json", "streams"}));
  command->add_option("--key", options->key, "JSON Pointer of the stream's key in each record: many streams in one input");
  command->add_option("--payload", options->payload, "JSON Pointer of the event in each record");
  AddRuleOptions(*command, options->rules);
  command->add_option("--tier", options->tier, "auto, interp or native: what runs the rules")
      ->check(CLI::IsMember({"auto", "interp", "native"}));
  AddObjectCacheOption(*command, options->native);
  AddProfilerOptions(*command, options->native);
  command->add_option("--output", options->output, "text, json or ndjson")->check(CLI::IsMember({"text", "json", "ndjson"}));
  AddFailOnOption(*command, options->fail_on);
  command->add_option("--max-record-bytes", options->max_record_bytes, "longest event read, in bytes (default 64 MiB)");
  AddFuelOption(*command, options->fuel, "one event's rules");
  command
      ->add_option("--max-streams", options->streams.max_streams,
                   "streams of --key that are open at once (default 1,000,000); beyond it the one idle the longest is ended")
      ->check(CLI::Range(size_t{1}, size_t{1} << 40));
  command->add_option("--max-streams-bytes", options->streams.max_bytes,
                      "bytes of all open streams together (default 4 GiB); beyond it likewise");
  command->add_flag("--stats", options->stats, "print rate and memory on standard error");
  command->callback([options, &action] {
    if (options->inputs.empty()) options->inputs.emplace_back("-");
    action = [options] { return Run(*options); };
  });
}

}  // namespace edict::cli
