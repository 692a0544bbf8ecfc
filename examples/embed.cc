// The smallest embedding: load a standard package, open a stream, feed it events, read the findings.
#include <cstdio>
#include <vector>

#include "compiler/default_compiler.h"
#include "runtime/engine.h"
#include "runtime/rules.h"

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

  edict::Engine engine = edict::MakeEngine(rules.value()).value();
  edict::Stream stream = engine.Open("session-1");
  std::vector<edict::Finding> findings;
  uint64_t offset = 0;
  for (std::string_view event : {R"({"type": "RUN_STARTED", "threadId": "t1", "runId": "r1"})",
                                 R"({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m1", "delta": "Hello"})",
                                 R"({"type": "RUN_FINISHED", "threadId": "t1", "runId": "r1"})"}) {
    stream.FeedRecord(event, offset, findings);
    offset += event.size() + 1;
  }
  stream.Finish(findings);

  for (const edict::Finding& finding : findings) {
    std::printf("event %llu: %s: %s (at %s)\n", static_cast<unsigned long long>(finding.index), finding.code.c_str(),
                finding.message.c_str(), finding.path.c_str());
  }
  // One fault: the text has no TEXT_MESSAGE_START.
  return findings.size() == 1 && findings[0].code == "VERIFY_TEXT_NOT_OPEN" ? 0 : 1;
}
