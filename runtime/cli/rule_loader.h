// RuleLoader: compiles rules beside the work, on a thread of its own, as often as it is asked to.
#ifndef EDICT_RUNTIME_CLI_RULE_LOADER_H_
#define EDICT_RUNTIME_CLI_RULE_LOADER_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "compiler/native.h"
#include "runtime/cli/rules.h"
#include "runtime/engine.h"

namespace edict::cli {

// What compiling came to.
struct LoadedRules {
  std::shared_ptr<const Program> program;    // null: they cannot be run
  std::shared_ptr<const NativeCode> native;  // null: none was asked for
  std::string fault;                         // why not: diagnostics, tests that failed; ends with a line break
  std::vector<std::string> files;            // that were read, also where there is no Program
};

struct LoadOptions {
  RuleOptions rules;
  bool tests = false;       // they must pass
  bool native = false;      // native code must come with the Program
  bool use_native = false;  // it may, where it is there
  compiler::NativeOptions native_options;
};

// Compiles now, for who can wait.
LoadedRules LoadRules(const LoadOptions& options);

class RuleLoader {
 public:
  explicit RuleLoader(LoadOptions options);
  ~RuleLoader();  // waits for what is being compiled
  RuleLoader(const RuleLoader&) = delete;
  RuleLoader& operator=(const RuleLoader&) = delete;

  // Begins to compile; if it is compiling already, once more afterwards.
  void Request();
  // Makes native code of the engine's rules, if nothing else is asked for meanwhile.
  void MakeNative(const Engine& engine);
  // Ready to be read when Take has something.
  int fd() const { return event_fd_; }
  // The latest, if there is one that was not taken yet.
  std::optional<LoadedRules> Take();
  // LLVM or the compiler is at work: the destructor may take a while.
  bool busy() const { return busy_.load(std::memory_order_acquire); }

 private:
  void Run();

  const LoadOptions options_;
  const int event_fd_;
  std::mutex mutex_;  // of what follows
  std::condition_variable asked_;
  bool stop_ = false;
  bool requested_ = false;
  std::optional<Engine> wants_native_;
  std::optional<LoadedRules> loaded_;
  std::atomic<bool> busy_{false};
  std::thread thread_;  // last
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RULE_LOADER_H_
