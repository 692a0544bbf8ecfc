// The variables of `edict eval`: --bind and --var.
#ifndef EDICT_RUNTIME_CLI_EVAL_VARIABLES_H_
#define EDICT_RUNTIME_CLI_EVAL_VARIABLES_H_

#include <deque>
#include <string>
#include <vector>

#include "compiler/expression.h"
#include "runtime/base/arena.h"
#include "runtime/base/result.h"
#include "runtime/json/document.h"
#include "runtime/value/value.h"

namespace edict::cli {

// Values refer to this object: it outlives them. Not movable.
class EvalVariables {
 public:
  EvalVariables() = default;
  EvalVariables(const EvalVariables&) = delete;
  EvalVariables& operator=(const EvalVariables&) = delete;

  // `binds`: '{"x": 1}', '@FILE' with such an object (- is standard input), 'x=1' or 'x=@FILE'; of a name given twice the
  // last counts. `vars`: 'x:list(int)'. What is declared but not bound is an error where it is read.
  Status Read(const std::vector<std::string>& binds, const std::vector<std::string>& vars);

  // In the same order.
  const std::vector<compiler::Variable>& variables() const { return variables_; }
  const std::vector<Value>& values() const { return values_; }

 private:
  Result<const JsonNode*> Parse(const std::string& text, const std::string& source);
  Status Bind(const std::string& text);
  Status Declare(const std::string& text);

  struct Named {
    std::string name;
    std::string type;                // empty: dyn
    const JsonNode* json = nullptr;  // null: not bound
  };
  Named& Find(const std::string& name);

  std::vector<Named> named_;
  std::deque<JsonParser> parsers_;  // each holds one text's tape
  Arena arena_;
  std::vector<compiler::Variable> variables_;
  std::vector<Value> values_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_EVAL_VARIABLES_H_
