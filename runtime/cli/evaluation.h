// One CEL expression from its text to its value, in any tier: what `edict eval` does once and `edict eval --jsonl` per
// line.
#ifndef EDICT_RUNTIME_CLI_EVALUATION_H_
#define EDICT_RUNTIME_CLI_EVALUATION_H_

#include <memory>
#include <vector>

#include "compiler/expression.h"
#include "compiler/native.h"
#include "runtime/base/arena.h"
#include "runtime/base/result.h"
#include "runtime/builtins/context.h"
#include "runtime/engine.h"
#include "runtime/interp/threaded_code.h"
#include "runtime/jit/native_code.h"
#include "runtime/value/value.h"

namespace edict::cli {

class Evaluation {
 public:
  // `variables`: values by position in expression.variables; kept for the Evaluation's life by the caller.
  Evaluation(const compiler::Expression& expression, std::vector<Value> variables);

  // Nodes are walked unless one of these is called: the interpreter's threaded code, or native code in its place.
  void UseThreaded() { threaded_ = std::make_unique<ThreadedCode>(*expression_.program); }
  Status UseNative(const compiler::NativeOptions& options = {});
  // Native code that was made of the same expression before.
  void UseNative(std::shared_ptr<const NativeCode> code) { native_ = std::move(code); }
  // Lives as long as the Evaluation. `fuel`: steps that it may take.
  Value Run(int64_t fuel = EngineOptions{}.fuel_per_event);
  // Of the last run: fuel left, below zero where it ran out; and whether native code left it to the interpreter.
  int64_t fuel_left() const { return context_.fuel; }
  // What the results hold of the system's memory.
  size_t memory_bytes() const { return arena_.reserved_bytes(); }
  bool was_reinterpreted() const { return context_.reinterpreted != 0; }

 private:
  const compiler::Expression& expression_;
  std::vector<Value> locals_;
  Arena arena_;
  RegexCache regexes_;
  EvalContext context_;
  std::unique_ptr<const ThreadedCode> threaded_;
  std::shared_ptr<const NativeCode> native_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_EVALUATION_H_
