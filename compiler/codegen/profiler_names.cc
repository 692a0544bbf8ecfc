#include "compiler/codegen/profiler_names.h"

#include <llvm/IR/GlobalAlias.h>

#include <cctype>

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

std::string ProfilerName(const char* purpose, const Program& program, uint32_t event) {
  return std::string("edict:") + purpose + ":" + Plain(program.events[event].name);
}

void AddProfilerNames(llvm::Module& module, const Program& program, uint32_t event) {
  Name(module, "edict_verdict_" + std::to_string(event), ProfilerName("rules", program, event));
  Name(module, "edict_event_" + std::to_string(event), ProfilerName("read", program, event));
}

}  // namespace edict::codegen
