// Rules from wherever they are: text, files, folders, packages by name, or a built artefact.
//
//   edict::RuleSource source;
//   source.roots = {"agui.verify"};
//   source.search_paths = {"stdlib-rules"};
//   const edict::compiler::DefaultCompiler compiler;  // compiler/default_compiler.h; none where only artefacts are loaded
//   edict::Result<edict::Rules> rules = edict::LoadRules(source, &compiler);
//   if (!rules.ok()) return Show(rules.error().message);
//   edict::Result<edict::Engine> engine = edict::MakeEngine(rules.value());  // an Error where host functions are missing
#ifndef EDICT_RUNTIME_RULES_H_
#define EDICT_RUNTIME_RULES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/engine.h"
#include "runtime/program/program.h"

namespace edict {

class NativeCode;

// A rule file that is not on disk.
struct RuleText {
  std::string name;  // as diagnostics show it; imports by path start from its folder
  std::string text;
};

// What is to be loaded, all together as one rule set; or one artefact by itself.
struct RuleSource {
  // Each a rule file, a folder (all *.rules below it), the name of a package, or the file of an artefact.
  std::vector<std::string> roots;
  std::vector<RuleText> texts;
  // Bytes of an artefact, as `edict build` writes it. Empty: none.
  std::string artefact;
  // For sources only. Folders where imports and packages are looked for, after the importing file's own; the name of a profile;
  // params by name, as CEL expressions.
  std::vector<std::string> search_paths;
  std::string profile;
  std::map<std::string, std::string> params;
  // For sources only: the checks of an event in the order in which the first one that fails is expected the soonest, for
  // EngineOptions::fail_fast; by what they were measured to cost (Engine::cost_profile), or null: by estimates.
  bool order_checks = false;
  std::shared_ptr<const CostProfile> costs;
};

struct Rules {
  std::shared_ptr<const Program> program;  // never null
  // Native code that came with an artefact and fits this machine. Null: there is none, and `native_fault` says why.
  std::shared_ptr<const NativeCode> native;
  std::string native_fault;
  // What the compiler warns of, as text with places. Empty: nothing.
  std::string warnings;

  // 32 hex digits, equal for rule sets that mean and print the same.
  std::string hash() const;
};

// What turns rule text into Programs and native code: compiler/default_compiler.h. The runtime knows no more of it than this.
class RuleCompiler {
 public:
  virtual ~RuleCompiler() = default;
  // The Error holds the diagnostics as text, each with its place.
  virtual Result<Rules> Compile(const RuleSource& source) const = 0;
  // Native code for the rules that the engine has now; takes milliseconds to seconds, while which the engine may be used. Streams
  // take it up at their next event.
  virtual Status CompileNative(Engine& engine) const = 0;
};

struct LoadOptions {
  // Whether object code of an artefact is used. It is run as it is: only from whom you would take a program. Default yes.
  bool object_code = true;
};

// `compiler`: null where only artefacts are to be loaded. An Error names the file or the fault.
Result<Rules> LoadRules(const RuleSource& source, const RuleCompiler* compiler, const LoadOptions& options = {});

// With the rules' native code in use, if they have any. An Error as of Engine::Make.
Result<Engine> MakeEngine(const Rules& rules, const EngineOptions& options = {});

}  // namespace edict

#endif  // EDICT_RUNTIME_RULES_H_
