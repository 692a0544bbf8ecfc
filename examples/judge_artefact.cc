// Judging NDJSON by a built artefact, without rules and without the compiler: `edict build -r agui.verify -o agui.edict`, then
// `judge_artefact agui.edict events.ndjson`. Exit codes as of `edict run`: 0 clean, 1 errors were found, 2 could not run.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <vector>

#include "runtime/artefact/artefact.h"
#include "runtime/engine.h"

namespace {

bool ReadFile(const char* name, std::string& text) {
  std::ifstream in(name, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  text = std::move(all).str();
  return in.good();
}

}  // namespace

int main(int argc, char** argv) {
  std::string events;
  if (argc != 3 || !ReadFile(argv[2], events)) {
    std::fprintf(stderr, "usage: judge_artefact ARTEFACT EVENTS.ndjson\n");
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

  std::vector<edict::Finding> findings;
  edict::Stream stream = engine.Open(argv[2]);
  stream.FeedLines(events, 0, findings);
  stream.Finish(findings, events.size());
  bool errors = false;
  for (const edict::Finding& finding : findings) {
    std::printf("event %llu: %s: %s\n", static_cast<unsigned long long>(finding.index), finding.code.c_str(),
                finding.message.c_str());
    errors = errors || finding.severity >= edict::Severity::kError;
  }
  return errors ? 1 : 0;
}
