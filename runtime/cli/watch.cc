// edict watch: judges what is still coming, by rules that may change meanwhile.
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/cli/commands.h"
#include "runtime/cli/end_signals.h"
#include "runtime/cli/file_watch.h"
#include "runtime/cli/findings_writer.h"
#include "runtime/cli/live_input.h"
#include "runtime/cli/native_options.h"
#include "runtime/cli/output.h"
#include "runtime/cli/read_input.h"
#include "runtime/cli/rule_loader.h"
#include "runtime/cli/rule_options.h"
#include "runtime/json/framing.h"
#include "runtime/program/serialize.h"
#include "runtime/schedule/key_reader.h"
#include "runtime/stream_set.h"

namespace edict::cli {
namespace {

struct WatchOptions {
  LoadOptions load;
  std::string input = "-";
  std::string input_format = "auto";
  std::string key;      // JSON Pointer of the stream key in each record
  std::string payload;  // JSON Pointer of the event in each record
  std::string tier = "auto";
  std::string output = "text";
  std::string fail_on = "error";
  bool pin = false;
  uint64_t max_record_bytes = EngineOptions{}.max_record_bytes;
  NativeArguments native;
};

// Records in, findings out, at once.
class LiveJudge {
 public:
  LiveJudge(const WatchOptions& options, const Engine& engine, FindingsWriter& writer, Output& out)
      : options_(options),
        name_(options.input == "-" ? "stdin" : options.input),
        parts_{options.key, options.payload, name_},
        reader_(parts_),
        streams_(engine),
        writer_(writer),
        out_(out) {
    Begin();
  }

  void Feed(std::string_view bytes) {
    framer_->Feed(bytes, [this](const Record& record) { OnRecord(record); });
    Flush();
  }
  // The input begins anew; streams go on.
  void Anew() {
    framer_->Finish([this](const Record& record) { OnRecord(record); });
    Begin();
    Flush();
  }
  void Finish() {
    framer_->Finish([this](const Record& record) { OnRecord(record); });
    streams_.FinishAll(findings_, [this] { Write(); });
    const StreamSet::Stats& stats = streams_.stats();
    summary_.events = stats.ended.events;
    summary_.streams = stats.opened;
    summary_.not_validated = stats.ended.not_validated;
    Write();
    writer_.Finish(summary_);
    out_.Flush();
  }
  const RunSummary& summary() const { return summary_; }

 private:
  void Begin() {
    Framer::LinesSink lines;
    if (plain()) {
      lines = [this](std::string_view text, uint64_t offset) {
        return streams_.At(name_, findings_).TakeLines(text, offset, findings_);
      };
    }
    framer_.emplace(InputFormatOf(options_.input_format), FramerOptions{options_.max_record_bytes}, std::move(lines));
  }
  void Write() {
    for (const Finding& finding : findings_) {
      ++summary_.by_severity[static_cast<int>(finding.severity)];
      writer_.Write(finding);
    }
    findings_.clear();
  }
  void Flush() {
    Write();
    out_.Flush();
  }

  bool plain() const { return options_.key.empty() && options_.payload.empty(); }
  void OnRecord(const Record& record) {
    if (plain() && record.fault.empty()) {
      return streams_.At(name_, findings_).FeedRecord(record.text, record.offset, findings_);
    }
    const KeyedEvent event = reader_.OfRecord(record);
    FeedTo(streams_.At(event.key, findings_), event, findings_);
  }

  const WatchOptions& options_;
  const std::string name_;
  const PartOptions parts_;
  KeyReader reader_;
  StreamSet streams_;
  FindingsWriter& writer_;
  Output& out_;
  std::optional<Framer> framer_;
  std::vector<Finding> findings_;
  RunSummary summary_;
};

void Say(const std::string& text) { std::fprintf(stderr, "edict: %s\n", text.c_str()); }

// The rules on disk and those of the engine.
class RuleWatch {
 public:
  RuleWatch(const WatchOptions& options, Engine& engine, FileWatch& files, RuleLoader& loader,
            const std::vector<std::string>& first)
      : options_(options), engine_(engine), files_(files), loader_(loader) {
    files_.Follow(first);
  }

