// edict bench: what judging these inputs by these rules costs here.
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "compiler/native.h"
#include "runtime/base/clock.h"
#include "runtime/cli/bench_input.h"
#include "runtime/cli/bench_measure.h"
#include "runtime/cli/bench_report.h"
#include "runtime/cli/bench_rules.h"
#include "runtime/cli/cache_option.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/cost_options.h"
#include "runtime/cli/findings_writer.h"
#include "runtime/cli/output.h"
#include "runtime/cli/read_input.h"
#include "runtime/cli/rule_options.h"
#include "runtime/json/visit.h"

namespace edict::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct BenchOptions {
  RuleOptions rules;
  std::vector<std::string> inputs;
  std::string input_format = "auto";
  std::string key;
  std::string tier = "all";
  std::string cache = "auto";
  uint32_t runs = 7;
  double seconds = 0;
  std::string format = "text";
  std::string fail_on = "error";
  std::string profile_generate;  // a file; empty: none
};

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The same bytes as the inputs', and a visitor that sees all of their documents.
class Yardstick {
 public:
  explicit Yardstick(const BenchInputs& inputs) : text_(JoinRecords(inputs)) {
    if (!JsonVisitor::Supported()) {
      why_ = "it needs AVX2";
      return;
    }
    visitor_ = std::make_unique<JsonVisitor>();
    expected_ = visitor_->VisitLines(text_);
    if (expected_.documents != static_cast<uint64_t>(std::count(text_.begin(), text_.end(), '\n'))) {
      why_ = "it does not see the same documents";
    } else if (expected_.documents == 0) {
      why_ = "there are no documents";
    }
    many_ = expected_.faulty == 0;  // the faster, but not for damaged lines
  }

  const std::string& why_not() const { return why_; }
  // False: it has not seen what it saw at first.
  bool Run(BenchTimes& times) {
    const Clock::time_point start = Clock::now();
    const JsonTotals totals = Visit();
    times.seconds.push_back(SecondsSince(start));
    return totals == expected_;
  }

 private:
  static constexpr size_t kBatchBytes = 128 << 10;

  JsonTotals Visit() { return many_ ? visitor_->VisitMany(text_, kBatchBytes) : visitor_->VisitLines(text_); }

  std::string text_;
  std::string why_;
  std::unique_ptr<JsonVisitor> visitor_;
  bool many_ = true;
  JsonTotals expected_;
};

Result<BenchInputs> ReadInputs(const BenchOptions& options) {
  BenchInputs inputs;
  for (const std::string& name : options.inputs) {
    Result<std::unique_ptr<BenchInput>> input = ReadBenchInput(name, {InputFormatOf(options.input_format), options.key});
    if (!input.ok()) return input.error();
    inputs.push_back(std::move(input.value()));
  }
  return inputs;
}

// What runs are taken of.
struct Bench {
  const BenchOptions& options;
  const BenchInputs& inputs;
  std::vector<Engine> engines;  // one a tier of the report
  BenchReport report;

  Status MakeTiers(const RunnableRules& rules);
  Status Measure();
  Status Check(const BenchPass& pass, const std::string& tier) const;
};

// The artefact's object code, else code that is made.
Status MakeNative(Engine& engine, const RunnableRules& rules) {
  Result<LoadedObjectCode> loaded = rules.artefact ? LoadObjectCode(*rules.artefact) : Error{};
  if (!loaded.ok()) return compiler::CompileNative(engine);
  engine.UseNative(std::move(loaded.value().code));
  return {};
}

Status Bench::MakeTiers(const RunnableRules& rules) {
  for (const char* name : {"interp", "native"}) {
    if (options.tier != "all" && options.tier != name) continue;
    BenchTier tier;
    tier.name = name;
    EngineOptions engine_options;
    engine_options.cache = ToCacheMode(options.cache);
    engine_options.fail_fast = options.rules.fail_fast;
    engines.emplace_back(rules.program, engine_options);
    if (tier.name == "native") {
      const Clock::time_point start = Clock::now();
      if (Status made = MakeNative(engines.back(), rules); !made.ok()) return made;
      tier.compile_ms = SecondsSince(start) * 1e3;
    }
    report.tiers.push_back(std::move(tier));
  }
  return {};
}

Status Bench::Check(const BenchPass& pass, const std::string& tier) const {
  if (pass.SameFindings(report.pass)) return {};
  return Error{"two runs differ in what they find, the second on tier " + tier + "; that is a fault of edict"};
}

