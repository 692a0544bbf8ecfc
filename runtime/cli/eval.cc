// edict eval: one CEL expression.
#include <unistd.h>

#include <memory>

#include "compiler/expression.h"
#include "runtime/builtins/context.h"
#include "runtime/engine.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"
#include "runtime/interp/interp.h"
#include "runtime/json/document.h"

namespace edict::cli {
namespace {

struct EvalOptions {
  std::string expression;
  std::string bind;
  std::string output = "cel";
  bool type = false;
};

int Eval(const EvalOptions& options) {
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
      compile.variables.push_back({std::string(cursor.key().text())});
      locals.push_back(cursor.value());
    }
  }
  compiler::Expression expression = compiler::CompileExpression(compile);
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
  Arena arena;
  RegexCache regexes;
  EvalContext context;
  context.arena = &arena;
  context.program = expression.program.get();
  context.regexes = &regexes;
  context.fuel = EngineOptions{}.fuel_per_event;
  locals.resize(locals.size() + expression.program->local_count);
  Frame frame{};
  frame.program = expression.program.get();
  frame.locals = locals.data();
  frame.context = &context;
  Value value = Evaluate(frame, expression.node);
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
  command->add_option("expression", options->expression, "the expression")->required();
  command->add_option("--bind", options->bind, "JSON object of variables");
  command->add_option("--output", options->output, "print the value as cel or json")->check(CLI::IsMember({"cel", "json"}));
  command->add_flag("--type", options->type, "print the deduced type instead of the value");
  command->callback([options, &action] { action = [options] { return Eval(*options); }; });
}

}  // namespace edict::cli
