#include "runtime/cli/rule_loader.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "compiler/rule_sets.h"
#include "runtime/cli/output.h"
#include "runtime/cli/test_all.h"
#include "runtime/cli/test_report.h"

namespace edict::cli {
namespace {

// What failed; empty: all tests passed. Rules without tests pass.
std::string TestFaults(const RuleOptions& rules, bool native) {
  Result<compiler::CompileOptions> compile = ToCompileOptions(rules);
  if (!compile.ok()) return compile.error().message + "\n";
  TestOptions run;
  run.native = native;
  std::vector<TestResult> results;
  const bool ran = RunTests(compiler::RuleSets(compile.value()), compile.value(), run, nullptr, results);
  const bool failed = std::any_of(results.begin(), results.end(), [](const TestResult& r) { return !r.faults.empty(); });
  if (failed) return TextReport(results, nullptr, Output::Colour(STDERR_FILENO));
  return ran ? "" : "the tests could not be run\n";
}

// A built rule set has no tests, and may have native code.
LoadedRules LoadArtefact(const LoadOptions& options) {
  LoadedRules loaded;
  loaded.files = options.rules.rules;
  Result<Artefact> artefact = ReadRulesArtefact(options.rules);
  if (!artefact.ok()) {
    loaded.fault = artefact.error().message + "\n";
  } else if (options.tests) {
    loaded.fault = "a built rule set has no tests\n";
  } else if (const Status runs = RunsHere(*artefact.value().program); !runs.ok()) {
    loaded.fault = runs.error().message + "\n";
  } else {
    loaded.program = artefact.value().program;
    if (options.use_native) {
      const ObjectLoader load = [&](std::string_view object, size_t events) {
        return compiler::LoadNative(object, events, 0, options.native_options.link);
      };
      Result<LoadedObjectCode> code = LoadObjectCode(artefact.value(), load);
      if (code.ok()) loaded.native = std::move(code.value().code);
    }
  }
  return loaded;
}

// From the cache, or made now.
void AddNative(const LoadOptions& options, LoadedRules& loaded) {
  Result<std::shared_ptr<const NativeCode>> code = compiler::MakeNative(*loaded.program, options.native_options);
  if (code.ok()) {
    loaded.native = std::move(code.value());
  } else {
    loaded.fault = code.error().message + "\n";
    loaded.program = nullptr;
  }
}

LoadedRules CompileSources(const LoadOptions& options) {
  LoadedRules loaded;
  Result<compiler::CompileResult> compiled = CompileRules(options.rules);
  if (!compiled.ok()) {
    loaded.fault = compiled.error().message + "\n";
    return loaded;
  }
  const source::SourceSet& sources = *compiled.value().sources;
  for (uint32_t i = 0; i < sources.size(); ++i) loaded.files.push_back(sources.file(i).name());
  if (compiled.value().program == nullptr) {
    loaded.fault = diag::RenderText(compiled.value().diagnostics, sources, Output::Colour(STDERR_FILENO));
    return loaded;
  }
  if (const Status runs = RunsHere(*compiled.value().program); !runs.ok()) {
    loaded.fault = runs.error().message + "\n";
    return loaded;
  }
  if (options.tests) loaded.fault = TestFaults(options.rules, options.native);
  if (loaded.fault.empty()) loaded.program = compiled.value().program;
  return loaded;
}

}  // namespace

LoadedRules LoadRules(const LoadOptions& options) {
  LoadedRules loaded = NameArtefact(options.rules) ? LoadArtefact(options) : CompileSources(options);
  if (options.native && loaded.program != nullptr && loaded.native == nullptr) AddNative(options, loaded);
  return loaded;
}

RuleLoader::RuleLoader(LoadOptions options) : options_(std::move(options)), event_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  thread_ = std::thread([this] { Run(); });
}

RuleLoader::~RuleLoader() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  asked_.notify_one();
  thread_.join();
  if (event_fd_ >= 0) ::close(event_fd_);
}

void RuleLoader::Request() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    requested_ = true;
    wants_native_.reset();
  }
  asked_.notify_one();
}

void RuleLoader::MakeNative(const Engine& engine) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    wants_native_ = engine;
  }
  asked_.notify_one();
}

std::optional<LoadedRules> RuleLoader::Take() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t n = ::read(event_fd_, &count, sizeof count);
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(loaded_, std::nullopt);
}

void RuleLoader::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    busy_.store(false, std::memory_order_release);
    asked_.wait(lock, [this] { return stop_ || requested_ || wants_native_; });
    if (stop_) return;
    busy_.store(true, std::memory_order_release);
    if (std::exchange(requested_, false)) {
      lock.unlock();
      LoadedRules loaded = LoadRules(options_);
      lock.lock();
      loaded_ = std::move(loaded);
      const uint64_t one = 1;
      [[maybe_unused]] const ssize_t n = ::write(event_fd_, &one, sizeof one);
    } else {
      Engine engine = *std::exchange(wants_native_, std::nullopt);
      lock.unlock();
      // Where it cannot be had, the interpreter goes on.
      [[maybe_unused]] const Status made = compiler::CompileNative(engine, options_.native_options);
      lock.lock();
    }
  }
}

}  // namespace edict::cli
