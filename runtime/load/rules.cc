#include "runtime/rules.h"

#include <utility>

#include "runtime/artefact/artefact.h"
#include "runtime/base/hash.h"
#include "runtime/program/serialize.h"

namespace edict {
namespace {

Result<Rules> FromArtefact(Artefact artefact, const LoadOptions& options) {
  Rules rules;
  if (options.object_code) {
    Result<LoadedObjectCode> code = LoadObjectCode(artefact);
    if (code.ok()) {
      rules.native = std::move(code.value().code);
    } else {
      rules.native_fault = code.error().message;
    }
  } else {
    rules.native_fault = "its object code is not wanted";
  }
  rules.program = std::move(artefact.program);
  return rules;
}

}  // namespace

std::string Rules::hash() const { return ToHex(ContentHashOf(*program)); }

Result<Rules> LoadRules(const RuleSource& source, const RuleCompiler* compiler, const LoadOptions& options) {
  if (!source.artefact.empty()) {
    if (!source.roots.empty() || !source.texts.empty())
      return Error{"an artefact is a rule set by itself: it takes no other rules"};
    if (!source.profile.empty() || !source.params.empty()) return Error{"a profile and params are built into an artefact"};
    if (source.order_checks) return Error{"the order of checks is built into an artefact"};
    Result<Artefact> artefact = DecodeArtefact(source.artefact);
    if (!artefact.ok()) return artefact.error();
    return FromArtefact(std::move(artefact.value()), options);
  }
  for (const std::string& root : source.roots) {
    if (!IsArtefactFile(root)) continue;
    if (source.roots.size() > 1 || !source.texts.empty()) {
      return Error{root + " is a built artefact, a rule set by itself: it takes no other rules"};
    }
    if (!source.profile.empty() || !source.params.empty()) {
      return Error{root + " is a built artefact: a profile and params are built into it"};
    }
    if (source.order_checks) return Error{root + " is a built artefact: the order of checks is built into it"};
    Result<Artefact> artefact = ReadArtefact(root);
    if (!artefact.ok()) return artefact.error();
    return FromArtefact(std::move(artefact.value()), options);
  }
  if (source.roots.empty() && source.texts.empty()) return Error{"there are no rules to load"};
  if (compiler == nullptr) return Error{"rule text needs the compiler; without it, only artefacts of edict build can be loaded"};
  return compiler->Compile(source);
}

Result<Engine> MakeEngine(const Rules& rules, const EngineOptions& options) {
  Result<Engine> engine = Engine::Make(rules.program, options);
  if (engine.ok() && rules.native != nullptr) engine.value().UseNative(rules.native);
  return engine;
}

}  // namespace edict
