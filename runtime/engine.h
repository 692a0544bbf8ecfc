// Running rules on streams of JSON events. An Engine holds one compiled Program, which Reload may replace while streams run;
// any number of threads may share it. For every conversation, connection or file, open a Stream and feed it the events in order,
// one JSON text each; what the rules find is appended to a vector of yours, in an order that depends on nothing but the bytes and
// the rules. At its end, call Finish, which runs the rules about the whole stream:
//
//   edict::Engine engine(program);                       // std::shared_ptr<const edict::Program>
//   edict::Stream stream = engine.Open("session-1");
//   std::vector<edict::Finding> findings;
//   uint64_t offset = 0;
//   for (std::string_view line : lines) {
//     stream.FeedRecord(line, offset, findings);
//     offset += line.size() + 1;
//   }
//   stream.Finish(findings);
//
// A Stream belongs to one thread at a time; different Streams never wait for each other. Nothing here throws, prints or
// keeps global state. What is wrong with an event is a finding; there are no other errors.
#ifndef EDICT_RUNTIME_ENGINE_H_
#define EDICT_RUNTIME_ENGINE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/helpers.h"
#include "runtime/metrics.h"
#include "runtime/profile/cost_profile.h"
#include "runtime/program/compare_state.h"
#include "runtime/program/host_function.h"
#include "runtime/program/program.h"

namespace edict {

class EngineObserver;
struct JsonNode;
class NativeCode;
class StateReader;

// One thing that a rule, or the shape check, holds against an event. Strings are owned.
struct Finding {
  std::string stream;   // the key given to Engine::Open
  uint64_t index = 0;   // of the event in its stream, from 0; of an end-of-stream finding: the number of events
  uint64_t offset = 0;  // byte of the blamed value within the input, as counted by the offsets that were fed
  std::string code;
  Severity severity = Severity::kError;
  std::string path;  // JSON Pointer (RFC 6901) of the blamed value within the event; empty: the event itself
  std::string message;
  std::string rule;  // name of the declaration that found it
  std::string package;
  std::string fix;
  std::string see;
};

// Whether what is found about parts of events is remembered for when the same bytes come again; see Engine::cache_stats.
enum class CacheMode : uint8_t { kAuto, kOn, kOff };  // kAuto: where it pays, as measured

struct EngineOptions {
  // Bytes of one event's JSON text; a longer one is a malformed event. Default 64 MiB: bounds the memory of the tape.
  uint64_t max_record_bytes = 64ull << 20;
  // Nesting of one event's arrays and objects. Default 1000: bounds recursion; real events stay below 100.
  uint32_t max_json_depth = 1000;
  // Evaluation steps of one event's rules, the same in every tier. Default 10 million, some 100 ms: rules always end,
  // this bounds what a hostile event can make them cost. When it runs out, the remaining rules of the event do not run.
  int64_t fuel_per_event = 10'000'000;
  // Findings of one event. Default 64: a huge broken array must not flood the caller. What is cut is said in one more.
  uint32_t max_findings_per_event = 64;
  // Bytes of state of one stream, all cells and lifecycles together. Default 256 MiB. A write beyond it is refused with
  // a finding.
  uint64_t max_state_bytes = 256ull << 20;
  // Bytes of one string held in a cell that declares no bound of its own. Default 64 KiB.
  uint64_t max_state_string_bytes = 64ull << 10;
  // Rule sets kept beside the current one, for Engine::RollBack. Default 2; each takes the memory of its Program and native code.
  uint32_t kept_generations = 2;
  // Streams stay on the rule set that they began with, whatever is loaded later. Default no: they go on with the new one.
  bool pin_streams = false;
  // The cache of array elements, such as the messages of a history that is sent again each turn. Only native code uses it; it
  // changes the speed, no finding. Default auto.
  CacheMode cache = CacheMode::kAuto;
  // Bytes of the cache, of all streams together. Default 32 MiB, at least 64 KiB.
  uint64_t max_cache_bytes = 32ull << 20;
  // Of an event only the first finding: what is wrong with its shape, or else the first check that fails in the order in which the
  // Program has them (CompileOptions::order_checks); those behind it do not run, but for critical ones, since they end the
  // stream. State is written as ever, and its bounds, deadlines and the end of the stream are reported as ever. Default no.
  bool fail_fast = false;
  // Share of the time of each thread that may be taken to measure what parts of the rules cost, for Engine::cost_profile, beside
  // some milliseconds at first. Default 0: nothing is measured. 1 or more: every event is, which takes many times as long.
  double profile_share = 0;
  // The functions that the rules declare as `host fn`, also those of rules that are loaded later. Default none. Called by all
  // threads that feed streams; the engine keeps copies, as long as it or a stream of it lives.
  std::vector<HostFunction> host_functions;
};

struct ReloadOptions {
  // Native code made from the new Program, so that it need not be interpreted at first. Default none.
  std::shared_ptr<const NativeCode> native;
};

// What a reload comes to. Streams take part as they are fed: each is on the new rules from its next event on.
struct ReloadReport {
  uint64_t from = 0;  // numbers of the rule sets
  uint64_t to = 0;
  // What becomes of the state of streams that were on the former set, by declaration.
  std::vector<StateChange> state;
  uint64_t streams = 0;  // open on other sets, pinned ones among them, at that moment
};
// "kept: state phase" ..., a line each; what is kept comes last.
std::string ToText(const ReloadReport& report);

// A rule set that an engine has, or that streams are still on.
struct GenerationInfo {
  uint64_t number = 0;  // from 1, in the order in which they were loaded
  bool current = false;
  bool kept = false;     // RollBack can go there
  bool native = false;   // it has native code
  uint64_t streams = 0;  // open on it
  std::shared_ptr<const Program> program;
};

struct StreamStats {
  uint64_t events = 0;                  // fed, whether validated or not
  uint64_t state_bytes = 0;             // memory of the stream's state
  uint64_t not_validated = 0;           // of the events, after a critical finding ended the stream
  uint64_t findings[4] = {0, 0, 0, 0};  // by Severity
};

// When a call that is given much is to stop early: between events or blocks, which take milliseconds, never within an event.
struct StopWhen {
  const std::atomic<bool>* cancelled = nullptr;  // not null: stop once this is true
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

