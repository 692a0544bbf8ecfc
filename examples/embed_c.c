/* The same from C: load rules, feed a stream, change the rules while it is open, look at what was found. */
#include <stdio.h>
#include <string.h>

#include "runtime/capi/edict.h"

static int failed(const char* what, edict_error* error) {
  fprintf(stderr, "%s: %s\n", what, edict_error_text(error));
  edict_error_free(error);
  return 2;
}

static void print(void* user, const edict_finding* finding) {
  ++*(int*)user;
  printf("event %llu: %s: %.*s\n", (unsigned long long)finding->index, finding->code, (int)finding->message_size, finding->message);
}

int main(int argc, char** argv) {
  static const char kEvents[] =
      "{\"type\":\"RUN_STARTED\",\"threadId\":\"t1\",\"runId\":\"r1\"}\n"
      "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m1\",\"delta\":\"Hello\"}\n";
  static const char kEnd[] = "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\"}";
  edict_error* error = NULL;
  edict_engine* engine = NULL;
  edict_stream* stream = NULL;
  edict_findings* found = edict_findings_new();
  edict_reload_report report = EDICT_RELOAD_REPORT_INIT;
  edict_stream_stats stats = EDICT_STREAM_STATS_INIT;
  edict_stop stop = EDICT_STOP_INIT;
  edict_load load = EDICT_LOAD_INIT;
  size_t taken = 0;
  int count = 0;

  load.root = "agui.verify";
  load.search_path = argc > 1 ? argv[1] : "stdlib-rules";
  if (edict_engine_load(&load, NULL, &engine, &error) != EDICT_OK) return failed("the rules do not load", error);
  edict_stream_open(engine, "session-1", strlen("session-1"), &stream);
  stop.timeout_ns = 1000000000;
  if (edict_stream_feed_lines(stream, kEvents, strlen(kEvents), 0, &stop, found, &taken) != EDICT_OK) return 1;

  /* Rules of another package; the stream goes on. A set that does not load would change nothing. */
  load.root = "agui.conformance";
  if (edict_engine_reload(engine, &load, &report, &error) != EDICT_OK) return failed("the rules do not reload", error);
  edict_stream_feed(stream, kEnd, strlen(kEnd), taken, found);
  edict_engine_roll_back(engine, 1, NULL, NULL);
  edict_stream_finish(stream, 0, found);
  edict_stream_get_stats(stream, &stats);

  edict_findings_take(found, print, &count);
  printf("%llu events, rules %llu to %llu and back\n", (unsigned long long)stats.events, (unsigned long long)report.from,
         (unsigned long long)report.to);
  edict_stream_free(stream);
  edict_findings_free(found);
  edict_engine_free(engine);
  return count > 0 && stats.events == 3 && report.to == 2 ? 0 : 1;
}
