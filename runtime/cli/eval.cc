// edict eval: one CEL expression.
#include <unistd.h>

#include <memory>

#include "compiler/expression.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/eval_suite.h"
#include "runtime/cli/evaluation.h"
#include "runtime/cli/output.h"
#include "runtime/json/document.h"

namespace edict::cli {
namespace {

struct EvalOptions {
  std::string expression;
  std::string bind;
  std::string output = "cel";
  std::string tier = "auto";
  bool jsonl = false;
  bool type = false;
};

int Eval(const EvalOptions& options) {
  if (options.jsonl) return EvalSuite(options.expression.empty() ? "-" : options.expression, options.tier == "native");
  JsonParser parser;
  std::vector<Value> locals;
  compiler::ExpressionOptions compile;
  compile.text = options.expression;
  if (!options.bind.empty()) {
    const JsonNode* root = parser.Parse(options.bind, JsonLimits{});
    if (root == nullptr) {
      PrintError("--bind is not JSON: " + parser.fault().message + " at byte " + std::to_string(parser.fault().offset));
      return kCouldNotRun;
    }
    if (root->kind != JsonKind::kObject) {
      PrintError("--bind wants a JSON object of variables, such as '{\"x\": 1}'");
      return kCouldNotRun;
    }
    for (MapCursor cursor(FromJson(*root)); cursor.Next();) {
      compile.variables.push_back({std::string(cursor.key().text()), ""});
      locals.push_back(cursor.value());
    }
  }
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
  if (options.type) {
    out.Write(expression.type + "\n");
    return out.Flush() ? kClean : kCouldNotRun;
  }
  Evaluation evaluation(expression, std::move(locals));
  if (options.tier == "native") {
    Status native = evaluation.UseNative();
    if (!native.ok()) {
      PrintError(native.error().message);
      return kCouldNotRun;
    }
  }
  Value value = evaluation.Run();
  if (value.is_error()) {
    PrintError(std::string(value.error->detail));
    return kFindings;
  }
  out.Write((options.output == "json" ? ToMessageText(value) : ToCelText(value)) + "\n");
  return out.Flush() ? kClean : kCouldNotRun;
}

}  // namespace

void AddEval(CLI::App& app, Action& action) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "evaluate one CEL expression");
  CLI::Option* expression =
      command->add_option("expression", options->expression, "the expression; with --jsonl a file of cases, or - (the default)");
  command->add_option("--bind", options->bind, "JSON object of variables");
  command->add_option("--output", options->output, "print the value as cel or json")->check(CLI::IsMember({"cel", "json"}));
  command->add_option("--tier", options->tier, "auto, interp or native: what evaluates")
      ->check(CLI::IsMember({"auto", "interp", "native"}));
  command->add_flag("--type", options->type, "print the deduced type instead of the value");
  command->add_flag(
      "--jsonl", options->jsonl,
      "cases of the CEL conformance suite, one JSON object a line (expr, bindings, type_env, container, disable_check, "
      "check_only); prints {\"value\"} or {\"error\"}, and the type, per line");
  command->callback([options, &action, expression] {
    if (!options->jsonl && expression->count() == 0) throw CLI::RequiredError("expression");
    action = [options] { return Eval(*options); };
  });
}

}  // namespace edict::cli
