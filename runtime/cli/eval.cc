// edict eval: one CEL expression.
#include <unistd.h>

#include <map>
#include <memory>

#include "compiler/expression.h"
#include "compiler/ir/cost.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/eval_suite.h"
#include "runtime/cli/eval_variables.h"
#include "runtime/cli/evaluation.h"
#include "runtime/cli/json_value.h"
#include "runtime/cli/locate_error.h"
#include "runtime/cli/native_options.h"
#include "runtime/cli/output.h"
#include "runtime/cli/rule_options.h"

namespace edict::cli {
namespace {

struct EvalOptions {
  std::string expression;
  std::vector<std::string> binds;
  std::vector<std::string> vars;
  std::vector<std::string> limits;
  std::string output = "cel";
  std::string tier = "auto";
  NativeArguments native;
  int64_t fuel = EngineOptions{}.fuel_per_event;
  bool jsonl = false;
  bool type = false;
  bool cost = false;
};

// "6 + size(s)", and what that is for the values that are bound.
std::string CostText(const compiler::Expression& expression, const std::vector<Value>& values) {
  ir::CostContext context;
  std::map<std::string, double> sizes;
  for (uint32_t local = 0; local < expression.variables.size(); ++local) {
    context.variables[local] = expression.variables[local];
    if (!values[local].is_error()) ir::Measure(expression.variables[local], values[local], sizes);
  }
  ir::Bound cost = ir::CostOf(*expression.program, expression.node, context);
  std::string text = "at most " + cost.Text() + " steps";
  double here = cost.At(sizes);
  if (!cost.constant() && here < 1e18) text += "; with these values " + ir::Bound(here).Text();
  return text + "\n";
}

int Evaluate(const EvalOptions& options, const compiler::ExpressionOptions& compile, const compiler::Expression& expression,
             const std::vector<Value>& values, Output& out) {
  Evaluation evaluation(expression, values);
  evaluation.UseThreaded();
  if (options.tier == "native") {
    Status native = evaluation.UseNative(ToNativeOptions(options.native));
    if (!native.ok()) {
      PrintError(native.error().message);
      return kCouldNotRun;
    }
  }
  Value value = evaluation.Run(options.fuel);
  if (value.is_error()) {
    PrintError(ErrorWithPlace(compile, values, value, options.fuel));
    return kFindings;
  }
  out.Write((options.output == "json" ? ToJson(value) : ToCelText(value)) + "\n");
  return out.Flush() ? kClean : kCouldNotRun;
}

int Eval(const EvalOptions& options) {
  if (options.jsonl) return EvalSuite(options.expression.empty() ? "-" : options.expression, options.tier == "native");
  EvalVariables variables;
  compiler::ExpressionOptions compile;
  Status read = variables.Read(options.binds, options.vars);
  for (const std::string& limit : options.limits) {
    if (read.ok()) read = source::SetLimit(compile.limits, limit);
  }
  if (!read.ok()) {
    PrintError(read.error().message);
    return kCouldNotRun;
  }
  compile.text = options.expression;
  compile.variables = variables.variables();
  Result<compiler::Expression> compiled = compiler::CompileExpression(compile);
  if (!compiled.ok()) {
    PrintError(compiled.error().message);
    return kCouldNotRun;
  }
  const compiler::Expression& expression = compiled.value();
  if (expression.program == nullptr) {
    std::string text = diag::RenderText(expression.diagnostics, *expression.sources, Output::Colour(STDERR_FILENO));
    std::fputs(text.c_str(), stderr);
    return kCouldNotRun;
  }
  Output out;
  if (!options.type && !options.cost) return Evaluate(options, compile, expression, variables.values(), out);
  if (options.type) out.Write(expression.type + "\n");
  if (options.cost) out.Write(CostText(expression, variables.values()));
  return out.Flush() ? kClean : kCouldNotRun;
}

constexpr const char* kExamples =
    "Examples:\n"
    "  edict eval '1 + 2 * 3'\n"
    "  edict eval 'items.filter(i, i.price > 10.0).map(i, i.name)' --bind '{\"items\": [{\"name\": \"a\", \"price\": 12}]}'\n"
    "  edict eval 'size(name) < 8' --bind 'name=\"Ada\"'\n"
    "  edict eval 'order.total > 0' --bind order=@order.json\n"
    "  edict eval 'now - start > duration(\"5s\")' --var now:timestamp --var start:timestamp \\\n"
    "             --bind 'now=\"2024-01-01T00:00:07Z\"' --bind 'start=\"2024-01-01T00:00:00Z\"'\n"
    "  edict eval --type '{\"a\": [1, 2]}'\n"
    "  edict eval --cost 'names.all(n, n.matches(\"[a-z]+\"))' --var 'names:list(string)'\n\n"
    "Without --var a variable is dyn: what does not fit is found at run time. With it the expression is checked against the\n"
    "type, and the JSON is converted: bytes are base64, timestamps RFC 3339, durations \"1.5s\"; int and uint may be strings.\n"
    "Types: int uint double bool string bytes null timestamp duration dyn net.IP net.CIDR list(T) map(K, V) optional(T).\n"
    "Exit codes: 0 a value, 1 the evaluation failed, 2 the expression or the options are wrong.";

}  // namespace

void AddEval(CommandLine& line, Action& action) {
  auto options = std::make_shared<EvalOptions>();
  Command command = line.AddCommand("eval", "evaluate one CEL expression");
  command.Footer(kExamples);
  const Option expression =
      command.Add("expression", options->expression, "the expression; with --jsonl a file of cases, or - (the default)");
  command
      .Add("--bind", options->binds,
           "variables: a JSON object, NAME=JSON, or @FILE in place of the JSON (@- is standard input); may be repeated")
      .OneValueEach()
      .TypeName("JSON");
  command.Add("--var", options->vars, "NAME:TYPE, the type of a variable, such as items:list(int); may be repeated")
      .OneValueEach()
      .TypeName("NAME:TYPE");
  command.Add("--output", options->output, "print the value as cel (the default) or json").OneOf({"cel", "json"});
  command.Add("--tier", options->tier, "auto, interp or native: what evaluates").OneOf({"auto", "interp", "native"});
  AddObjectCacheOption(command, options->native);
  AddFuelOption(command, options->fuel, "the evaluation");
  AddLimitOption(command, options->limits);
  command.AddFlag("--type", options->type, "print the deduced type instead of the value");
  command.AddFlag("--cost", options->cost, "print the most fuel that the expression can take instead of the value");
  command.AddFlag("--jsonl", options->jsonl,
                  "cases of the CEL conformance suite, one JSON object a line (expr, bindings, type_env, container, disable_check, "
                  "check_only); prints {\"value\"} or {\"error\"}, and the type, per line");
  command.OnChosen([options, &action, expression] {
    if (!options->jsonl) expression.MustBeGiven();
    action = [options] { return Eval(*options); };
  });
}

}  // namespace edict::cli
