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
};

enum class CodegenOutput { kObject, kAssembly, kLlvm };

// The text or bytes for this machine's CPU: of a large Program several modules, and an archive of object files. They define
// `edict_verdict_<index of event type>` and `edict_event_<index>` for every event type, `edict_value_<n>` for every node asked for,
// and refer to the symbols of runtime/interp/native_support.h.
Result<std::string> Generate(const Program& program, const CodegenOptions& options, CodegenOutput output);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_CODEGEN_H_
