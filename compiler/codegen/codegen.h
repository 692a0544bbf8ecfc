// Native code for a Program, by LLVM: for each event type one verdict function, which says whether every check passes on
// the event, and for expressions that are asked for one function each, which gives the value. Every operation is machine
// code or a direct call of the runtime; where the static kinds are known it works on unboxed numbers. What fails (which
// clause, which error, where the fuel ran out) is worded by the interpreter, to which a function gives up as a whole: see
// FunctionBuilder. Both tiers are held together by the differential tests.
#ifndef EDICT_COMPILER_CODEGEN_CODEGEN_H_
#define EDICT_COMPILER_CODEGEN_CODEGEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::codegen {

struct CodegenOptions {
  // 0 compiles fastest, 2 runs fastest (default). Large modules get less: the time to compile stays within seconds.
  int optimization = 2;
  // Nodes to make functions of, which give their values: `edict_value_<position here>`.
  std::vector<uint32_t> values;
  // Threads that work at it. Default 0: as many as the machine has. The result is the same.
  unsigned threads = 0;
  // Empty (default): this machine, with all that it has. Else code that may run elsewhere: for a CPU of x86-64 by LLVM's name
  // (x86-64-v3, skylake), or one like this ("host"); it needs nothing of the CPU but NeedsOf.
  std::string cpu;
  // Whether the code says, as DWARF, which lines of the rules it is made of. Default not; the instructions are the same.
  bool lines = false;
};

struct CpuNeeds {
  std::string cpu;                    // LLVM's name
  std::vector<std::string> features;  // all in runtime/jit/cpu_features.def
};
// `cpu`: as in CodegenOptions, not empty. An Error: there is no such CPU.
Result<CpuNeeds> NeedsOf(const std::string& cpu);

enum class CodegenOutput { kObject, kAssembly, kLlvm };

// The text or bytes: of a large Program several modules, and an archive of object files. They define
// `edict_verdict_<index of event type>` and `edict_event_<index>` for every event type, `edict_value_<n>` for every node asked for,
// and refer to the symbols of runtime/interp/native_support.h.
Result<std::string> Generate(const Program& program, const CodegenOptions& options, CodegenOutput output);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_CODEGEN_H_
