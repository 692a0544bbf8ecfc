// edict eval --jsonl: cases of the CEL conformance suite.
#ifndef EDICT_RUNTIME_CLI_EVAL_SUITE_H_
#define EDICT_RUNTIME_CLI_EVAL_SUITE_H_

#include <string>

namespace edict::cli {

// Cases as JSON lines in, results as JSON lines out. `input`: a file or "-". Returns the exit code.
int EvalSuite(const std::string& input, bool native);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_EVAL_SUITE_H_
