// What stands behind the handles of runtime/engine.h.
#ifndef EDICT_RUNTIME_ENGINE_ENGINE_IMPL_H_
#define EDICT_RUNTIME_ENGINE_ENGINE_IMPL_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/builtins/context.h"
#include "runtime/cache/check_memo.h"
#include "runtime/cache/element_cache.h"
#include "runtime/cache/element_memo.h"
#include "runtime/engine.h"
#include "runtime/engine/cost_sampler.h"
#include "runtime/engine/generation.h"
#include "runtime/engine/judge.h"
#include "runtime/engine/stream_key.h"
#include "runtime/engine/stream_pool.h"
#include "runtime/engine/verdict.h"
#include "runtime/engine/verdict_memo.h"
#include "runtime/extract/extract.h"
#include "runtime/interp/interp.h"
#include "runtime/interp/large_values.h"
#include "runtime/jit/native_code.h"
#include "runtime/json/document.h"
#include "runtime/state/stream_state.h"

namespace edict {

class Workspaces;

struct EngineImpl {
  EngineImpl(std::shared_ptr<const Program> program, EngineOptions options);

  // Makes a generation the current one; the one before can be rolled back to. By the mutex.
  void MakeCurrent(std::shared_ptr<Generation> next);
  uint64_t OnOthers() const;  // streams on generations that are not current. By the mutex
  // How streams on `from` come to `to`.
  std::shared_ptr<const StateCarry> CarryBetween(const Generation& from, Generation& to);

  const EngineOptions options;
  const uint64_t seed;  // of the hash tables of all streams
  const std::shared_ptr<Meter> meter;
  std::shared_ptr<cache::ElementCache> elements;
  const std::shared_ptr<CostLedger> costs;  // null: nothing is measured

  // Counts what streams are to take up: other rules, or other native code. They look at the number each event, at the rest
  // only when it changed.
  alignas(64) std::atomic<uint64_t> change{0};
  EngineObserver* observer = nullptr;
  std::mutex reloading;          // one at a time, each with its report; streams do not take it
  alignas(64) std::mutex mutex;  // of what follows; held for a few instructions, since streams take it as well
  std::shared_ptr<Generation> current;
  std::vector<std::shared_ptr<Generation>> former;  // to roll back to; the latest is the last
  std::vector<std::weak_ptr<Generation>> others;    // which streams may still be on
  uint64_t generations = 1;                         // so far

  // The number of an observed engine. No stream ever takes it up, so that the comparison which every event makes anyway
  // leads to the observer: others have no check for it.
  static constexpr uint64_t kObserved = ~0ull;
};

// What judging one event takes and the next one takes again: memory of a thread, shared by all streams that it feeds. What
// has to outlast the event is in the StreamImpl.
struct alignas(64) Workspace {
  Workspace(const EngineImpl& engine, std::shared_ptr<Generation> rules);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  Arena arena;
  JsonParser parser;
  RegexCache regexes;
  EvalContext context;
  Frame frame;
  std::vector<Value> slots;
  std::vector<Value> locals;
  std::vector<ShapeFault> shape_faults;
  std::vector<RefusedWrite> refused;
  Verdict verdict;
  std::unique_ptr<JsonPatcher> patcher;  // null: the rules have no documents
  // For events that native code judges in place.
  const EventFunction* event_functions = nullptr;  // those of `native`
  const VerdictFunction* verdict_functions = nullptr;
  const EventTable::Entry* last_type = nullptr;
  VerdictMemo memo;
  std::vector<uint8_t> hints;
  FieldTapes tapes;
  std::unique_ptr<cache::ElementMemo> elements;  // null: the cache is off
  std::unique_ptr<cache::CheckMemo> checks;      // null: likewise, or there are no checks for it
  std::unique_ptr<CostSampler> sampler;          // null: nothing is measured
  std::vector<char> padded;
  uint64_t max_record_bytes = 0;
  // Native code has seen in place that the event's rules do not all pass: the interpreter is to say which. True of an event
  // of which that is not so, it costs time only.
  bool look_closer = false;
  // What has been taken up of EngineImpl::change. Where the rules are not the current ones, it stays behind, so that every
  // stream here sees that it is to leave; but for pinned streams, which share no workspace with others.
  uint64_t change = 0;
  const std::shared_ptr<Generation> rules;
  std::shared_ptr<const NativeCode> native;  // of the rules
  Meter::Part meter;
  bool pinned = false;
  std::weak_ptr<Workspaces> siblings;  // null: the workspace of a stream for itself
};

// The workspaces of one thread, one for each generation that its streams are on; those that no stream uses any more are gone.
class Workspaces : public std::enable_shared_from_this<Workspaces> {
 public:
  explicit Workspaces(std::shared_ptr<EngineImpl> engine) : engine_(std::move(engine)) {}

  // For a stream that begins: of the current rules.
  std::shared_ptr<Workspace> ForNew();
  // For one that moves to the current rules, as all others will.
  std::shared_ptr<Workspace> ForMoved(const std::shared_ptr<Generation>& rules) { return latest_ = For(rules, false); }
  std::shared_ptr<Workspace> For(const std::shared_ptr<Generation>& rules, bool pinned);

