// Many sessions at once: events of 1,000 streams, interleaved, are judged in batches by two threads. Findings come out in the order
// of the input, whatever the number of threads.
#include <cstdio>
#include <string>
#include <vector>

#include "compiler/default_compiler.h"
#include "runtime/parallel_streams.h"
#include "runtime/rules.h"

namespace {

constexpr int kSessions = 1000;

// What a server has gathered from its connections: the events of one moment, each with its session.
void Add(edict::ParallelStreams& streams, const std::string& event, uint64_t& offset) {
  for (int session = 0; session < kSessions; ++session) {
    streams.AddEvent("session-" + std::to_string(session), event, offset);
    offset += event.size() + 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  edict::RuleSource source;
  source.roots = {"agui.verify"};
  source.search_paths = {argc > 1 ? argv[1] : "stdlib-rules"};
  const edict::compiler::DefaultCompiler compiler;
  const edict::Result<edict::Rules> rules = edict::LoadRules(source, &compiler);
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", rules.error().message.c_str());
    return 2;
  }
  edict::ParallelOptions options;
  options.threads = 2;
  edict::ParallelStreams streams(edict::MakeEngine(rules.value()).value(), options);

  std::vector<edict::Finding> findings;
  uint64_t offset = 0;
  for (const char* event : {R"({"type":"RUN_STARTED","threadId":"t","runId":"r"})",
                            R"({"type":"TEXT_MESSAGE_START","messageId":"m","role":"assistant"})",
                            R"({"type":"TEXT_MESSAGE_CONTENT","messageId":"m","delta":"Hello"})"}) {
    Add(streams, event, offset);
    streams.Judge(findings);
  }
  // One session speaks of a message that it never began; the others end theirs.
  streams.AddEvent("session-7", R"({"type":"TEXT_MESSAGE_CONTENT","messageId":"x","delta":"?"})", offset);
  Add(streams, R"({"type":"TEXT_MESSAGE_END","messageId":"m"})", offset);
  Add(streams, R"({"type":"RUN_FINISHED","threadId":"t","runId":"r"})", offset);
  streams.Judge(findings);
  streams.FinishAll(findings);

  for (const edict::Finding& finding : findings) {
    std::printf("%s, event %llu: %s\n", finding.stream.c_str(), static_cast<unsigned long long>(finding.index),
                finding.message.c_str());
  }
  std::printf("%llu events of %llu streams\n", static_cast<unsigned long long>(streams.stats().ended.events),
              static_cast<unsigned long long>(streams.stats().opened));
  return findings.size() == 1 && findings[0].stream == "session-7" && streams.stats().ended.events == 5001 ? 0 : 1;
}
