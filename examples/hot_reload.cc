// Rules that change while a conversation runs: the stream goes on with the new ones, its state is carried over, and a step
// that was wrong is taken back.
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/compiler.h"
#include "runtime/engine.h"

namespace {

// Messages up to `longest` characters; how many there were is state.
std::shared_ptr<const edict::Program> Rules(int longest, const std::string& more = "") {
  edict::compiler::CompileOptions options;
  options.texts.push_back({"chat.rules",
                           "event Event by type { SAY { text: string } }\n"
                           "state said: int = 0\n"
                           "on SAY { said += 1 }\n"
                           "rule SHORT \"messages are short\" {\n"
                           "  on SAY as e\n"
                           "  require size(e.text) <= " +
                               std::to_string(longest) +
                               " at e.text\n"
                               "  message \"message {said} is longer than " +
                               std::to_string(longest) +
                               "\"\n"
                               "}\n" +
                               more});
  edict::Result<edict::compiler::CompileResult> compiled = edict::compiler::Compile(options);
  return compiled.ok() ? compiled.value().program : nullptr;
}

std::string Say(edict::Stream& stream, std::string_view text) {
  std::vector<edict::Finding> findings;
  stream.FeedRecord(R"({"type": "SAY", "text": ")" + std::string(text) + "\"}", 0, findings);
  const std::string found = findings.empty() ? "" : findings[0].message;
  std::printf("rule set %llu: \"%.*s\": %s\n", static_cast<unsigned long long>(stream.generation()), static_cast<int>(text.size()),
              text.data(), found.empty() ? "fine" : found.c_str());
  return found;
}

}  // namespace

int main() {
  const std::shared_ptr<const edict::Program> first = Rules(5);
  // What they declare beside the first ones begins anew; what both declare goes on.
  const std::shared_ptr<const edict::Program> second =
      Rules(3, "state loud: int = 0  on SAY as e when e.text == \"HEY\" { loud += 1 }\n");
  // These do not compile: there is no Program, so that nothing can take over.
  const std::shared_ptr<const edict::Program> broken = Rules(3, "rule {");
  if (first == nullptr || second == nullptr || broken != nullptr) return 2;

  edict::Engine engine(first);
  edict::Stream stream = engine.Open("chat-1");
  bool right = Say(stream, "hello").empty();

  // From any thread, while others feed.
  edict::Result<edict::ReloadReport> report = engine.Reload(second);
  if (!report.ok() || engine.Reload(broken).ok()) return 2;
  std::printf("%s", edict::ToText(report.value()).c_str());
  right = Say(stream, "hello") == "message 1 is longer than 3" && right;

  if (!engine.RollBack().ok()) return 2;
  right = Say(stream, "hello").empty() && right;
  right = Say(stream, "hello again") == "message 3 is longer than 5" && right;
  return right ? 0 : 1;
}
