/* Judges a file of NDJSON by a rule set that `edict build` made, from C: what examples/judge_artefact.cc does in C++. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/capi/edict.h"

struct found {
  int errors;
};

static void print(void* user, const edict_finding* finding) {
  struct found* found = (struct found*)user;
  printf("event %llu: %s: %.*s\n", (unsigned long long)finding->index, finding->code, (int)finding->message_size, finding->message);
  if (finding->severity >= EDICT_ERROR) found->errors = 1;
}

int main(int argc, char** argv) {
  static char block[1 << 16];
  edict_error* error = NULL;
  edict_engine* engine = NULL;
  edict_stream* stream = NULL;
  edict_findings* findings = edict_findings_new();
  edict_load load = EDICT_LOAD_INIT;
  struct found found = {0};
  uint64_t offset = 0;
  size_t size = 0; /* of the block: a line that is not whole yet stays at its front */
  size_t got = 0;
  FILE* file = argc == 3 ? fopen(argv[2], "rb") : NULL;
  if (file == NULL) {
    fprintf(stderr, "usage: judge_file ARTEFACT EVENTS.ndjson\n");
    return 2;
  }
  load.root = argv[1];
  if (edict_engine_load(&load, NULL, &engine, &error) != EDICT_OK) {
    fprintf(stderr, "%s\n", edict_error_text(error));
    edict_error_free(error);
    return 2;
  }
  edict_stream_open(engine, argv[2], strlen(argv[2]), &stream);
  while ((got = fread(block + size, 1, sizeof block - size, file)) > 0) {
    size_t lines = size + got;
    size += got;
    while (lines > 0 && block[lines - 1] != '\n') --lines;
    if (lines == 0 && size < sizeof block) continue;
    if (lines == 0) lines = size; /* longer than a block: more than this example takes, a damaged event */
    edict_stream_feed_lines(stream, block, lines, offset, NULL, findings, NULL);
    edict_findings_take(findings, print, &found);
    offset += lines;
    size -= lines;
    memmove(block, block + lines, size);
  }
  edict_stream_feed_lines(stream, block, size, offset, NULL, findings, NULL);
  edict_stream_finish(stream, offset + size, findings);
  edict_findings_take(findings, print, &found);
  fclose(file);
  edict_stream_free(stream);
  edict_findings_free(findings);
  edict_engine_free(engine);
  return found.errors;
}
