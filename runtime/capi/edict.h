/* Edict's C interface: rules on streams of JSON events, from C and whatever calls C.
 *
 *   edict_engine* engine = NULL;
 *   edict_load load = EDICT_LOAD_INIT;
 *   load.root = "agui.verify";
 *   load.search_path = "stdlib-rules";
 *   edict_error* error = NULL;
 *   if (edict_engine_load(&load, NULL, &engine, &error) != EDICT_OK) { puts(edict_error_text(error)); ... }
 *   edict_stream* stream = NULL;
 *   edict_stream_open(engine, "session-1", 9, &stream);
 *   edict_findings* found = edict_findings_new();
 *   edict_stream_feed(stream, json, size, offset, found);
 *   edict_stream_finish(stream, found);
 *
 * Handles are opaque; what a function makes is freed by the function of the same family that ends in _free, and NULL may be
 * freed. Structs begin with struct_size, which the *_INIT macros set: a library that is newer or older than the program reads and
 * writes only what both know. New members come at the end. Texts that go in are pointer and size, and need no final zero, unless
 * they are called a name or a path; they are not referred to after the call. Texts that come out are zero-terminated as well, but
 * may hold zeros.
 *
 * Threads: an engine and rules may be used by any number of threads at once. A stream, a set, a parallel, findings and an error
 * belong to one thread at a time. Nothing is global, nothing is printed, no C++ exception leaves a function. What is wrong with an
 * event is a finding, never a status.
 */