  bool ever() const { return cancelled != nullptr || deadline != std::chrono::steady_clock::time_point::max(); }
  bool now() const {
    return (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) || std::chrono::steady_clock::now() >= deadline;
  }
};

struct EngineImpl;
struct StreamImpl;
class StreamPool;
class Workspaces;

// What is judged in place is read up to so many bytes behind its end.
inline constexpr size_t kReadableBehind = 64;

// One stream of events and its state. Movable; outlives its Engine safely.
class Stream {
 public:
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // One event as JSON text. `offset`: the byte of the input where `json_text` starts; findings count from there. The
  // text need not be padded or terminated, and is not referred to after the call. Findings are appended to `out`. `readable`: so
  // many bytes behind it can be read, whatever they are; with kReadableBehind of them, the first a zero or a line break, it is
  // judged where it is, and need not be copied.
  void FeedRecord(std::string_view json_text, uint64_t offset, std::vector<Finding>& out, size_t readable = 0);
  // Events as NDJSON, one a line; empty lines are none. The last line may lack its line break, but is all of an event. The
  // fastest way to feed: lines are read where they are. Returns the bytes of the lines that were judged: all, unless it was to
  // stop. `readable`: as of FeedRecord; else the last line is copied.
  size_t FeedLines(std::string_view lines, uint64_t offset, std::vector<Finding>& out, const StopWhen& stop = {},
                   size_t readable = 0);
  // For readers that cut lines themselves: takes whole lines from the front of `text` for as long as native code judges them
  // by itself, and returns their bytes. What is left begins with a line for FeedRecord, or has no line break.
  size_t TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out);
  // One event that is already parsed; `offset`: the byte of the input where its value starts.
  void FeedNode(const JsonNode& root, uint64_t offset, std::vector<Finding>& out);
  // An event that could not be read from its framing, e.g. a damaged SSE block: a finding of the framing fault.
  void FeedFault(std::string_view message, uint64_t offset, std::vector<Finding>& out);
  // Time has come to `time`, nanoseconds since 1970-01-01T00:00:00Z, without an event: deadlines that are past are findings,
  // with the number of events so far as their index. A time that is not after Time() changes nothing.
  void Tick(int64_t time, std::vector<Finding>& out);
  // The stream's time: the latest that an event or a tick has named, as for Tick; 0 until then.
  int64_t Time() const;
  // The end of the stream: deadlines that are still open are findings, and rules on the end run, once. `length`: bytes of the
  // input, if it reaches beyond the last record.
  void Finish(std::vector<Finding>& out, uint64_t length = 0);

  // The stream stays on the rule set that it is on, until Unpin, whatever is loaded.
  void Pin();
  void Unpin();
  // Large values of its events that no rule reads, half a megabyte and more, are scanned with the help of other threads from now
  // on, where that turns out to be sooner. Findings are the same. Null: by the caller's thread alone, as at first.
  void UseHelpers(std::shared_ptr<Helpers> helpers);
  // The number of the rule set that the stream is on: that judged its last event.
  uint64_t generation() const;

