// What judging one event gave: findings not yet bound to a stream, and the writes to commit. Reused from event to event,
// so that an event without findings allocates nothing once warm.
#ifndef EDICT_RUNTIME_ENGINE_VERDICT_H_
#define EDICT_RUNTIME_ENGINE_VERDICT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/engine/blame.h"
#include "runtime/program/program.h"
#include "runtime/state/writes.h"

namespace edict {

struct RawFinding {
  uint32_t code = kNone;
  uint32_t rule = kNone;  // code whose declaration found it, where it is not `code` itself (EDICT_EVAL)
  uint32_t order = 0;
  uint32_t offset = 0;  // byte within the event's text
  std::string path;
  std::string message;
};

class Verdict {
 public:
  // Findings kept of one event before they are put in order and cut to EngineOptions::max_findings_per_event.
  static constexpr size_t kKept = 4096;

  void Clear() {
    findings.clear();
    dropped = 0;
    exhausted = false;
    writes.Clear();
    for (const uint32_t code : failed_list_) failed_[code] = 0;
    failed_list_.clear();
  }
  // Findings from now on are only counted: they need neither a place nor a message.
  bool full() const { return findings.size() >= kKept; }
  void Add(RawFinding finding) {
    if (!full()) {
      findings.push_back(std::move(finding));
    } else {
      ++dropped;
    }
  }
  void MarkFailed(uint32_t code) {
    if (failed_.size() <= code) failed_.resize(code + 1);
    if (failed_[code] == 0) failed_list_.push_back(code);
    failed_[code] = 1;
  }
  bool Failed(uint32_t code) const { return code < failed_.size() && failed_[code] != 0; }

  std::vector<RawFinding> findings;
  uint64_t dropped = 0;
  bool exhausted = false;  // fuel ran out: what had not run did not
  PendingWrites writes;
  std::vector<LoopPosition> positions;  // of the loops that are running
  std::vector<Value> keys;              // scratch

 private:
  std::vector<uint8_t> failed_;  // by code
  std::vector<uint32_t> failed_list_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_VERDICT_H_
