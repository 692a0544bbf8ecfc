// The inputs of `edict run`: read, judged and handed over in order.
#ifndef EDICT_RUNTIME_CLI_RUN_INPUTS_H_
#define EDICT_RUNTIME_CLI_RUN_INPUTS_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/cli/end_signals.h"
#include "runtime/cli/findings_writer.h"
#include "runtime/cli/native_tier.h"
#include "runtime/cli/output.h"
#include "runtime/cli/record_judge.h"
#include "runtime/engine.h"

namespace edict::cli {

class InputRunner {
 public:
  InputRunner(const Engine& engine, const RecordOptions& options, NativeTier& native, FindingsWriter& writer, Output& out)
      : engine_(engine), options_(options), native_(native), writer_(writer), out_(out) {}

  // False: one could not be read, and standard error says why. Several files that are each one stream are judged side by side.
  // A signal ends the input where it is: what was read is judged, and nothing is said of the end of streams.
  bool Run(const std::vector<std::string>& inputs);
  // The signal that came; 0: none.
  int signal() { return signals_.Came(); }

  RunSummary summary() const;
  const RecordTotals& totals() const { return totals_; }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  class Turns;

  bool RunOne(const std::string& name, const RecordOptions& options, const RecordJudge::Take& take);
  bool Side(const std::vector<std::string>& inputs);
  void Write(std::vector<Finding>& findings);
  void OnBytes(uint64_t more);

  const Engine& engine_;
  const RecordOptions& options_;
  NativeTier& native_;
  FindingsWriter& writer_;
  Output& out_;
  EndSignals signals_;
  std::mutex mutex_;  // of what follows, and of native_
  RecordTotals totals_;
  RunSummary summary_;
  std::atomic<uint64_t> bytes_{0};
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RUN_INPUTS_H_
