// Generation: one rule set of an engine, with all that is worked out of its Program once. Streams refer to the one they are on;
// it is freed, with its native code, when the engine and the last stream have left it.
#ifndef EDICT_RUNTIME_ENGINE_GENERATION_H_
#define EDICT_RUNTIME_ENGINE_GENERATION_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/cache/element_cache.h"
#include "runtime/cache/element_memo.h"
#include "runtime/engine/meter.h"
#include "runtime/engine/verdict_memo.h"
#include "runtime/extract/event_table.h"
#include "runtime/extract/extract.h"
#include "runtime/interp/threaded_code.h"
#include "runtime/jit/native_code.h"
#include "runtime/program/compare_state.h"
#include "runtime/program/host_function.h"
#include "runtime/program/program.h"
#include "runtime/program/projections.h"
#include "runtime/state/state_layout.h"

namespace edict {

struct Generation {
  // `seed`: of the hash tables of streams.
  Generation(std::shared_ptr<const Program> rules, uint64_t number, std::shared_ptr<Meter> meter,
             std::shared_ptr<cache::ElementCache> cache, const EngineOptions& options, uint64_t seed);

  const uint64_t number;  // from 1, in the order in which the engine got them
  const std::shared_ptr<const Program> program;
  const ThreadedCode code;
  const StateLayout layout;
  const Extractor extractor;
  const EventTable events;
  const std::vector<VerdictMemo::Fields> memo_fields;
  const bool has_clock;
  const std::vector<const HostFunction*> host_functions;  // of the engine's options, by Program::host_functions
  const std::shared_ptr<Meter> meter;
  std::shared_ptr<cache::ElementCache> elements;  // of the engine
  const cache::MemoRules memo_rules;
  const std::vector<Projection> projections;
  uint64_t elements_user;
  const Meter::Findings findings;  // where they are counted, by Program::codes
  uint32_t max_slots = 0;

  mutable std::atomic<uint64_t> streams{0};  // that are on it

  // What follows: by the engine's mutex.
  std::shared_ptr<const NativeCode> native;  // made of this Program
  // How streams come here from other generations, by their numbers. The last few are kept.
  std::vector<std::pair<uint64_t, std::shared_ptr<const StateCarry>>> carries;
};

// A stream's place on a generation, which lives as long: counted there.
class OnGeneration {
 public:
  explicit OnGeneration(const Generation& generation) : generation_(&generation) { Count(1); }
  OnGeneration(const OnGeneration&) = delete;
  OnGeneration& operator=(const OnGeneration&) = delete;
  ~OnGeneration() { Count(~uint64_t{0}); }

  void Move(const Generation& to) {
    Count(~uint64_t{0});
    generation_ = &to;
    Count(1);
  }
  const Generation* operator->() const { return generation_; }

 private:
  void Count(uint64_t streams) { generation_->streams.fetch_add(streams, std::memory_order_relaxed); }

  const Generation* generation_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_GENERATION_H_