#ifndef EDICT_H_
#define EDICT_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
template <typename Struct>
Struct edict_sized() {
  Struct sized = Struct();
  sized.struct_size = sizeof(Struct);
  return sized;
}
#define EDICT_SIZED_(type) edict_sized<type>()
extern "C" {
#else
#define EDICT_SIZED_(type) \
  { .struct_size = sizeof(type) }
#endif

#if defined(__GNUC__)
#define EDICT_API __attribute__((visibility("default")))
#else
#define EDICT_API
#endif

/* Of this header. A library of the same major version has all that a program of an older or equal minor version needs. */
#define EDICT_ABI_MAJOR 1
#define EDICT_ABI_MINOR 2
EDICT_API void edict_abi_version(int* major, int* minor);

typedef enum edict_status {
  EDICT_OK = 0,
  EDICT_STOPPED = 1,      /* the call was cancelled, or its deadline has come: not all was judged */
  EDICT_NOT_FOUND = 2,    /* no such stream, no rule set to go back to */
  EDICT_BAD_ARGUMENT = 3, /* a NULL where none may be, a struct_size that no version has */
  EDICT_BAD_RULES = 4,    /* the rules do not load; the error says why, with places */
  EDICT_NO_NATIVE = 5,    /* no native code: no compiler in this build, or no executable memory */
  EDICT_OUT_OF_MEMORY = 6
} edict_status;

typedef struct edict_engine edict_engine;
typedef struct edict_stream edict_stream;
typedef struct edict_set edict_set;
typedef struct edict_parallel edict_parallel;
typedef struct edict_findings edict_findings;
typedef struct edict_error edict_error;
typedef struct edict_cancel edict_cancel;
typedef struct edict_host_call edict_host_call;

/* ---- errors -------------------------------------------------------------------------------------------------------------- */

/* Functions with an `edict_error** error` set it when they fail, if it is not NULL; the caller frees it. */
EDICT_API const char* edict_error_text(const edict_error* error);
EDICT_API void edict_error_free(edict_error* error);

/* ---- findings ------------------------------------------------------------------------------------------------------------ */

typedef enum edict_severity { EDICT_INFO = 0, EDICT_WARNING = 1, EDICT_ERROR = 2, EDICT_CRITICAL = 3 } edict_severity;

/* Texts live until the findings are cleared or freed, or more are found. */
typedef struct edict_finding {
  size_t struct_size;
  const char* stream; /* key of the stream */
  size_t stream_size;
  uint64_t index;  /* of the event in its stream, from 0; of a finding at the end: the number of events */
  uint64_t offset; /* byte of the blamed value within the input, counted by the offsets that were fed */
  int severity;    /* edict_severity */
  const char* code;
  const char* path; /* JSON Pointer (RFC 6901) of the blamed value within the event; "": the event itself */
  size_t path_size;
  const char* message;
  size_t message_size;
  const char* rule;
  const char* package;
  const char* fix;
  const char* see;
} edict_finding;
#define EDICT_FINDING_INIT EDICT_SIZED_(edict_finding)

/* The caller's buffer, to which calls append in the order of the input. NULL where there is no memory. */
EDICT_API edict_findings* edict_findings_new(void);
EDICT_API void edict_findings_free(edict_findings* findings);
EDICT_API void edict_findings_clear(edict_findings* findings);
EDICT_API size_t edict_findings_count(const edict_findings* findings);
EDICT_API edict_status edict_findings_get(const edict_findings* findings, size_t at, edict_finding* out);
/* Calls `each` for every finding, in order, and clears them. */
typedef void (*edict_finding_function)(void* user, const edict_finding* finding);
EDICT_API edict_status edict_findings_take(edict_findings* findings, edict_finding_function each, void* user);

/* ---- engines and their rules --------------------------------------------------------------------------------------------- */

/* What to load; all that is set is loaded together as one rule set. An artefact is loaded by itself. */
typedef struct edict_load {
  size_t struct_size;
  const char* root; /* a rule file, a folder, the name of a package, or the path of an artefact; NULL: none */
  const char* text; /* rule text; NULL: none */
  size_t text_size;
  const char* text_name; /* as diagnostics show it; NULL: "text" */
  const void* artefact;  /* bytes of an artefact; NULL: none */
  size_t artefact_size;
  const char* search_path; /* folders of imports and packages, separated by colons; NULL: none */
  const char* profile;     /* NULL: none */
  const char* params;      /* NAME=EXPR, one a line; NULL: none */
  int no_object_code;      /* 1: native code of an artefact is not used */
  /* Since 1.1. 1: the checks of an event run in the order in which the first one that fails is expected the soonest, */
  int order_checks;
  const char* costs; /* by what edict_engine_cost_profile has measured; NULL: by estimates */
  size_t costs_size;
} edict_load;
#define EDICT_LOAD_INIT EDICT_SIZED_(edict_load)

/* A function that the rules declare as `host fn`. It must be pure: the same arguments give the same answer for as long as the
 * engine lives, and nothing tells whether, how often or in which order it is called; by every thread that feeds streams, several at
 * once. It must return, and not feed the stream, set or parallel that calls it. */
typedef void (*edict_host_callback)(void* user, edict_host_call* call);
typedef struct edict_host_function {
  size_t struct_size;
  const char* signature; /* "is_allowed(string, string): bool", as declared; parameters may have names */
  edict_host_callback call;
  void* user; /* outlives the engine and its streams */
} edict_host_function;
#define EDICT_HOST_FUNCTION_INIT EDICT_SIZED_(edict_host_function)

/* Within a call: argument `at`, from 0. 0 where there is none, or it is of another type. */
EDICT_API int edict_host_bool(const edict_host_call* call, size_t at);
EDICT_API int64_t edict_host_int(const edict_host_call* call, size_t at);
EDICT_API uint64_t edict_host_uint(const edict_host_call* call, size_t at);
EDICT_API double edict_host_double(const edict_host_call* call, size_t at);
/* A string (UTF-8, which may hold lone surrogates) or bytes; not zero-terminated, until the function returns. */
EDICT_API const char* edict_host_text(const edict_host_call* call, size_t at, size_t* size);
/* A timestamp, seconds since 1970-01-01T00:00:00Z, or a duration. `nanos` may be NULL. */
EDICT_API int64_t edict_host_time(const edict_host_call* call, size_t at, int32_t* nanos);

/* The answer, of the type that is declared; the last one counts. Without one, or with one of another type, the call is an error
 * of evaluation. Text is copied, at most 64 KiB; a string is UTF-8. */
EDICT_API void edict_host_return_bool(edict_host_call* call, int value);
EDICT_API void edict_host_return_int(edict_host_call* call, int64_t value);
EDICT_API void edict_host_return_uint(edict_host_call* call, uint64_t value);
EDICT_API void edict_host_return_double(edict_host_call* call, double value);
EDICT_API void edict_host_return_text(edict_host_call* call, const char* text, size_t size);
EDICT_API void edict_host_return_time(edict_host_call* call, int64_t seconds, int32_t nanos);
/* There is none: an error of evaluation, for the reason that `why` says. */
EDICT_API void edict_host_fail(edict_host_call* call, const char* why, size_t size);

/* The cache of array elements: where it pays, always, never. */
enum edict_cache { EDICT_CACHE_AUTO = 0, EDICT_CACHE_ON = 1, EDICT_CACHE_OFF = 2 };

/* Each 0 stands for the default of runtime/engine.h. */
typedef struct edict_engine_options {
  size_t struct_size;
  uint64_t max_record_bytes;
  uint32_t max_json_depth;
  uint32_t max_findings_per_event;
  int64_t fuel_per_event;
  uint64_t max_state_bytes;
  uint64_t max_state_string_bytes;
  uint32_t kept_generations;
  int pin_streams;
  /* Since 1.1. Also for rules that are loaded later. */
  const edict_host_function* host_functions; /* an array; NULL: none. Copied */
  size_t host_function_count;
  int cache; /* edict_cache */
  uint64_t max_cache_bytes;
  int fail_fast;        /* 1: of an event only the first finding */
  double profile_share; /* of the time, for edict_engine_cost_profile; 0: nothing is measured */
} edict_engine_options;
#define EDICT_ENGINE_OPTIONS_INIT EDICT_SIZED_(edict_engine_options)

/* `options` may be NULL. EDICT_BAD_RULES also where the rules call a host function that is not given, or has another signature. */
EDICT_API edict_status edict_engine_load(const edict_load* load, const edict_engine_options* options, edict_engine** out,
                                         edict_error** error);
/* Streams, sets and parallels outlive their engine safely. */
EDICT_API void edict_engine_free(edict_engine* engine);
/* 1: this build has the compiler, for rule text and native code; 0: it loads artefacts only. */
EDICT_API int edict_has_compiler(void);
/* Native code for the current rules; takes milliseconds to seconds, while which other threads may use the engine. */
EDICT_API edict_status edict_engine_compile_native(edict_engine* engine, edict_error** error);

typedef struct edict_reload_report {
  size_t struct_size;
  uint64_t from; /* numbers of the rule sets, from 1 */
  uint64_t to;
  uint64_t streams; /* open on other sets at that moment */
  const char* text; /* what becomes of each state declaration, a line each; lives until the engine's next reload, or its end */
} edict_reload_report;
#define EDICT_RELOAD_REPORT_INIT EDICT_SIZED_(edict_reload_report)

/* Other rules: streams go on with them at their next event. On failure the engine keeps what it has. `report` may be NULL. One
 * thread at a time for each engine, if it looks at the report's text. */
EDICT_API edict_status edict_engine_reload(edict_engine* engine, const edict_load* load, edict_reload_report* report,
                                           edict_error** error);
/* `back`: 1 is the set that was current before. EDICT_NOT_FOUND: there is none. */
EDICT_API edict_status edict_engine_roll_back(edict_engine* engine, uint32_t back, edict_reload_report* report,
                                              edict_error** error);
EDICT_API uint64_t edict_engine_generation(const edict_engine* engine);
/* Of the current rules: 32 hex digits and a final zero. */
EDICT_API edict_status edict_engine_hash(const edict_engine* engine, char out[33]);

/* A rule set that the engine has, or that streams are still on. */
typedef struct edict_generation {
  size_t struct_size;
  uint64_t number;
  int current;
  int kept;
  int native;
  uint64_t streams;
} edict_generation;
#define EDICT_GENERATION_INIT EDICT_SIZED_(edict_generation)
EDICT_API size_t edict_engine_generation_count(const edict_engine* engine);
/* In order of their numbers. EDICT_NOT_FOUND: there are fewer by now. */
EDICT_API edict_status edict_engine_generation_at(const edict_engine* engine, size_t at, edict_generation* out);

/* ---- what an engine has done --------------------------------------------------------------------------------------------- */

/* Texts are the caller's, and end with a zero, which `size` (may be NULL) does not count. Since 1.1. */
EDICT_API void edict_text_free(char* text);
/* Counters, latency, memory and the cache, in the text format of Prometheus. */
EDICT_API edict_status edict_engine_metrics(const edict_engine* engine, char** text, size_t* size);
/* What the rules have cost, as `profile_share` has it measured: JSON, for edict_load.costs. */
EDICT_API edict_status edict_engine_cost_profile(const edict_engine* engine, char** text, size_t* size);

/* ---- when to stop early -------------------------------------------------------------------------------------------------- */

/* May be cancelled by any thread. Once cancelled, calls that are given it stop, until it is reset. */
EDICT_API edict_cancel* edict_cancel_new(void);
EDICT_API void edict_cancel_free(edict_cancel* cancel);
EDICT_API void edict_cancel_now(edict_cancel* cancel);
EDICT_API void edict_cancel_reset(edict_cancel* cancel);

typedef struct edict_stop {
  size_t struct_size;
  const edict_cancel* cancel; /* NULL: nobody cancels */
  int64_t timeout_ns;         /* from the call on, monotonic; 0: none. Never within an event */
} edict_stop;
#define EDICT_STOP_INIT EDICT_SIZED_(edict_stop)

/* ---- one stream ---------------------------------------------------------------------------------------------------------- */

EDICT_API edict_status edict_stream_open(const edict_engine* engine, const char* key, size_t key_size, edict_stream** out);
/* The stream need not be finished. */
EDICT_API void edict_stream_free(edict_stream* stream);
/* One event as JSON text, which starts at byte `offset` of the input. */
EDICT_API edict_status edict_stream_feed(edict_stream* stream, const char* json, size_t size, uint64_t offset, edict_findings* out);
/* NDJSON, one event a line; the fastest way. `taken` may be NULL: bytes that were judged, all but after EDICT_STOPPED. `stop` may
 * be NULL. */
EDICT_API edict_status edict_stream_feed_lines(edict_stream* stream, const char* lines, size_t size, uint64_t offset,
                                               const edict_stop* stop, edict_findings* out, size_t* taken);
/* An event that could not be read from its framing. */
EDICT_API edict_status edict_stream_feed_fault(edict_stream* stream, const char* message, size_t size, uint64_t offset,
                                               edict_findings* out);
/* Time has come to `time`, nanoseconds since 1970-01-01T00:00:00Z: deadlines that are past are findings. */
EDICT_API edict_status edict_stream_tick(edict_stream* stream, int64_t time, edict_findings* out);
/* The end; once. `length`: bytes of the input, if it reaches beyond the last event, else 0. */
EDICT_API edict_status edict_stream_finish(edict_stream* stream, uint64_t length, edict_findings* out);
/* The stream stays on the rule set that it is on; 0: no longer. */
EDICT_API edict_status edict_stream_pin(edict_stream* stream, int pinned);

/* Large values of its events that no rule reads are scanned by so many threads from now on, where that is sooner; 0: one for each
   core, 1: by the caller's alone, as at first. Findings are the same. */
EDICT_API edict_status edict_stream_use_threads(edict_stream* stream, uint32_t threads);

typedef struct edict_stream_stats {
  size_t struct_size;
  uint64_t events;
  uint64_t not_validated; /* after a critical finding had ended the stream */
  uint64_t findings[4];   /* by edict_severity */
  uint64_t state_bytes;
  uint64_t bytes;      /* with what every stream takes */
  uint64_t generation; /* of the rules that judged the last event */
  int64_t time;        /* of the stream, as for edict_stream_tick; 0: none yet */
  int ended;           /* 1: by a critical finding */
} edict_stream_stats;
#define EDICT_STREAM_STATS_INIT EDICT_SIZED_(edict_stream_stats)
EDICT_API edict_status edict_stream_get_stats(const edict_stream* stream, edict_stream_stats* out);

/* ---- many streams, one thread -------------------------------------------------------------------------------------------- */

/* Each 0 stands for the default. Beyond a limit the stream that is idle the longest is ended, with a finding EDICT_EVICTED. */
typedef struct edict_set_options {
  size_t struct_size;
  uint64_t max_streams;
  uint64_t max_bytes;
  /* Of an edict_parallel only: */
  uint32_t threads;    /* 0: one for each core */
  const char* key;     /* JSON Pointer of the stream's key in each record; NULL: all are one stream's */
  const char* payload; /* JSON Pointer of the event in each record; NULL: the record itself */
  const char* strays;  /* name of the stream of records that belong to none; NULL: "input" */
} edict_set_options;
#define EDICT_SET_OPTIONS_INIT EDICT_SIZED_(edict_set_options)

typedef struct edict_set_stats {
  size_t struct_size;
  uint64_t opened;
  uint64_t evicted;
  uint64_t most_open;
  uint64_t bytes;
  uint64_t most_bytes;
  uint64_t ended_events; /* of streams that have ended, as what follows */
  uint64_t ended_not_validated;
  uint64_t ended_findings[4];
} edict_set_stats;
#define EDICT_SET_STATS_INIT EDICT_SIZED_(edict_set_stats)

EDICT_API edict_status edict_set_new(const edict_engine* engine, const edict_set_options* options, edict_set** out);
EDICT_API void edict_set_free(edict_set* set);
/* One event of the stream of this key, which is opened if need be. */
EDICT_API edict_status edict_set_feed(edict_set* set, const char* key, size_t key_size, const char* json, size_t size,
                                      uint64_t offset, edict_findings* out);
EDICT_API edict_status edict_set_feed_fault(edict_set* set, const char* key, size_t key_size, const char* message, size_t size,
                                            uint64_t offset, edict_findings* out);
EDICT_API edict_status edict_set_tick(edict_set* set, const char* key, size_t key_size, int64_t time, edict_findings* out);
/* EDICT_NOT_FOUND: there is no such stream. */
EDICT_API edict_status edict_set_finish(edict_set* set, const char* key, size_t key_size, edict_findings* out);
/* All, in the order in which they were opened. */
EDICT_API edict_status edict_set_finish_all(edict_set* set, edict_findings* out);
EDICT_API edict_status edict_set_get_stats(const edict_set* set, edict_set_stats* out);

/* ---- many streams, several threads --------------------------------------------------------------------------------------- */

/* Findings come out in the order of the input, the same whatever the number of threads. The caller's thread works as well. */
EDICT_API edict_status edict_parallel_new(const edict_engine* engine, const edict_set_options* options, edict_parallel** out);
EDICT_API void edict_parallel_free(edict_parallel* parallel);
/* Whole lines from the front of NDJSON text; `taken` gets their bytes. What is left, some 64 bytes or a line that is too long, is
 * to be added record by record, or to be given again with what follows. */
EDICT_API edict_status edict_parallel_take_lines(edict_parallel* parallel, const char* text, size_t size, uint64_t offset,
                                                 const edict_stop* stop, edict_findings* out, size_t* taken);
/* A record with its key in it; an event whose key is known; a fault of the framing. Each is copied, and judged by the next
 * edict_parallel_judge. */
EDICT_API edict_status edict_parallel_add(edict_parallel* parallel, const char* record, size_t size, uint64_t offset);
EDICT_API edict_status edict_parallel_add_event(edict_parallel* parallel, const char* key, size_t key_size, const char* json,
                                                size_t size, uint64_t offset);
EDICT_API edict_status edict_parallel_add_fault(edict_parallel* parallel, const char* message, size_t size, uint64_t offset);
EDICT_API size_t edict_parallel_added_bytes(const edict_parallel* parallel);
EDICT_API edict_status edict_parallel_judge(edict_parallel* parallel, edict_findings* out);
EDICT_API edict_status edict_parallel_finish(edict_parallel* parallel, const char* key, size_t key_size, edict_findings* out);
EDICT_API edict_status edict_parallel_finish_all(edict_parallel* parallel, edict_findings* out);
EDICT_API edict_status edict_parallel_get_stats(const edict_parallel* parallel, edict_set_stats* out);

#ifdef __cplusplus
}
#endif

#endif /* EDICT_H_ */
