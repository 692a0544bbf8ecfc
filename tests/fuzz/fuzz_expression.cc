#include <string>
#include <vector>

#include "compiler/ir/verify.h"
#include "runtime/cli/evaluation.h"
#include "runtime/cli/json_binding.h"
#include "runtime/json/document.h"
#include "tests/fuzz/support.h"
#include "tests/fuzz/targets.h"
#include "tests/fuzz/variables.h"

namespace edict::fuzz {
namespace {

// One event, and the lets that make the variables of Variables() from it.
const char* const kEvent = R"({"type":"A","i":7,"d":1.5,"b":true,"s":"añb","l":[3,1,2],"k":["a","b"],"m":{"a":1,"b":2},)"
                           R"("x":{"a":[1,{"b":null}],"c":"d","n":-1.25}})";
const char* const kRulesBefore = R"(event Event by type {
  A { i: int d: number b: bool s: string l: int[] k: string[] m: map<string, int> x: any | null }
}
rule R "r" {
  on A as e
  let i = e.i
  let d = e.d
  let b = e.b
  let s = e.s
  let l = e.l
  let k = e.k
  let m = e.m
  let x = e.x
  let u = uint(e.i)
  let y = bytes(e.s)
  let t = timestamp("2024-02-29T12:30:00.5Z")
  let p = duration("90s")
  let o = optional.of(e.i)
  let v = (
)";

enum class Outcome { kSyntax, kRefused, kEvaluated };

Outcome EvaluateAlone(const std::string& text, bool unchecked) {
  compiler::ExpressionOptions options;
  options.text = text;
  options.variables = Variables();
  options.unchecked = unchecked;
  options.limits = SmallLimits();
  Result<compiler::Expression> compiled = compiler::CompileExpression(options);
  if (!compiled.ok()) Fail("compile: " + compiled.error().message);
  const compiler::Expression& expression = compiled.value();
  diag::RenderText(expression.diagnostics, *expression.sources, false);
  if (expression.program == nullptr) {
    if (!expression.diagnostics.has_errors()) Fail("neither a program nor an error");
    return HasSyntaxError(expression.diagnostics) ? Outcome::kSyntax : Outcome::kRefused;
  }
  Status sound = ir::Verify(*expression.program);
  if (!sound.ok()) Fail("not sound: " + sound.error().message);
  BoundVariables variables(kEvent);
  cli::Evaluation evaluation(expression, variables.values());
  Value value = evaluation.Run(kFuel);
  CheckCost(expression, variables.values(), evaluation.fuel_left());
  Kind rep = expression.program->nodes[expression.node].rep;
  if (!value.is_error() && rep != Node::kAny && value.kind != rep && !(rep == Kind::kOptional && value.kind == Kind::kNull)) {
    Fail(std::string("a ") + KindName(rep) + " was deduced, the value is a " + KindName(value.kind));
  }
  if (evaluation.memory_bytes() > kMaxMemory) Fail("took " + std::to_string(evaluation.memory_bytes()) + " bytes");
  ToCelText(value);
  std::string first = Exact(value);
  ExpectSame("evaluated twice", first, Exact(evaluation.Run(kFuel)));
  return Outcome::kEvaluated;
}

// In a rule whose finding shows the value: lowered, after the passes, after its text was read back.
void EvaluateInRule(const std::string& text) {
  std::string rules = kRulesBefore + text + "\n)\n  require false else \"{v}\"\n}\n";
  std::shared_ptr<const Program> lowered = CompileRules(rules, false);
  std::shared_ptr<const Program> optimised = CompileRules(rules, true);
  if ((lowered == nullptr) != (optimised == nullptr)) Fail("compiles with passes or without, not both");
  if (lowered == nullptr) return;
  std::string expected = FindingsOf(lowered, {kEvent}, false);
  std::string actual = FindingsOf(optimised, {kEvent}, false);
  ExpectSame("read back", actual, FindingsOf(ReadBack(*optimised), {kEvent}, false));
  ReadBack(*lowered);
  if (!ShowsFuel(expected) && !ShowsFuel(actual)) ExpectSame("after the passes", expected, actual);
}

}  // namespace

void Fuzz_expression(std::string_view bytes) {
  if (bytes.size() > kMaxInputBytes) return;
  const std::string text(bytes);
  // What is not even parsed, or refused by the checker, is so in the other ways too: most of what the fuzzer tries.
  Outcome checked = EvaluateAlone(text, false);
  if (checked != Outcome::kSyntax) EvaluateAlone(text, true);
  if (checked == Outcome::kEvaluated) EvaluateInRule(text);
}

}  // namespace edict::fuzz
