// edict replay: recorded traffic judged by two rule sets, and where their verdicts differ.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "compiler/plan/run_plan.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/native_options.h"
#include "runtime/cli/native_tier.h"
#include "runtime/cli/output.h"
#include "runtime/cli/read_input.h"
#include "runtime/cli/replay_report.h"
#include "runtime/cli/rule_options.h"
#include "runtime/cli/stream_lines.h"
#include "runtime/cli/verdict_diff.h"
#include "runtime/json/document.h"
#include "runtime/parallel_streams.h"
#include "runtime/stream_set.h"

namespace edict::cli {
namespace {

struct ReplayOptions {
  RuleOptions rules;  // but for OLD and NEW
  std::string before;
  std::string after;
  std::vector<std::string> inputs;
  std::string input_format = "auto";
  std::string key;      // JSON Pointer of the stream key in each record
  std::string payload;  // JSON Pointer of the event in each record
  std::string tier = "auto";
  std::string output = "text";
  size_t max_shown = 5;
  uint64_t max_record_bytes = 64u << 20;
  NativeArguments native;
  bool stats = false;
};

// One of the two rule sets, and what it has found since the last comparison.
struct Side {
  Side(const RunnableRules& rules, const EngineOptions& engine_options, const ReplayOptions& options)
      : engine(rules.program, engine_options),
        native(engine, options.tier, options.native, plan::PlanRun(*rules.program, nullptr).tier_up_bytes,
               rules.artefact ? &*rules.artefact : nullptr) {}

  Engine engine;
  NativeTier native;
  // Of this input: one by one, of which `plain` is the only one, under the name of the input; or many in one input.
  std::optional<StreamSet> streams;
  Stream* plain = nullptr;
  std::optional<ParallelStreams> many;
  std::vector<Finding> findings;
};

class Replay {
 public:
  Replay(const ReplayOptions& options, Side& before, Side& after)
      : options_(options), sides_{&before, &after}, diff_(options.max_shown) {}

  // False when it could not be read.
  bool RunInput(const std::string& name);
  const VerdictDiff& diff() const { return diff_; }
  const ReplaySummary& summary() const { return summary_; }
  uint64_t bytes() const { return bytes_; }

 private:
  void Begin(const std::string& name);
  void End();
  size_t OnLines(std::string_view text, uint64_t offset);
  void OnRecord(const Record& record);
  void OnPlainRecord(const Record& record);
  void OnStreamLine(const Record& record);
  void OnKeyedRecord(const Record& record);
  void EndMany();
  void Malformed(const std::string& message, uint64_t offset);
  void Compare();

