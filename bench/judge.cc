#include "bench/judge.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <utility>

#include "compiler/native.h"

namespace edict::bench {
namespace {

// As `edict run` reads.
constexpr size_t kBlock = 256 << 10;

[[noreturn]] void Die(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::abort();
}

std::shared_ptr<const Program> MakeProgram(const std::string& package, const std::string& more) {
  compiler::CompileOptions options;
  options.roots = {package};
  options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
  if (!more.empty()) options.texts = {{"bench.rules", "package bench 1.0.0\nimport agui.events\n" + more}};
  return CompileOrDie(options);
}

// Code that several engines of this process use is made once.
class CodeFolder {
 public:
  CodeFolder() { std::filesystem::create_directories(path_); }
  ~CodeFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  CodeFolder(const CodeFolder&) = delete;
  CodeFolder& operator=(const CodeFolder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("edict-bench-" + std::to_string(getpid()));
};

}  // namespace

std::shared_ptr<const Program> CompileOrDie(const compiler::CompileOptions& options) {
  Result<compiler::CompileResult> compiled = compiler::Compile(options);
  if (!compiled.ok()) Die(compiled.error().message);
  if (compiled.value().program == nullptr) {
    Die(diag::RenderText(compiled.value().diagnostics, *compiled.value().sources, false));
  }
  return compiled.value().program;
}

void UseNative(Engine& engine) {
  static const CodeFolder folder;
  static const compiler::NativeOptions options = [] {
    compiler::NativeOptions made;
    made.cache = std::make_shared<ObjectCache>(folder.path());
    return made;
  }();
  Status native = compiler::CompileNative(engine, options);
  if (!native.ok()) Die(native.error().message);
}

const char* TierName(Tier tier) { return tier == Tier::kNative ? "native" : "interp"; }

const Engine& AguiEngine(Tier tier, const std::string& more) {
  static std::map<std::pair<Tier, std::string>, Engine> engines;
  auto found = engines.find({tier, more});
  if (found != engines.end()) return found->second;
  Engine engine(MakeProgram("agui.verify", more));
  if (tier == Tier::kNative) UseNative(engine);
  return engines.emplace(std::make_pair(tier, more), std::move(engine)).first->second;
}

PackageEngine MakePackageEngine(const std::string& package, CacheMode cache) {
  const std::shared_ptr<const Program> program = MakeProgram(package, "");
  EngineOptions options;
  options.cache = cache;
  PackageEngine made{program, Engine(program, options)};
  UseNative(made.engine);
  return made;
}

void FeedBlock(Stream& stream, std::string_view block, uint64_t offset, std::vector<Finding>& findings, size_t readable) {
  stream.FeedLines(block, offset, findings, {}, readable);
}

Judged Judge(const StreamSet& streams, std::string_view lines) {
  Stream stream = streams.Open("bench");
  std::vector<Finding> findings;
  Judged judged;
  uint64_t last = ~uint64_t{0};
  const auto count = [&] {
    for (const Finding& finding : findings) {
      if (finding.index != last) ++judged.invalid;
      last = finding.index;
    }
    judged.findings += findings.size();
    findings.clear();
  };
  for (size_t at = 0; at < lines.size();) {
    size_t end = std::min(at + kBlock, lines.size());
    if (end < lines.size()) end = std::min(lines.find('\n', end - 1), lines.size() - 1) + 1;
    FeedBlock(stream, lines.substr(at, end - at), at, findings, lines.size() - end);
    count();
    at = end;
  }
  judged.events = stream.stats().events;
  stream.Finish(findings);
  count();
  return judged;
}

void SetWork(benchmark::State& state, uint64_t events, uint64_t bytes) {
  state.counters["events"] = static_cast<double>(events);
  state.counters["bytes"] = static_cast<double>(bytes);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(events));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void RunJudge(benchmark::State& state, const Engine& engine, const Traffic& traffic) {
  const StreamSet streams(engine);
  for (auto _ : state) {
    const Judged judged = Judge(streams, traffic.text);
    if (judged.events != traffic.events) return state.SkipWithError("not all events were judged");
    if (judged.invalid != traffic.invalid) return state.SkipWithError("wrong number of invalid events");
  }
  SetWork(state, traffic.events, traffic.text.size());
}

}  // namespace edict::bench
