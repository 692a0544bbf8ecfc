#include "runtime/cli/evaluation.h"

#include "compiler/native.h"
#include "runtime/engine.h"
#include "runtime/interp/interp.h"

namespace edict::cli {

Evaluation::Evaluation(const compiler::Expression& expression, std::vector<Value> variables)
    : expression_(expression), locals_(std::move(variables)) {
  locals_.resize(locals_.size() + expression.program->local_count);
}

Status Evaluation::UseNative() {
  Result<std::shared_ptr<const NativeCode>> code = compiler::CompileNativeValue(*expression_.program, expression_.node);
  if (!code.ok()) return code.error();
  native_ = std::move(code.value());
  return {};
}

Value Evaluation::Run() {
  EvalContext context;
  context.arena = &arena_;
  context.program = expression_.program.get();
  context.regexes = &regexes_;
  context.fuel = EngineOptions{}.fuel_per_event;
  Frame frame{};
  frame.program = expression_.program.get();
  frame.locals = locals_.data();
  frame.context = &context;
  if (native_ == nullptr) return Evaluate(frame, expression_.node);
  Value value;
  native_->values()[0](&frame, &value);
  return value;
}

}  // namespace edict::cli