  const ReplayOptions& options_;
  std::array<Side*, 2> sides_;
  VerdictDiff diff_;
  ReplaySummary summary_;
  uint64_t bytes_ = 0;
  uint64_t lines_ = 0;
  std::string input_name_;
  JsonParser parser_;
};

void Replay::Compare() {
  if (sides_[0]->findings.empty() && sides_[1]->findings.empty()) return;
  diff_.Compare(sides_[0]->findings, sides_[1]->findings);
  for (Side* side : sides_) side->findings.clear();
}

void Replay::OnKeyedRecord(const Record& record) {
  constexpr size_t kTogether = 1u << 20;  // bytes
  for (Side* side : sides_) {
    record.fault.empty() ? side->many->Add(record.text, record.offset) : side->many->AddFault(record.fault, record.offset);
    if (side->many->added_bytes() >= kTogether) side->many->Judge(side->findings);
  }
  Compare();
}

// Of a record that belongs to no stream.
void Replay::Malformed(const std::string& message, uint64_t offset) {
  for (Side* side : sides_) side->streams->At(input_name_, side->findings).FeedFault(message, offset, side->findings);
  Compare();
}

// What the old set judges at once, the new one judges, too: by itself as far as it can. Of many streams both take the same lines.
size_t Replay::OnLines(std::string_view text, uint64_t offset) {
  auto& [before, after] = sides_;
  if (before->many) {
    const size_t taken = before->many->TakeLines(text, offset, before->findings);
    after->many->TakeLines(text, offset, after->findings);
    Compare();
    return taken;
  }
  const size_t taken = before->plain->TakeLines(text, offset, before->findings);
  const size_t also = after->plain->TakeLines(text.substr(0, taken), offset, after->findings);
  if (also < taken) after->plain->FeedLines(text.substr(also, taken - also), offset + also, after->findings);
  Compare();
  return taken;
}

void Replay::OnPlainRecord(const Record& record) {
  for (Side* side : sides_) {
    if (record.fault.empty()) {
      side->plain->FeedRecord(record.text, record.offset, side->findings);
    } else {
      side->plain->FeedFault(record.fault, record.offset, side->findings);
    }
  }
  Compare();
}

void Replay::OnStreamLine(const Record& record) {
  ++lines_;
  if (!record.fault.empty()) return Malformed(record.fault, record.offset);
  const StreamLine line = ReadStreamLine(parser_, record.text, lines_);
  if (line.events == nullptr) return Malformed(line.fault, record.offset + line.fault_offset);
  ++summary_.streams;
  summary_.events += line.events->size;
  for (Side* side : sides_) {
    Stream stream = side->streams->Open(line.id);
    FeedStreamLine(line, record.text, record.offset, stream, side->findings);
    stream.Finish(side->findings);
  }
  Compare();
}

void Replay::OnRecord(const Record& record) {
  if (options_.input_format == "streams") return OnStreamLine(record);
  sides_[0]->many ? OnKeyedRecord(record) : OnPlainRecord(record);
}

void Replay::Begin(const std::string& name) {
  input_name_ = name == "-" ? "stdin" : name;
  lines_ = 0;
  const bool lines_of_streams = options_.input_format == "streams";
  const bool many = !lines_of_streams && (!options_.key.empty() || !options_.payload.empty());
  ParallelOptions parallel;
  parallel.key = options_.key;
  parallel.payload = options_.payload;
  parallel.strays = input_name_;
  for (Side* side : sides_) {
    side->streams.reset();
    side->many.reset();
    side->plain = nullptr;
    if (many) {
      side->many.emplace(side->engine, parallel);
    } else {
      side->streams.emplace(side->engine);
      if (!lines_of_streams) side->plain = &side->streams->At(input_name_, side->findings);
    }
  }
}

// Stream by stream, so that findings need not pile up, unless the sets may have kept different streams open.
void Replay::EndMany() {
  ParallelStreams& before = *sides_[0]->many;
  ParallelStreams& after = *sides_[1]->many;
  before.Judge(sides_[0]->findings);
  after.Judge(sides_[1]->findings);
  const bool alike = before.stats().evicted == 0 && after.stats().evicted == 0;
  for (bool more = true; more;) {
    more = before.FinishNext(1, sides_[0]->findings);
    more = after.FinishNext(1, sides_[1]->findings) || more;
    if (alike) Compare();
  }
  Compare();
  summary_.events += before.stats().ended.events;
  summary_.streams += before.stats().opened;
}

// Stream by stream, so that findings need not pile up. Where the sets kept different streams open, the rest is the new one's.
void Replay::End() {
  if (sides_[0]->many) return EndMany();
  Side* const before = sides_[0];
  Side* const after = sides_[1];
  before->streams->FinishEach(before->findings, [&](std::string_view key) {
    after->streams->Finish(key, after->findings);
    Compare();
  });
  after->streams->FinishEach(after->findings, [this](std::string_view) { Compare(); });
  const StreamSet::Stats& stats = before->streams->stats();
  summary_.events += stats.ended.events;
  summary_.streams += stats.opened;
}

bool Replay::RunInput(const std::string& name) {
  Begin(name);
  Framer::LinesSink lines;
  if (options_.input_format != "streams" && options_.payload.empty()) {
    lines = [this](std::string_view text, uint64_t offset) { return OnLines(text, offset); };
  }
  Framer framer(InputFormatOf(options_.input_format), FramerOptions{options_.max_record_bytes}, std::move(lines));
  const Framer::Sink sink = [this](const Record& record) { OnRecord(record); };
  const bool ok = ReadInput(name, [&](std::string_view piece) {
    bytes_ += piece.size();
    for (Side* side : sides_) side->native.OnInput(bytes_);
    framer.Feed(piece, sink);
  });
  framer.Finish(sink);
  End();
  return ok;
}

// Null: standard error says why.
std::unique_ptr<Side> Load(const std::string& rules, const ReplayOptions& options) {
  RuleOptions own = options.rules;
  own.rules = {rules};
  const std::optional<RunnableRules> loaded = LoadRulesToRun(own);
  if (!loaded) return nullptr;
  EngineOptions engine_options;
  engine_options.max_record_bytes = options.max_record_bytes;
  auto side = std::make_unique<Side>(*loaded, engine_options, options);
  const Status begun = side->native.Begin();
  if (begun.ok()) return side;
  PrintError(begun.error().message);
  return nullptr;
}

int RunReplay(const ReplayOptions& options) {
  if (!CheckPointer(options.key) || !CheckPointer(options.payload)) return kCouldNotRun;
  const std::unique_ptr<Side> before = Load(options.before, options);
  const std::unique_ptr<Side> after = before == nullptr ? nullptr : Load(options.after, options);
  if (after == nullptr) return kCouldNotRun;
  Replay replay(options, *before, *after);
  const auto start = std::chrono::steady_clock::now();
  bool ok = true;
  for (const std::string& input : options.inputs) ok = replay.RunInput(input) && ok;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  Output out;
  const FindingFormat format = options.output == "json"     ? FindingFormat::kJson
                               : options.output == "ndjson" ? FindingFormat::kNdjson
                                                            : FindingFormat::kText;
  WriteReplay(replay.diff(), replay.summary(), format, out);
  if (!out.Flush()) return kCouldNotRun;
  if (options.stats) {
    for (const auto& [name, side] : {std::pair("old", before.get()), std::pair("new", after.get())}) {
      std::fprintf(stderr, "%s rules:\n", name);
      side->native.PrintStats();
    }
    const auto events = static_cast<double>(replay.summary().events);
    std::fprintf(stderr, "%.0f events, %llu bytes in %.3f s: %.0f events/s by both rule sets\n", events,
                 static_cast<unsigned long long>(replay.bytes()), seconds, events / seconds);
  }
  const int code = !ok ? kCouldNotRun : replay.diff().rules().empty() ? kClean : kFindings;
  if (before->native.running() || after->native.running()) {
    // All is said: nobody is to wait for code that will not run.
    std::fflush(nullptr);
    std::_Exit(code);
  }
  return code;
}

}  // namespace

void AddReplay(CommandLine& line, Action& action) {
  auto options = std::make_shared<ReplayOptions>();
  Command command = line.AddCommand("replay", "judge recorded events by two rule sets and show where they differ");
  command.Add("old", options->before, "rule file, folder, package or built artefact").Required();
  command.Add("new", options->after, "likewise: what is to take its place").Required();
  command.Add("inputs", options->inputs, "files of events, or - for standard input").Required();
  command.Add("--input", options->input_format, "ndjson, sse, json (an array), streams ({\"id\", \"events\"} a line) or auto")
      .OneOf({"auto", "ndjson", "sse", "json", "streams"});
  command.Add("--key", options->key, "JSON Pointer of the stream's key in each record: many streams in one input");
  command.Add("--payload", options->payload, "JSON Pointer of the event in each record");
  AddRuleOptions(command, options->rules);
  command.Add("--tier", options->tier, "auto, interp or native: what runs the rules").OneOf({"auto", "interp", "native"});
  AddObjectCacheOption(command, options->native);
  command.Add("--output", options->output, "text, json or ndjson (a line for each rule)").OneOf({"text", "json", "ndjson"});
  command
      .Add("--max-shown", options->max_shown,
           "places shown of each rule where only OLD finds something (-), only NEW does (+), or severity or message "
           "changed (~); all are counted (default 5)")
      .InRange(size_t{0}, size_t{1'000'000});
  command.Add("--max-record-bytes", options->max_record_bytes, "longest event read, in bytes (default 64 MiB)");
  command.AddFlag("--stats", options->stats, "print rate and native code on standard error");
  command.Footer("Exit codes: 0 the verdicts are the same, 1 some differ, 2 could not run.");
  command.OnChosen([options, &action] { action = [options] { return RunReplay(*options); }; });
}

}  // namespace edict::cli
