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
#include "runtime/engine.h"
#include "runtime/engine/judge.h"
#include "runtime/engine/stream_key.h"
#include "runtime/engine/verdict.h"
#include "runtime/engine/verdict_memo.h"
#include "runtime/extract/event_table.h"
#include "runtime/extract/extract.h"
#include "runtime/interp/interp.h"
#include "runtime/jit/native_code.h"
#include "runtime/json/document.h"
#include "runtime/state/stream_state.h"

namespace edict {

struct EngineImpl {
  EngineImpl(std::shared_ptr<const Program> program, EngineOptions options);

  const std::shared_ptr<const Program> program;
  const EngineOptions options;
  const Extractor extractor;
  const EventTable events;
  const std::vector<VerdictMemo::Fields> memo_fields;
  const uint64_t seed;  // of the hash tables of all streams
  uint32_t max_slots = 0;

  // Native code is taken up by generation: streams look at the number each event, at the pointer only when it changed.
  std::atomic<uint64_t> native_generation{0};
  std::mutex native_mutex;
  std::shared_ptr<const NativeCode> native;

  // The generation of an observed engine. No stream ever takes it up, so that the comparison which every event makes anyway
  // leads to the observer: others have no check for it.
  static constexpr uint64_t kObserved = ~0ull;
  EngineObserver* observer = nullptr;
};

// What judging one event takes and the next one takes again: memory of a thread, shared by all streams that it feeds. What
// has to outlast the event is in the StreamImpl.
struct Workspace {
  explicit Workspace(const EngineImpl& engine);
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
  std::vector<char> padded;
  uint64_t max_record_bytes = 0;
  // Native code has seen in place that the event's rules do not all pass: the interpreter is to say which. True of an event
  // of which that is not so, it costs time only.
  bool look_closer = false;
  // Native code that has been taken up.
  uint64_t native_generation = 0;
  std::shared_ptr<const NativeCode> native;
};

// Its members are in the order of their use: the first lines of the cache hold what an event of the short way touches.
struct alignas(64) StreamImpl final : ConstraintEval {
  // No other thread uses the workspace while this stream is fed.
  StreamImpl(std::shared_ptr<EngineImpl> engine, std::shared_ptr<Workspace> work, std::string_view key);

  void FeedRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out);
  size_t TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out);
  // True: native code has judged the event where it lies, in a line with json::kScanPadding readable bytes behind it. False:
  // nothing has happened, and it is for FeedRecord.
  bool TakeLine(std::string_view line, uint64_t offset, std::vector<Finding>& out);
  void FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out);
  void FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out);
  void Tick(int64_t time, std::vector<Finding>& out);
  void Finish(std::vector<Finding>& out, uint64_t length);
  bool Holds(uint32_t condition, const Value& self) override;

  uint64_t bytes() const { return sizeof(Stream) + sizeof(StreamImpl) + key.bytes() + stats.state_bytes; }
  // Loads of what the next event touches begin; nothing waits for them.
  void Prefetch() const;
  void PrefetchState() const { state.Prefetch(); }

  const StreamKey key;
  const std::shared_ptr<EngineImpl> engine;
  bool ended = false;

 private:
  bool finished_ = false;
  const bool has_clock_;
  const Program& program_;
  const std::shared_ptr<Workspace> work_;
  uint64_t index_ = 0;                  // of the current event
  uint64_t end_ = 0;                    // of the input seen so far
  uint64_t refused_at_ = ~uint64_t{0};  // offset of the line that TakeLines left

 public:
  // What a StreamTable notes about its member.
  struct Membership {
    uint64_t opened = 0;  // the stamp of its first use
    uint64_t bytes = 0;   // as counted in the table's
  };
  Membership membership;
  StreamStats stats;
  StreamState state;

 private:
  // stream_in_place.cc: events that native code judges by their bytes alone.
  bool BeginInPlace();
  bool MoveTimeInPlace(const EventType& type);
  const char* JudgeInPlace(const char* at, const char* stop, uint64_t offset, std::vector<Finding>& out);
  bool TakeRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out);
  bool Begin();  // counts the event; false: it is not to be validated
  // `base` is added to a finding's offset.
  void JudgeEvent(const JsonNode& root, uint64_t base, std::vector<Finding>& out);
  bool ShapeHolds(const JsonNode& root, uint32_t* event);
  void JudgeRules(const JsonNode& root, uint32_t event);
  void JudgeObserved(const JsonNode& root, uint32_t event);
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
  // True: the engine is observed, there is none.
  bool TakeUpNative(uint64_t generation);
  // The workspace is this stream's for an event; nothing of another is left in it.
  void TakeWorkspace();
  void Prepare();
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_ENGINE_IMPL_H_
