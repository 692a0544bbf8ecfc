#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "compiler/native.h"
#include "runtime/cli/evaluation.h"
#include "tests/fuzz/support.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/variables.h"

namespace edict::fuzz {
namespace {

// LLVM's optimisation: most expressions without, which takes a third of the time, some with.
int Level(const std::string& text) { return std::hash<std::string>()(text) % 8 == 0 ? 2 : 0; }

// Native code by the text of its expression: LLVM takes milliseconds, and the fuzzer often changes only the values.
class NativeCache {
 public:
  std::shared_ptr<const NativeCode> Of(const std::string& text, const compiler::Expression& expression) {
    auto found = code_.find(text);
    if (found != code_.end()) return found->second;
    compiler::NativeOptions options;
    options.optimization = Level(text);
    Result<std::shared_ptr<const NativeCode>> code = compiler::CompileNativeValue(*expression.program, expression.node, options);
    if (!code.ok()) Fail("native code: " + code.error().message);
    code_[text] = code.value();
    order_.push_back(text);
    if (order_.size() > kMaxEntries) {
      code_.erase(order_.front());
      order_.pop_front();
    }
    return code.value();
  }

 private:
  static constexpr size_t kMaxEntries = 500;
  std::unordered_map<std::string, std::shared_ptr<const NativeCode>> code_;
  std::deque<std::string> order_;
};

std::string Outcome(cli::Evaluation& evaluation) {
  std::string value = Exact(evaluation.Run(kFuel));
  return value + "\nfuel left " + std::to_string(evaluation.fuel_left());
}

// False: it is no expression at all, whatever the types.
bool Compare(const std::string& text, const BoundVariables& variables, bool unchecked, NativeCache& cache) {
  compiler::ExpressionOptions options;
  options.text = text;
  options.variables = Variables();
  options.unchecked = unchecked;
  options.limits = SmallLimits();
  options.limits.expression_size = 500;  // LLVM's time grows with it
  Result<compiler::Expression> compiled = compiler::CompileExpression(options);
  if (!compiled.ok()) Fail("compile: " + compiled.error().message);
  const compiler::Expression& expression = compiled.value();
  if (expression.program == nullptr) return !HasSyntaxError(expression.diagnostics);
  if (expression.program->nodes[expression.node].op == Op::kConst) return true;
  cli::Evaluation evaluation(expression, variables.values());
  std::string expected = Outcome(evaluation);
  CheckCost(expression, variables.values(), evaluation.fuel_left());
  evaluation.UseNative(cache.Of(text, expression));
  ExpectSame("native code of " + text, expected, Outcome(evaluation));
  return true;
}

}  // namespace

void Fuzz_tiers(std::string_view bytes) {
  static NativeCache checked, unchecked;
  if (bytes.size() > kMaxInputBytes) return;
  size_t end = std::min(bytes.find('\n'), bytes.size());
  const std::string text(bytes.substr(0, end));
  BoundVariables variables(bytes.substr(std::min(end + 1, bytes.size())));
  if (Compare(text, variables, false, checked)) Compare(text, variables, true, unchecked);
}

}  // namespace edict::fuzz
