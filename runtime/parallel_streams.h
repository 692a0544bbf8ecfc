// Many streams in one input, judged by several threads: each event names its stream by a key. Findings come out in the order of
// the input, and are the same whatever the number of threads; one thread is fastest fed this way, too.
//
//   edict::ParallelOptions options;
//   options.key = "/sessionId";
//   edict::ParallelStreams streams(engine, options);
//   size_t taken = streams.TakeLines(block, offset, findings);   // NDJSON, read where it is
//   streams.Add(record, offset);                                 // or records, one by one
//   streams.Judge(findings);
//   streams.FinishAll(findings);
//
// Streams are shared out by the hash of their keys. Workers first read the keys of a block's events, each those of a part; then
// each judges the events of a share of the streams, in order, with no locks; a stream that has most of the events keeps one
// worker busy while the others judge the rest. Eviction is that of StreamSet (runtime/stream_set.h): near a limit, where an
// event may end another's stream, all is judged in order by one thread.
#ifndef EDICT_RUNTIME_PARALLEL_STREAMS_H_
#define EDICT_RUNTIME_PARALLEL_STREAMS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine.h"
#include "runtime/stream_set.h"

namespace edict {

struct ParallelOptions {
  // That judge, the caller's among them. Default 0: as many as there are cores, or the caller's alone where that turns out to be
  // sooner.
  unsigned threads = 0;
  StreamSetOptions streams;
  // JSON Pointer (RFC 6901) of the key in each record. Records without one are findings in the stream named `strays`, as are
  // damaged ones. Empty, the default: all are events of that stream.
  std::string key;
  // JSON Pointer of the event in each record. Default: the record itself. A string there is the event's text.
  std::string payload;
  std::string strays = "input";
};

// To be fed by one thread at a time.
class ParallelStreams {
 public:
  // Called from time to time, so that findings need not pile up: it may take what is in `out`.
  using Emitted = std::function<void()>;

  ParallelStreams(const Engine& engine, ParallelOptions options);
  ParallelStreams(ParallelStreams&&) noexcept;
  ~ParallelStreams();

  // Judges whole lines from the front of NDJSON text, which starts at byte `offset` of the input, and returns their bytes: all but
  // the lines that end in the last 64 bytes (no text may be read beyond its end), and those from one on that is longer than
  // EngineOptions::max_record_bytes. What was added before is judged first. `stopped`, if not null, tells whether it stopped early.
  size_t TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out, const Emitted& emitted = {},
                   const StopWhen& stop = {}, bool* stopped = nullptr);
  // Records, events whose key is known, and faults of the framing, each copied. They are judged by the next call of Judge.
  void Add(std::string_view record, uint64_t offset);
  void AddEvent(std::string_view key, std::string_view event, uint64_t offset);
  void AddFault(std::string_view fault, uint64_t offset);
  // Bytes that were added and are not judged. Some megabytes are enough to keep all threads busy.
  size_t added_bytes() const;
  void Judge(std::vector<Finding>& out);

  // Ends the stream of this key. False: there is none.
  bool Finish(std::string_view key, std::vector<Finding>& out);
  // Ends so many of those that were opened first, in that order. False: there is none.
  bool FinishNext(size_t count, std::vector<Finding>& out);
  // Ends all, in the order in which they were opened.
  void FinishAll(std::vector<Finding>& out, const Emitted& emitted = {});

  unsigned threads() const;
  // `most_bytes` is looked at between blocks only.
  const StreamSetStats& stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_PARALLEL_STREAMS_H_
