// edict run: events in, findings out.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "compiler/plan/run_plan.h"
#include "runtime/cli/cache_option.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/cost_options.h"
#include "runtime/cli/findings_writer.h"
#include "runtime/cli/native_options.h"
#include "runtime/cli/native_tier.h"
#include "runtime/cli/output.h"
#include "runtime/cli/rule_options.h"
#include "runtime/cli/run_inputs.h"

namespace edict::cli {
namespace {

struct RunOptions {
  RuleOptions rules;
  std::vector<std::string> inputs;
  RecordOptions records;
  std::string tier = "auto";
  std::string cache = "auto";
  std::string output = "text";
  std::string fail_on = "error";
  int64_t fuel = EngineOptions{}.fuel_per_event;
  NativeArguments native;
  std::string stats;             // empty: none; text or prom
  std::string profile_generate;  // a file; empty: none
};

void PrintStats(const InputRunner& runner, double seconds) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const RecordTotals& totals = runner.totals();
  const auto events = static_cast<double>(totals.events);
  std::fprintf(stderr, "%.0f events, %llu bytes in %.3f s: %.0f events/s, %.0f ns an event\n", events,
               static_cast<unsigned long long>(runner.bytes()), seconds, events / seconds,
               events > 0 ? seconds * 1e9 / events : 0.0);
  if (totals.most_open > 1) {
    std::fprintf(stderr, "streams: %llu, of which %llu evicted; open at once at most %llu, with at most %llu bytes (%llu each)\n",
                 static_cast<unsigned long long>(totals.streams), static_cast<unsigned long long>(totals.evicted),
                 static_cast<unsigned long long>(totals.most_open), static_cast<unsigned long long>(totals.most_bytes),
                 static_cast<unsigned long long>(totals.most_bytes / totals.most_open));
  }
  std::fprintf(stderr, "state of one stream, at most: %llu bytes; peak memory of the process: %ld KiB\n",
               static_cast<unsigned long long>(totals.state_bytes), usage.ru_maxrss);
}

EngineOptions ToEngineOptions(const RunOptions& options, const plan::RunPlan& plan) {
  EngineOptions engine;
  engine.max_record_bytes = options.records.max_record_bytes;
  engine.fuel_per_event = options.fuel;
  engine.cache = ToCacheMode(options.cache);
  if (engine.cache == CacheMode::kAuto && !plan.cache) engine.cache = CacheMode::kOff;
  engine.fail_fast = options.rules.fail_fast;
  if (!options.profile_generate.empty()) engine.profile_share = kProfileShare;
  return engine;
}

int Run(const RunOptions& options) {
  if (!CheckPointer(options.records.key) || !CheckPointer(options.records.payload)) return kCouldNotRun;
  const std::optional<RunnableRules> rules = LoadRulesToRun(options.rules);
  if (!rules) return kCouldNotRun;
  const plan::RunPlan plan = plan::PlanRun(*rules->program, rules->costs.get());
  RecordOptions records = options.records;
  if (records.threads == 0 && plan.one_thread) records.threads = 1;
  Engine engine(rules->program, ToEngineOptions(options, plan));
  NativeTier native(engine, options.tier, options.native, plan.tier_up_bytes, rules->artefact ? &*rules->artefact : nullptr);
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
  InputRunner runner(engine, records, native, writer, out);
  auto start = std::chrono::steady_clock::now();
  const bool ok = runner.Run(options.inputs);
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const RunSummary summary = runner.summary();
  writer.Finish(summary);
  if (!out.Flush()) return kCouldNotRun;
  if (options.stats == "prom") {
    std::fputs(ToPrometheus(engine.metrics()).c_str(), stderr);
  } else if (!options.stats.empty()) {
    native.PrintStats();
    PrintStats(runner, seconds);
    std::fputs(CacheStatsText(engine.cache_stats()).c_str(), stderr);
  }
  if (!options.profile_generate.empty()) {
    const Status written = WriteCostProfile(options.profile_generate, engine.cost_profile());
    if (!written.ok()) {
      PrintError(written.error().message);
      return kCouldNotRun;
    }
  }
  if (runner.signal() != 0) {
    PrintError("stopped by a signal; of the input " + std::to_string(runner.bytes()) + " bytes were read");
    EndBySignal(runner.signal());
  }
  const int code = !ok ? kCouldNotRun : Fails(summary.by_severity, options.fail_on) ? kFindings : kClean;
  if (native.running()) {
    // All is said: nobody is to wait for code that will not run.
    std::fflush(nullptr);
    std::_Exit(code);
  }
  return code;
}

}  // namespace

void AddRun(CommandLine& line, Action& action) {
  auto options = std::make_shared<RunOptions>();
  Command command = line.AddCommand("run", "judge streams of JSON events by rules");
  command
      .Add("-r,--rules", options->rules.rules, "rule file, folder or package (agui.verify), may be repeated; or a built artefact")
      .OneValueEach()
      .Required();
  command.Add("inputs", options->inputs, "files of events, or - for standard input (the default)");
  command.Add("--input", options->records.format, "ndjson, sse, json (an array), streams ({\"id\", \"events\"} a line) or auto")
      .OneOf({"auto", "ndjson", "sse", "json", "streams"});
  command.Add("--key", options->records.key, "JSON Pointer of the stream's key in each record: many streams in one input");
  command.Add("--payload", options->records.payload, "JSON Pointer of the event in each record");
  AddRuleOptions(command, options->rules);
  AddProfileUseOption(command, options->rules);
  AddProfileGenerateOption(command, options->profile_generate);
  AddFailFastOption(command, options->rules);
  command.Add("--tier", options->tier, "auto, interp or native: what runs the rules").OneOf({"auto", "interp", "native"});
  AddCacheOption(command, options->cache);
  AddObjectCacheOption(command, options->native);
  AddProfilerOptions(command, options->native);
  command.Add("--output", options->output, "text, json or ndjson").OneOf({"text", "json", "ndjson"});
  AddFailOnOption(command, options->fail_on);
  command.Add("--max-record-bytes", options->records.max_record_bytes, "longest event read, in bytes (default 64 MiB)");
  AddFuelOption(command, options->fuel, "one event's rules");
  command
      .Add("--max-streams", options->records.streams.max_streams,
           "streams of --key that are open at once (default 1,000,000); beyond it the one idle the longest is ended")
      .InRange(size_t{1}, size_t{1} << 40);
  command.Add("--max-streams-bytes", options->records.streams.max_bytes,
              "bytes of all open streams together (default 4 GiB); beyond it likewise");
  command
      .Add(
          "--threads", options->records.threads,
          "threads that judge (default 0: one for each core): streams of --key, lines of --input streams, several files, or a very "
          "large event")
      .InRange(0u, 1024u);
  command
      .AddFlag("--stats{text}", options->stats,
               "print rate and memory on standard error, or with --stats=prom the engine's counters in Prometheus' text format")
      .OneOf({"text", "prom"});
  command.OnChosen([options, &action] {
    if (options->inputs.empty()) options->inputs.emplace_back("-");
    action = [options] { return Run(*options); };
  });
}

}  // namespace edict::cli