// The runs of the tiers and of the yardstick take turns, so that what else the machine does meets all of them.
Status Bench::Measure() {
  report.pass = RunPass(engines[0], inputs);
  Yardstick yardstick(inputs);
  report.yardstick_why = yardstick.why_not();
  const Clock::time_point start = Clock::now();
  for (uint32_t run = 0; run < options.runs || SecondsSince(start) < options.seconds; ++run) {
    if (report.yardstick_why.empty() && !yardstick.Run(report.yardstick)) return Error{"two visits of the same bytes differ"};
    for (size_t i = 0; i < engines.size(); ++i) {
      const BenchPass pass = RunPass(engines[i], inputs);
      if (Status same = Check(pass, report.tiers[i].name); !same.ok()) return same;
      report.tiers[i].times.seconds.push_back(pass.seconds);
    }
  }
  report.clock_ns = ClockNanoseconds(10'000);
  for (size_t i = 0; i < engines.size(); ++i) {
    const BenchPass pass = RunPass(engines[i], inputs, &report.tiers[i].latency);
    if (Status same = Check(pass, report.tiers[i].name); !same.ok()) return same;
  }
  return {};
}

// Every event is sampled once.
Result<CostProfile> MeasureCosts(const BenchOptions& options, const RunnableRules& rules, const BenchInputs& inputs) {
  EngineOptions engine_options;
  engine_options.profile_share = 1;
  Engine engine(rules.program, engine_options);
  if (options.tier != "interp") {
    if (Status made = MakeNative(engine, rules); !made.ok()) return made.error();
  }
  RunPass(engine, inputs);
  return engine.cost_profile();
}

int RunBench(const BenchOptions& options) {
  const auto fail = [](const Error& error) {
    PrintError(error.message);
    return kCouldNotRun;
  };
  if (!CheckPointer(options.key)) return kCouldNotRun;
  const Clock::time_point start = Clock::now();
  const std::optional<RunnableRules> rules = LoadRulesToRun(options.rules);
  if (!rules) return kCouldNotRun;
  const double load_ms = SecondsSince(start) * 1e3;
  Result<BenchInputs> inputs = ReadInputs(options);
  if (!inputs.ok()) return fail(inputs.error());

  Bench bench{options, inputs.value(), {}, {}};
  bench.report.rules = options.rules.rules;
  bench.report.inputs = options.inputs;
  bench.report.load_ms = load_ms;
  for (const auto& input : inputs.value()) bench.report.bytes += input->text.size();
  if (Status made = bench.MakeTiers(*rules); !made.ok()) return fail(made.error());
  if (Status measured = bench.Measure(); !measured.ok()) return fail(measured.error());
  bench.report.cache = bench.engines.back().cache_stats();
  const Result<CostProfile> profile = MeasureCosts(options, *rules, inputs.value());
  if (!profile.ok()) return fail(profile.error());
  bench.report.rule_costs = CostsByRule(profile.value());
  if (!options.profile_generate.empty()) {
    const Status written = WriteCostProfile(options.profile_generate, profile.value());
    if (!written.ok()) return fail(written.error());
  }

  Output out;
  out.Write(options.format == "json" ? BenchJson(bench.report) : BenchText(bench.report));
  if (!out.Flush()) return kCouldNotRun;
  return Fails(bench.report.pass.by_severity, options.fail_on) ? kFindings : kClean;
}

}  // namespace

void AddBench(CommandLine& line, Action& action) {
  auto options = std::make_shared<BenchOptions>();
  Command command = line.AddCommand("bench", "measure what judging events by rules costs here");
  command
      .Add("-r,--rules", options->rules.rules, "rule file, folder or package (agui.verify), may be repeated; or a built artefact")
      .OneValueEach()
      .Required();
  command.Add("inputs", options->inputs, "files of events, or - for standard input; read into memory first").Required();
  command.Add("--input", options->input_format, "ndjson, sse, json (an array) or auto; framing other than lines is not timed")
      .OneOf({"auto", "ndjson", "sse", "json"});
  command.Add("--key", options->key,
              "JSON Pointer of the stream's key in each record: many streams in one input; finding it is not timed");
  AddRuleOptions(command, options->rules);
  AddProfileUseOption(command, options->rules);
  AddProfileGenerateOption(command, options->profile_generate);
  AddFailFastOption(command, options->rules);
  command.Add("--tier", options->tier, "interp, native or all").OneOf({"interp", "native", "all"});
  AddCacheOption(command, options->cache);
  command.Add("--runs", options->runs, "runs over all inputs, of each tier and the yardstick in turns (default 7)")
      .InRange(1, 100'000);
  command.Add("--seconds", options->seconds, "more runs until so much time has passed (default 0)").InRange(0.0, 86'400.0);
  command.Add("--format", options->format, "text or json").OneOf({"text", "json"});
  AddFailOnOption(command, options->fail_on);
  command.OnChosen([options, &action] { action = [options] { return RunBench(*options); }; });
}

}  // namespace edict::cli
