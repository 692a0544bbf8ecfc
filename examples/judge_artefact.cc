// Judging NDJSON by a built artefact, without rules and without the compiler: `edict build -r agui.verify -o agui.edict`, then
// `judge_artefact agui.edict events.ndjson`, or with many streams in one file, judged by several threads,
// `judge_artefact agui.edict events.ndjson /sessionId 2`. Exit codes as of `edict run`: 0 clean, 1 errors were found, 2 could not
// run.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "runtime/artefact/artefact.h"
#include "runtime/engine.h"
#include "runtime/parallel_streams.h"

namespace {

bool ReadFile(const char* name, std::string& text) {
  std::ifstream in(name, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  text = std::move(all).str();
  return in.good();
}

std::vector<edict::Finding> JudgeOne(const edict::Engine& engine, const char* name, const std::string& events) {
  std::vector<edict::Finding> findings;
  edict::Stream stream = engine.Open(name);
  stream.FeedLines(events, 0, findings);
  stream.Finish(findings, events.size());
  return findings;
}

std::vector<edict::Finding> JudgeMany(const edict::Engine& engine, const char* key, unsigned threads, std::string events) {
  edict::ParallelOptions options;
  options.key = key;
  options.threads = threads;
  edict::ParallelStreams streams(engine, options);
  std::vector<edict::Finding> findings;
  events.append("\n").append(64, ' ');  // behind the last line can be read
  streams.TakeLines(events, 0, findings);
  streams.FinishAll(findings);
  return findings;
}

}  // namespace

int main(int argc, char** argv) {
  std::string events;
  if (argc < 3 || argc > 5 || !ReadFile(argv[2], events)) {
    std::fprintf(stderr, "usage: judge_artefact ARTEFACT EVENTS.ndjson [KEY [THREADS]]\n");
    return 2;
  }
  edict::Result<edict::Artefact> artefact = edict::ReadArtefact(argv[1]);
  if (!artefact.ok()) {
    std::fprintf(stderr, "%s\n", artefact.error().message.c_str());
    return 2;
  }
  edict::Engine engine(artefact.value().program);
  // Object code is run as it is: only of those whom we trust. What does not fit here is no loss but of speed.
  edict::Result<edict::LoadedObjectCode> native = edict::LoadObjectCode(artefact.value());
  if (native.ok()) engine.UseNative(native.value().code);
  std::fprintf(stderr, "%s\n", native.ok() ? native.value().cpu.c_str() : native.error().message.c_str());

  const auto threads = static_cast<unsigned>(argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 0);
  const std::vector<edict::Finding> findings =
      argc > 3 ? JudgeMany(engine, argv[3], threads, std::move(events)) : JudgeOne(engine, argv[2], events);
  bool errors = false;
  for (const edict::Finding& finding : findings) {
    if (argc > 3) std::printf("%s: ", finding.stream.c_str());
    std::printf("event %llu: %s: %s\n", static_cast<unsigned long long>(finding.index), finding.code.c_str(),
                finding.message.c_str());
    errors = errors || finding.severity >= edict::Severity::kError;
  }
  return errors ? 1 : 0;
}
