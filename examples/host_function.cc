// A function of the program's own, which the rules call: which tenant may use which tool stands in a table that no rule file
// knows.
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/default_compiler.h"
#include "runtime/engine.h"
#include "runtime/rules.h"

namespace {

constexpr std::string_view kRules = R"(
package gate
host fn is_allowed(tool: string, tenant: string): bool cost 50

event Event by type {
  CALL { tool: string, tenant: string }
}

rule TOOL_ALLOWED "a tenant calls the tools that it has" {
  on CALL as e
  require is_allowed(e.tool, e.tenant) at e.tool
  message "{e.tenant} may not call {e.tool}"
}
)";

}  // namespace

int main() {
  edict::RuleSource source;
  source.texts.push_back({"gate.rules", std::string(kRules)});
  const edict::compiler::DefaultCompiler compiler;
  const edict::Result<edict::Rules> rules = edict::LoadRules(source, &compiler);
  if (!rules.ok()) {
    std::fprintf(stderr, "%s\n", rules.error().message.c_str());
    return 2;
  }

  const std::set<std::pair<std::string_view, std::string_view>> allowed = {
      {"search", "acme"}, {"search", "zenith"}, {"pay", "acme"}};
  edict::EngineOptions options;
  options.host_functions.push_back({"is_allowed(tool: string, tenant: string): bool", [&allowed](edict::HostCall& call) {
                                      call.Return(edict::Value::Bool(allowed.contains({call.Text(0), call.Text(1)})));
                                    }});
  const edict::Result<edict::Engine> engine = edict::MakeEngine(rules.value(), options);
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", engine.error().message.c_str());
    return 2;
  }

  edict::Stream stream = engine.value().Open("session-1");
  std::vector<edict::Finding> findings;
  for (std::string_view event :
       {R"({"type": "CALL", "tool": "search", "tenant": "zenith"})", R"({"type": "CALL", "tool": "pay", "tenant": "acme"})",
        R"({"type": "CALL", "tool": "pay", "tenant": "zenith"})"}) {
    stream.FeedRecord(event, 0, findings);
  }
  for (const edict::Finding& finding : findings) {
    std::printf("event %llu: %s: %s\n", static_cast<unsigned long long>(finding.index), finding.code.c_str(),
                finding.message.c_str());
  }

  // Without the function there is no engine, and the error says which one is missing.
  const edict::Result<edict::Engine> without = edict::MakeEngine(rules.value());
  if (without.ok()) return 1;
  std::printf("%s\n", without.error().message.c_str());
  return findings.size() == 1 && findings[0].index == 2 && findings[0].message == "zenith may not call pay" ? 0 : 1;
}
