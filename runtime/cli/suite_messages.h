// The message types of the CEL conformance suite (cel-spec, proto/cel/expr/conformance/proto{2,3}/test_all_types.proto) as
// declarations: the suite's cases name them in their type_env, and the checker needs to know their fields.
#ifndef EDICT_RUNTIME_CLI_SUITE_MESSAGES_H_
#define EDICT_RUNTIME_CLI_SUITE_MESSAGES_H_

#include <vector>

#include "compiler/expression.h"

namespace edict::cli {

// Both packages; made at the first call.
const std::vector<compiler::MessageType>& SuiteMessages();

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_SUITE_MESSAGES_H_
