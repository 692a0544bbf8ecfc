#include "compiler/codegen/profiler_names.h"

#include <llvm/IR/GlobalAlias.h>

#include <cctype>
#include <string>

namespace edict::codegen {
namespace {

// A name is a line's last word for perf, and may be anything in JSON.
std::string Plain(const std::string& name) {
  if (name.empty()) return "(other)";
  std::string plain;
  for (char c : name) plain += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ? c : '_';
  return plain;
}

void Name(llvm::Module& module, const std::string& function_name, const std::string& name) {
  llvm::Function* function = module.getFunction(function_name);
  llvm::GlobalAlias::create(function->getFunctionType(), 0, llvm::GlobalValue::InternalLinkage, name, function, &module);
}

}  // namespace

void AddProfilerNames(llvm::Module& module, const Program& program, uint32_t event) {
  const std::string type = Plain(program.events[event].name);
  Name(module, "edict_verdict_" + std::to_string(event), "edict:rules:" + type);
  Name(module, "edict_event_" + std::to_string(event), "edict:read:" + type);
}

}  // namespace edict::codegen
