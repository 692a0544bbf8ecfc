// One stream, many of one thread, many of several.
#include <memory>

#include "runtime/capi/handles.h"

using edict::capi::Guarded;
using edict::capi::Name;
using edict::capi::ReadSetOptions;
using edict::capi::ReadStop;
using edict::capi::View;
using edict::capi::WriteStats;
using edict::capi::WriteStruct;

extern "C" {

edict_status edict_stream_open(const edict_engine* engine, const char* key, size_t key_size, edict_stream** out) {
  if (engine == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    *out = new edict_stream{engine->engine.Open(View(key, key_size))};
    return EDICT_OK;
  });
}

void edict_stream_free(edict_stream* stream) { delete stream; }

edict_status edict_stream_feed(edict_stream* stream, const char* json, size_t size, uint64_t offset, edict_findings* out) {
  if (stream == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    stream->stream.FeedRecord(View(json, size), offset, out->all);
    return EDICT_OK;
  });
}

edict_status edict_stream_feed_lines(edict_stream* stream, const char* lines, size_t size, uint64_t offset, const edict_stop* stop,
                                     edict_findings* out, size_t* taken) {
  edict::StopWhen when;
  if (stream == nullptr || out == nullptr || !ReadStop(stop, when)) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    const std::string_view text = View(lines, size);
    const size_t judged = stream->stream.FeedLines(text, offset, out->all, when);
    if (taken != nullptr) *taken = judged;
    return judged < text.size() ? EDICT_STOPPED : EDICT_OK;
  });
}

edict_status edict_stream_feed_fault(edict_stream* stream, const char* message, size_t size, uint64_t offset, edict_findings* out) {
  if (stream == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    stream->stream.FeedFault(View(message, size), offset, out->all);
    return EDICT_OK;
  });
}

edict_status edict_stream_tick(edict_stream* stream, int64_t time, edict_findings* out) {
  if (stream == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    stream->stream.Tick(time, out->all);
    return EDICT_OK;
  });
}

edict_status edict_stream_finish(edict_stream* stream, uint64_t length, edict_findings* out) {
  if (stream == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    stream->stream.Finish(out->all, length);
    return EDICT_OK;
  });
}

edict_status edict_stream_pin(edict_stream* stream, int pinned) {
  if (stream == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    pinned != 0 ? stream->stream.Pin() : stream->stream.Unpin();
    return EDICT_OK;
  });
}

edict_status edict_stream_use_threads(edict_stream* stream, uint32_t threads) {
  if (stream == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    stream->stream.UseHelpers(threads == 1 ? nullptr : edict::MakeHelpers(threads));
    return EDICT_OK;
  });
}

edict_status edict_stream_get_stats(const edict_stream* stream, edict_stream_stats* out) {
  if (stream == nullptr) return EDICT_BAD_ARGUMENT;
  const edict::StreamStats& stats = stream->stream.stats();
  edict_stream_stats c{};
  c.events = stats.events;
  c.not_validated = stats.not_validated;
  for (size_t i = 0; i < 4; ++i) c.findings[i] = stats.findings[i];
  c.state_bytes = stats.state_bytes;
  c.bytes = stream->stream.bytes();
  c.generation = stream->stream.generation();
  c.time = stream->stream.Time();
  c.ended = stream->stream.ended() ? 1 : 0;
  return WriteStruct(c, out);
}

edict_status edict_set_new(const edict_engine* engine, const edict_set_options* options, edict_set** out) {
  edict_set_options read;
  edict::StreamSetOptions limits;
  if (engine == nullptr || out == nullptr || !ReadSetOptions(options, read, limits)) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    *out = new edict_set{edict::StreamSet(engine->engine, limits)};
    return EDICT_OK;
  });
}

void edict_set_free(edict_set* set) { delete set; }

edict_status edict_set_feed(edict_set* set, const char* key, size_t key_size, const char* json, size_t size, uint64_t offset,
                            edict_findings* out) {
  if (set == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    set->set.At(View(key, key_size), out->all).FeedRecord(View(json, size), offset, out->all);
    return EDICT_OK;
  });
}

