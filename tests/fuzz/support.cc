#include "tests/fuzz/support.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "compiler/compiler.h"
#include "compiler/ir/cost.h"
#include "compiler/ir/print.h"
#include "compiler/ir/read.h"
#include "compiler/ir/verify.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"

namespace edict::fuzz {

source::Limits SmallLimits() {
  source::Limits limits;
  limits.tokens = 3'000;
  limits.expression_size = 3'000;
  limits.rules = 200;
  limits.checks = 1'000;
  return limits;
}

bool HasSyntaxError(const diag::Diagnostics& diagnostics) {
  for (const diag::Diagnostic& item : diagnostics.items()) {
    if (std::string_view(diag::CodeText(item.code)).substr(0, 3) == "E01") return true;
  }
  return false;
}

void Fail(const std::string& what) {
  std::fprintf(stderr, "FINDING: %s\n", what.c_str());
  std::abort();
}

void ExpectSame(const std::string& what, const std::string& expected, const std::string& actual) {
  if (expected != actual) Fail(what + "\n--- expected\n" + expected + "\n--- actual\n" + actual);
}

std::string Exact(const Value& value) {
  std::string text = KindName(value.kind);
  char number[64];
  switch (value.kind) {
    case Kind::kBool:
      return text + (value.b ? " true" : " false");
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
      std::snprintf(number, sizeof number, " %016" PRIx64, value.u);
      return text + number;
    case Kind::kTimestamp:
    case Kind::kDuration:
      std::snprintf(number, sizeof number, " %" PRId64 " %d", value.i, value.nanos());
      return text + number;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return text + std::to_string(value.kind == Kind::kBytes ? value.flags : 0) + " '" + std::string(value.text()) + "'";
    case Kind::kList:
      text += " [";
      for (ListCursor c(value); c.Next();) text += Exact(c.value()) + ", ";
      return text + "]";
    case Kind::kMap:
      text += " {";
      for (MapCursor c(value); c.Next();) text += Exact(c.key()) + ": " + Exact(c.value()) + ", ";
      return text + "}";
    case Kind::kOptional:
      return text + (value.inner == nullptr ? " none" : " of " + Exact(*value.inner));
    case Kind::kError:
      return "error " + std::to_string(static_cast<int>(value.error->code)) + " " + std::string(value.error->detail);
    default:
      return text;
  }
}

const std::vector<compiler::Variable>& Variables() {
  static const std::vector<compiler::Variable> variables = {
      {"x", "", "dyn"},          {"i", "", "int"},       {"u", "", "uint"},         {"d", "", "double"},
      {"b", "", "bool"},         {"s", "", "string"},    {"y", "", "bytes"},        {"t", "", "timestamp"},
      {"p", "", "duration"},     {"l", "", "list(int)"}, {"k", "", "list(string)"}, {"m", "", "map(string, int)"},
      {"o", "", "optional(int)"}};
  return variables;
}

void CheckCost(const compiler::Expression& expression, const std::vector<Value>& variables, int64_t left) {
  ir::CostContext context;
  std::map<std::string, double> sizes;
  for (uint32_t local = 0; local < variables.size(); ++local) {
    context.variables[local] = expression.variables[local];
    ir::Measure(expression.variables[local], variables[local], sizes);
  }
  ir::Bound cost = ir::CostOf(*expression.program, expression.node, context);
  // What ran out of fuel took all there was; the last charge may have gone below zero.
  auto used = static_cast<double>(left < 0 ? kFuel : kFuel - left);
  if (used > cost.At(sizes)) Fail("took " + std::to_string(used) + " steps, at most " + cost.Text() + " were foreseen");
}

std::shared_ptr<const Program> CompileRules(const std::string& text, bool optimise) {
  compiler::CompileOptions options;
  options.texts = {{"fuzz.rules", text}};
  options.optimise = optimise;
  options.limits = SmallLimits();
  Result<compiler::CompileResult> result = compiler::Compile(options);
  if (!result.ok()) Fail("compile: " + result.error().message);
  diag::RenderText(result.value().diagnostics, *result.value().sources, false);
  diag::RenderJson(result.value().diagnostics, *result.value().sources);
  if (result.value().program == nullptr && !result.value().diagnostics.has_errors()) Fail("neither a program nor an error");
  return result.value().program;
}

std::shared_ptr<const Program> ReadBack(const Program& program) {
  std::string text = ir::Print(program);
  Result<Program> read = ir::Read(text);
  if (!read.ok()) Fail("the IR does not read back: " + read.error().message + "\n" + text);
  auto back = std::make_shared<Program>(std::move(read.value()));
  Status sound = ir::Verify(*back);
  if (!sound.ok()) Fail("the IR that was read back is not sound: " + sound.error().message + "\n" + text);
  ExpectSame("the IR that was read back prints differently", text, ir::Print(*back));
  return back;
}

std::string FindingsOf(const std::shared_ptr<const Program>& program, const std::vector<std::string>& events, bool native) {
  EngineOptions options;
  options.fuel_per_event = kFuel;
  Engine engine(program, options);
  if (native) {
    Status status = compiler::CompileNative(engine);
    if (!status.ok()) Fail("native code: " + status.error().message);
  }
  std::string text;
  for (const std::string& line : tests::Judge(engine, events)) text += line + "\n";
  return text;
}

bool ShowsFuel(const std::string& findings) { return findings.find("fuel") != std::string::npos; }

}  // namespace edict::fuzz