 private:
  const std::shared_ptr<EngineImpl> engine_;
  std::shared_ptr<Workspace> latest_;  // of those that follow: kept while no stream is open
  std::vector<std::weak_ptr<Workspace>> all_;
};

// Its members are in the order of their use: the first lines of the cache hold what an event of the short way touches. What its
// state holds lies behind it, in the same piece of memory, until the stream moves to other rules.
struct alignas(64) StreamImpl final : ConstraintEval {
  // No other thread uses the workspace while this stream is fed.
  StreamImpl(std::shared_ptr<EngineImpl> engine, std::shared_ptr<Workspace> work, std::string_view key, const StreamPlace& place);
  ~StreamImpl() override;
  // `place`: what the constructor is given as well.
  static void* operator new(size_t size, const StreamPlace& place);
  static void operator delete(void* memory, const StreamPlace& place);  // the constructor has thrown
  static void operator delete(StreamImpl* stream, std::destroying_delete_t);

  // `readable`: bytes behind the text.
  void FeedRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable = 0);
  size_t TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable);
  // True: native code has judged the event where it lies, in a line with json::kScanPadding readable bytes behind it. False:
  // nothing has happened, and it is for FeedRecord.
  bool TakeLine(std::string_view line, uint64_t offset, std::vector<Finding>& out);
  void FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out);
  void FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out);
  void Tick(int64_t time, std::vector<Finding>& out);
  void UseHelpers(std::shared_ptr<Helpers> helpers);
  void Finish(std::vector<Finding>& out, uint64_t length);
  bool Holds(uint32_t condition, const Value& self) override;

  const Program& program() const { return *rules_->program; }
  uint64_t generation() const { return rules_->number; }
  // It stays on the rules that it is on, or no longer.
  void Pin(bool pinned);
  uint64_t bytes() const {
    // Where the state was before it moved is kept until the end.
    const uint64_t left = state.is_apart() ? place_.state_bytes() : 0;
    return sizeof(Stream) + sizeof(StreamImpl) + key.bytes() + stats.state_bytes + left;
  }
  // Loads of what the next event touches begin; nothing waits for them.
  void Prefetch() const;
  void PrefetchState() const { state.Prefetch(); }

  const StreamKey key;
  const std::shared_ptr<EngineImpl> engine;
  bool ended = false;

 private:
  bool finished_ = false;
  std::shared_ptr<Workspace> work_;
  OnGeneration rules_;                  // those of the workspace
  uint64_t index_ = 0;                  // of the current event
  uint64_t end_ = 0;                    // of the input seen so far
  std::unique_ptr<LargeValues> large_;  // null: nobody helps

 public:
  // What a StreamTable notes about its member.
  struct Membership {
    uint64_t opened = 0;  // the stamp of its first use
    uint64_t bytes = 0;   // as counted in the table's
  };
  StreamStats stats;
  Membership membership;
  StreamState state;

 private:
  uint64_t refused_at_ = ~uint64_t{0};  // offset of the line that TakeLines left
  uint64_t last_break_ = 0;             // what LastBreak found, and
  uint64_t last_break_end_ = 0;         // up to where it looked
  const StreamPlace place_;

  void CountState() {
    const uint64_t bytes = state.bytes();
    work_->meter.state_bytes.Add(bytes - stats.state_bytes);
    stats.state_bytes = bytes;
  }
  // stream_in_place.cc: events that native code judges by their bytes alone.
  bool BeginInPlace(std::vector<Finding>& out);
  bool MoveTimeInPlace(const EventType& type);
  const char* LastBreak(std::string_view text, uint64_t offset, size_t readable);
  const char* JudgeInPlace(const char* at, const char* stop, uint64_t offset, std::vector<Finding>& out);
  bool TakeRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable);
  void FeedText(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable);
  // The same, an event that is to be sampled.
  void FeedSampled(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable);
  bool Begin();  // counts the event; false: it is not to be validated
  // `base` is added to a finding's offset.
  void JudgeEvent(const JsonNode& root, uint64_t base, std::vector<Finding>& out);
  bool ShapeHolds(const JsonNode& root, uint32_t* event);
  void JudgeRules(const JsonNode& root, uint32_t event);
  void JudgeObserved(const JsonNode& root, uint32_t event);
  void Sample(const JsonNode& root, uint32_t event);
  // What the event writes. `offset`: of the event's first byte in its text.
  void Commit(const EventType& type, uint32_t offset);
  // stream_time.cc: the event's time, and findings of the deadlines that it passes.
  void MoveTime(const EventType& type, const JsonNode& root);
  void JudgePassed(const std::vector<PassedDeadline>& passed);
  // Checks that no event is asked about, told to the observer if there is one.
  void JudgeApart(const std::vector<Check>& checks);
  void AddFault(Fault fault, std::string message, uint32_t offset);
  void Emit(uint64_t base, std::vector<Finding>& out);
  void EmitOne(uint32_t code, RawFinding raw, uint64_t base, std::vector<Finding>& out);
  // Between events: takes up what has changed, native code or the rules. False: the engine is observed.
  bool TakeUp(std::vector<Finding>& out) {
    return engine->change.load(std::memory_order_acquire) == work_->change || TakeUpChange(out);
  }
  bool TakeUpChange(std::vector<Finding>& out);
  void MoveTo(const std::shared_ptr<Generation>& rules, std::vector<Finding>& out);
  // What of the state before is migrated; a finding where it cannot be. `from`: the Program before.
  void Migrate(const Program& from, const StreamState& before, const StateCarry& carry, std::vector<Finding>& out);
  // The workspace is this stream's for an event; nothing of another is left in it.
  void TakeWorkspace();
  void Prepare();
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_ENGINE_IMPL_H_