edict_status edict_set_feed_fault(edict_set* set, const char* key, size_t key_size, const char* message, size_t size,
                                  uint64_t offset, edict_findings* out) {
  if (set == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    set->set.At(View(key, key_size), out->all).FeedFault(View(message, size), offset, out->all);
    return EDICT_OK;
  });
}

edict_status edict_set_tick(edict_set* set, const char* key, size_t key_size, int64_t time, edict_findings* out) {
  if (set == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    set->set.At(View(key, key_size), out->all).Tick(time, out->all);
    return EDICT_OK;
  });
}

edict_status edict_set_finish(edict_set* set, const char* key, size_t key_size, edict_findings* out) {
  if (set == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] { return set->set.Finish(View(key, key_size), out->all) ? EDICT_OK : EDICT_NOT_FOUND; });
}

edict_status edict_set_finish_all(edict_set* set, edict_findings* out) {
  if (set == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    set->set.FinishAll(out->all);
    return EDICT_OK;
  });
}

edict_status edict_set_get_stats(const edict_set* set, edict_set_stats* out) {
  return set == nullptr ? EDICT_BAD_ARGUMENT : WriteStats(set->set.stats(), out);
}

edict_status edict_parallel_new(const edict_engine* engine, const edict_set_options* options, edict_parallel** out) {
  edict_set_options read;
  edict::ParallelOptions parallel;
  if (engine == nullptr || out == nullptr || !ReadSetOptions(options, read, parallel.streams)) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    parallel.threads = read.threads;
    parallel.key = Name(read.key);
    parallel.payload = Name(read.payload);
    if (read.strays != nullptr) parallel.strays = read.strays;
    *out = new edict_parallel{edict::ParallelStreams(engine->engine, parallel)};
    return EDICT_OK;
  });
}

void edict_parallel_free(edict_parallel* parallel) { delete parallel; }

edict_status edict_parallel_take_lines(edict_parallel* parallel, const char* text, size_t size, uint64_t offset,
                                       const edict_stop* stop, edict_findings* out, size_t* taken) {
  edict::StopWhen when;
  if (parallel == nullptr || out == nullptr || taken == nullptr || !ReadStop(stop, when)) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    bool stopped = false;
    *taken = parallel->streams.TakeLines(View(text, size), offset, out->all, {}, when, &stopped);
    return stopped ? EDICT_STOPPED : EDICT_OK;
  });
}

edict_status edict_parallel_add(edict_parallel* parallel, const char* record, size_t size, uint64_t offset) {
  if (parallel == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    parallel->streams.Add(View(record, size), offset);
    return EDICT_OK;
  });
}

edict_status edict_parallel_add_event(edict_parallel* parallel, const char* key, size_t key_size, const char* json, size_t size,
                                      uint64_t offset) {
  if (parallel == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    parallel->streams.AddEvent(View(key, key_size), View(json, size), offset);
    return EDICT_OK;
  });
}

edict_status edict_parallel_add_fault(edict_parallel* parallel, const char* message, size_t size, uint64_t offset) {
  if (parallel == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    parallel->streams.AddFault(View(message, size), offset);
    return EDICT_OK;
  });
}

size_t edict_parallel_added_bytes(const edict_parallel* parallel) {
  return parallel == nullptr ? 0 : parallel->streams.added_bytes();
}

edict_status edict_parallel_judge(edict_parallel* parallel, edict_findings* out) {
  if (parallel == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    parallel->streams.Judge(out->all);
    return EDICT_OK;
  });
}

edict_status edict_parallel_finish(edict_parallel* parallel, const char* key, size_t key_size, edict_findings* out) {
  if (parallel == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] { return parallel->streams.Finish(View(key, key_size), out->all) ? EDICT_OK : EDICT_NOT_FOUND; });
}

edict_status edict_parallel_finish_all(edict_parallel* parallel, edict_findings* out) {
  if (parallel == nullptr || out == nullptr) return EDICT_BAD_ARGUMENT;
  return Guarded([&] {
    parallel->streams.FinishAll(out->all);
    return EDICT_OK;
  });
}

edict_status edict_parallel_get_stats(const edict_parallel* parallel, edict_set_stats* out) {
  return parallel == nullptr ? EDICT_BAD_ARGUMENT : WriteStats(parallel->streams.stats(), out);
}
}