  // A critical finding has ended the stream: later events are counted, not validated.
  bool ended() const;
  const StreamStats& stats() const;
  std::string_view key() const;
  // Memory of the stream: its state, and what every stream takes. Not the memory that judging an event needs meanwhile, which a
  // stream of Engine::Open has for itself, and all of a StreamSet share.
  uint64_t bytes() const;
  // The state after the last event, for tools that show it.
  const StateReader& state() const;

 private:
  friend class Engine;
  friend class StreamTable;
  Stream();  // of no stream
  explicit Stream(std::unique_ptr<StreamImpl> impl);

  std::unique_ptr<StreamImpl> impl_;
};

// A Program ready to run. Cheap to copy: copies share everything.
class Engine {
 public:
  // An Error: there is no Program, or it calls a host function that `options` do not give, or give with another signature; or
  // one of those cannot be read. It names the function and both signatures.
  static Result<Engine> Make(std::shared_ptr<const Program> program, EngineOptions options = {});
  // The same for a Program that calls none, and is not null. Where it does call one that is not given as declared, each such
  // call is an error of evaluation, as a finding says at each event.
  explicit Engine(std::shared_ptr<const Program> program, EngineOptions options = {});
  ~Engine();
  Engine(const Engine&);
  Engine& operator=(const Engine&);

  // A stream for itself. Many streams: StreamSet (runtime/stream_set.h).
  Stream Open(std::string_view key) const;
  // Native code made from `program`, which is a rule set of this engine: every stream takes it up at its next event. It changes
  // the speed, no finding. Null goes back to the interpreter. From any thread, at any time. Without it an engine never has
  // executable memory. False: the engine does not have that rule set, or has it no longer; nothing has changed.
  bool UseNative(std::shared_ptr<const NativeCode> code, const Program& program);
  // Of the only rule set; false, for code, once there has been another.
  bool UseNative(std::shared_ptr<const NativeCode> code);

  // Other rules, from any thread, while others feed. Every stream that is not pinned goes on with them at its next event (or
  // Tick, or Finish; lines of one FeedLines count as one event, where native code judges them); what it had found in its state
  // is carried over by declaration, as the report says. Nobody waits: an event that is being judged is finished by the rules
  // that it began with. A former set is freed when it is not among EngineOptions::kept_generations any more and the last stream
  // has left it. An Error, and no change: there is no Program, or the engine is observed, or
  // the rules call a host function that EngineOptions do not give as declared.
  Result<ReloadReport> Reload(std::shared_ptr<const Program> program, ReloadOptions options = {});
  // Back to a former rule set: 1 is the one that was current before, 2 the one before that. The set that was current is the
  // former one then. Takes no longer for large rules than for small ones. An Error: there is none.
  Result<ReloadReport> RollBack(uint32_t back = 1);
  // The number of the current rule set.
  uint64_t generation() const;
  // The current one, those that can be rolled back to, and others that streams are still on; in order of their numbers.
  std::vector<GenerationInfo> generations() const;
  // Of the current Program: 32 hex digits, equal for Programs that mean and print the same. Takes about a millisecond.
  std::string hash() const;
  // What has been done so far, over all streams and threads. Takes no part of an event's time.
  Metrics metrics() const;
  // What parts of the rules have cost so far, as EngineOptions::profile_share has it measured; of all rule sets. From any thread.
  CostProfile cost_profile() const;
  // For tools: every stream opened from now on tells `observer` (runtime/engine/observer.h) what it does, and runs the
  // interpreter. The observer outlives the streams. To be
  // called before any is opened; native code is of no use then.
  void Observe(EngineObserver* observer);
  // The current Program. The reference is good until it is neither current nor kept, nor a stream on it.
  std::shared_ptr<const Program> rules() const;
  const Program& program() const;
  const EngineOptions& options() const;
  // From now on the two have one cache, that of `other`, with its bound: what is known of elements in one is known in the other
  // where their shapes are the same. To be called before any stream is opened or rules are reloaded.
  void ShareCache(const Engine& other);
  CacheStats cache_stats() const;

 private:
  friend class StreamTable;
  // `pool`: where the stream lies; it outlives the stream. Null: in memory of its own.
  Stream Open(std::string_view key, Workspaces& workspaces, StreamPool* pool = nullptr) const;
  std::shared_ptr<Workspaces> NewWorkspaces() const;

  std::shared_ptr<EngineImpl> impl_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_H_