  // How long to wait for what comes, in milliseconds; -1: for ever.
  int Timeout() const {
    if (!changed_) return -1;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due_ - Clock::now()).count();
    return left < 0 ? 0 : static_cast<int>(left) + 1;
  }
  void Look() {
    const Clock::time_point now = Clock::now();
    if (files_.Changed()) {
      // Editors and version control write many files one after the other: all of it is one change.
      if (!changed_) first_ = now;
      due_ = std::min(now + kQuiet, first_ + kLongest);
      changed_ = true;
    }
    if (changed_ && now >= due_) {
      changed_ = false;
      files_.Follow(options_.load.rules.rules);
      loader_.Request();
    }
    if (std::optional<LoadedRules> loaded = loader_.Take()) Take(std::move(*loaded));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kQuiet{50};      // without a change
  static constexpr std::chrono::milliseconds kLongest{1000};  // after the first

  void Take(LoadedRules loaded) {
    if (files_.Follow(loaded.files)) loader_.Request();  // a file may have changed before it was followed
    if (loaded.program == nullptr) {
      Say("the changed rules are not taken, rule set " + std::to_string(engine_.generation()) + " stays:");
      std::fputs(loaded.fault.c_str(), stderr);
      return;
    }
    if (ContentHashOf(*loaded.program) == ContentHashOf(*engine_.rules())) return;
    ReloadOptions reload;
    reload.native = std::move(loaded.native);
    const bool makes_native = options_.tier == "auto" && reload.native == nullptr;
    Result<ReloadReport> report = engine_.Reload(std::move(loaded.program), std::move(reload));
    if (!report.ok()) return Say(report.error().message);
    Say("rule set " + std::to_string(report.value().to) + " (" + engine_.hash().substr(0, 12) + ") takes over from " +
        std::to_string(report.value().from) + Streams(report.value().streams));
    std::fputs(ToText(report.value()).c_str(), stderr);
    if (makes_native) loader_.MakeNative(engine_);
  }
  std::string Streams(uint64_t streams) const {
    if (streams == 0) return "";
    return ", " + std::to_string(streams) + (streams == 1 ? " open stream " : " open streams ") +
           (options_.pin ? "on others" : "at the next event");
  }

  const WatchOptions& options_;
  Engine& engine_;
  FileWatch& files_;
  RuleLoader& loader_;
  bool changed_ = false;
  Clock::time_point first_;
  Clock::time_point due_;
};

// Until the input ends or a signal comes. False: the input could not be read on.
bool FeedAll(LiveInput& input, LiveJudge& judge, RuleWatch& rules, EndSignals& signals, const FileWatch& files,
             const RuleLoader& loader, const Output& out) {
  while (!out.failed()) {
    std::string_view bytes;
    const LiveInput::State state = input.Next(bytes);
    if (state == LiveInput::State::kFault) {
      PrintError(input.fault());
      return false;
    }
    if (state == LiveInput::State::kData) judge.Feed(bytes);
    if (state == LiveInput::State::kAnew) {
      judge.Anew();
      Say("the input was cut short or replaced: it is read from its beginning");
    }
    if (state == LiveInput::State::kEnd) return true;
    pollfd ready[] = {{signals.fd(), POLLIN, 0}, {files.fd(), POLLIN, 0}, {loader.fd(), POLLIN, 0}, {input.fd(), POLLIN, 0}};
    // While there is more to read, the rest is only looked at.
    const bool waits = state == LiveInput::State::kWait;
    ::poll(ready, waits ? 4 : 3, waits ? rules.Timeout() : 0);
    if ((ready[0].revents & POLLIN) != 0 && signals.Came() != 0) return true;
    rules.Look();
  }
  return true;
}

int Watch(WatchOptions& options) {
  if (!CheckPointer(options.key) || !CheckPointer(options.payload)) return kCouldNotRun;
  EndSignals signals;  // before there are threads
  options.load.native = options.tier == "native";
  options.load.use_native = options.tier != "interp";
  if (options.load.use_native) options.load.native_options = ToNativeOptions(options.native);
  FileWatch files;
  // Before they are read, so that no change is missed.
  files.Follow(options.load.rules.rules);
  LoadedRules first = LoadRules(options.load);
  if (first.program == nullptr) {
    std::fputs(first.fault.c_str(), stderr);
    return kCouldNotRun;
  }
  if (!files.fault().empty()) {
    PrintError(files.fault());
    return kCouldNotRun;
  }
  EngineOptions engine_options;
  engine_options.max_record_bytes = options.max_record_bytes;
  engine_options.pin_streams = options.pin;
  Engine engine(first.program, engine_options);
  if (first.native != nullptr) engine.UseNative(first.native, *first.program);
  LiveInput input;
  if (!input.Open(options.input)) {
    PrintError(input.fault());
    return kCouldNotRun;
  }
  Output out;
  const FindingFormat format = options.output == "ndjson" ? FindingFormat::kNdjson : FindingFormat::kText;
  FindingsWriter writer(format, out, format == FindingFormat::kText && Output::Colour(STDOUT_FILENO));
  LiveJudge judge(options, engine, writer, out);
  RuleLoader loader(options.load);
  if (options.tier == "auto" && first.native == nullptr) loader.MakeNative(engine);
  RuleWatch rules(options, engine, files, loader, first.files);
  first = LoadedRules();
  Say("rule set 1 (" + engine.hash().substr(0, 12) + ") judges " + (options.input == "-" ? "standard input" : options.input));
  const bool read = FeedAll(input, judge, rules, signals, files, loader, out);
  judge.Finish();
  const int code = !read || out.failed() ? kCouldNotRun : Fails(judge.summary().by_severity, options.fail_on) ? kFindings : kClean;
  if (loader.busy()) {
    // All is said: nobody is to wait for rules or code that will not run.
    std::fflush(nullptr);
    std::_Exit(code);
  }
  return code;
}

}  // namespace

void AddWatch(CommandLine& line, Action& action) {
  auto options = std::make_shared<WatchOptions>();
  Command command = line.AddCommand(
      "watch",
      "judge a live file, pipe or standard input, and take up changes of the rules meanwhile; ends with the input or by Ctrl-C");
  command.Add("-r,--rules", options->load.rules.rules, "rule file, folder or package (agui.verify); may be repeated")
      .OneValueEach()
      .Required();
  command.Add("input", options->input, "a file, followed as it grows, a named pipe, or - for standard input (the default)");
  command.Add("--input", options->input_format, "ndjson, sse, json (an array) or auto").OneOf({"auto", "ndjson", "sse", "json"});
  command.Add("--key", options->key, "JSON Pointer of the stream's key in each record: many streams in one input");
  command.Add("--payload", options->payload, "JSON Pointer of the event in each record");
  AddRuleOptions(command, options->load.rules);
  command.AddFlag("--tests", options->load.tests, "take rules up only when their tests pass");
  command.AddFlag("--pin", options->pin, "streams stay with the rules that they began with; new streams begin with the new ones");
  command.Add("--tier", options->tier, "auto, interp or native: what runs the rules").OneOf({"auto", "interp", "native"});
  AddObjectCacheOption(command, options->native);
  command.Add("--output", options->output, "text or ndjson").OneOf({"text", "ndjson"});
  AddFailOnOption(command, options->fail_on);
  command.Add("--max-record-bytes", options->max_record_bytes, "longest event read, in bytes (default 64 MiB)");
  command.OnChosen([options, &action] { action = [options] { return Watch(*options); }; });
}

}  // namespace edict::cli
