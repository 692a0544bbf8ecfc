#include "runtime/cli/eval_suite.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "runtime/cli/evaluation.h"
#include "runtime/cli/output.h"
#include "runtime/cli/suite_messages.h"
#include "runtime/cli/typed_value.h"

namespace edict::cli {
namespace {

using nlohmann::json;

struct Case {
  compiler::ExpressionOptions compile;
  bool check_only = false;
  std::map<std::string, Value> bindings;
};

std::string Text(const json& item, const char* key) {
  auto found = item.find(key);
  return found != item.end() && found->is_string() ? found->get<std::string>() : "";
}
bool Flag(const json& item, const char* key) {
  auto found = item.find(key);
  return found != item.end() && found->is_boolean() && found->get<bool>();
}

Status ReadCase(const json& item, Arena& arena, Case& out) {
  if (!item.is_object()) return Error{"a case is a JSON object"};
  if (!item.contains("expr") || !item["expr"].is_string()) return Error{"a case has an \"expr\", a string"};
  out.compile.text = Text(item, "expr");
  out.compile.container = Text(item, "container");
  out.compile.unchecked = Flag(item, "disable_check");
  out.compile.macros = !Flag(item, "disable_macros");
  out.check_only = Flag(item, "check_only");
  // A value is dyn where no declaration follows that says more.
  if (auto bindings = item.find("bindings"); bindings != item.end()) {
    if (!bindings->is_object()) return Error{"\"bindings\" is an object of typed values"};
    for (const auto& [name, typed] : bindings->items()) {
      Result<Value> value = ReadTypedValue(typed, arena);
      if (!value.ok()) return Error{"the value of " + name + ": " + value.error().message};
      out.bindings[name] = value.value();
      out.compile.variables.push_back({name, ""});
    }
  }
  if (auto env = item.find("type_env"); env != item.end()) {
    if (!env->is_array()) return Error{"\"type_env\" is a list of declarations"};
    for (const json& decl : *env) {
      if (!decl.is_string()) return Error{"a declaration is text-format cel.expr.Decl, a string"};
      out.compile.variables.push_back({"", decl.get<std::string>()});
      bool names_message = out.compile.variables.back().decl.find("message_type") != std::string::npos;
      if (names_message && out.compile.messages.empty()) out.compile.messages = SuiteMessages();
    }
  }
  return {};
}

std::string FirstError(const diag::Diagnostics& diagnostics) {
  for (const diag::Diagnostic& item : diagnostics.items()) {
    if (diag::CodeSeverity(item.code) == diag::Severity::kError) return item.message;
  }
  return "the expression does not compile";
}

json Judge(const std::string& line, bool native) {
  json item = json::parse(line, nullptr, false);
  if (item.is_discarded()) return {{"error", "the line is not JSON"}};
  Arena arena;
  Case test;
  Status read = ReadCase(item, arena, test);
  if (!read.ok()) return {{"error", read.error().message}};
  Result<compiler::Expression> compiled = compiler::CompileExpression(test.compile);
  if (!compiled.ok()) return {{"error", compiled.error().message}};
  const compiler::Expression& expression = compiled.value();
  if (expression.program == nullptr) return {{"error", FirstError(expression.diagnostics)}};
  json result = json::object();
  if (!test.compile.unchecked) result["type"] = expression.type_proto;
  if (test.check_only) return result;
  std::vector<Value> variables;
  for (const std::string& name : expression.variables) {
    auto bound = test.bindings.find(name);
    variables.push_back(bound != test.bindings.end()
                            ? bound->second
                            : MakeError(arena, ErrorCode::kNoSuchField, arena.Copy(name + " has no value")));
  }
  Evaluation evaluation(expression, std::move(variables));
  evaluation.UseThreaded();
  if (native) {
    Status status = evaluation.UseNative();
    if (!status.ok()) return {{"error", status.error().message}};
  }
  Value value = evaluation.Run();
  if (value.is_error()) {
    result["error"] = std::string(value.error->detail);
  } else {
    result["value"] = WriteTypedValue(value);
  }
  return result;
}

}  // namespace

int EvalSuite(const std::string& input, bool native) {
  std::ifstream file;
  if (input != "-") {
    file.open(input, std::ios::binary);
    if (!file) {
      PrintError("cannot open " + input + ": " + std::strerror(errno));
      return kCouldNotRun;
    }
  }
  std::istream& in = input == "-" ? std::cin : file;
  Output out;
  for (std::string line; std::getline(in, line) && !out.failed();) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    out.Write(Judge(line, native).dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  }
  if (in.bad()) {
    PrintError("cannot read " + input);
    return kCouldNotRun;
  }
  return out.Flush() ? kClean : kCouldNotRun;
}

}  // namespace edict::cli
