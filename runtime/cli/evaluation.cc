#include "runtime/cli/evaluation.h"

#include "runtime/interp/interp.h"

namespace edict::cli {

Evaluation::Evaluation(const compiler::Expression& expression, std::vector<Value> variables)
    : expression_(expression), locals_(std::move(variables)) {
  locals_.resize(locals_.size() + expression.program->local_count);
}

Status Evaluation::UseNative(const compiler::NativeOptions& options) {
  Result<std::shared_ptr<const NativeCode>> code = compiler::CompileNativeValue(*expression_.program, expression_.node, options);
  if (!code.ok()) return code.error();
  native_ = std::move(code.value());
  return {};
}

Value Evaluation::Run(int64_t fuel) {
  context_.arena = &arena_;
  context_.program = expression_.program.get();
  context_.regexes = &regexes_;
  context_.fuel = fuel;
  context_.fuel_limit = fuel;
  context_.reinterpreted = 0;
  context_.expression = expression_.sources->file(0).text();
  Frame frame{};
  frame.program = expression_.program.get();
  frame.locals = locals_.data();
  frame.context = &context_;
  if (threaded_ != nullptr) frame.code = threaded_->steps();
  if (native_ == nullptr) return Evaluate(frame, expression_.node);
  const Arena::Mark before = arena_.Here();
  context_.before_native = &before;
  Value value;
  native_->values()[0](&frame, &value);
  context_.before_native = nullptr;
  return value;
}

}  // namespace edict::cli
