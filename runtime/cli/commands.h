// The commands of `edict`. Each adds itself to the command line and says what to run; a run returns the exit code.
#ifndef EDICT_RUNTIME_CLI_COMMANDS_H_
#define EDICT_RUNTIME_CLI_COMMANDS_H_

#include <functional>

#include "runtime/cli/command_line.h"

namespace edict::cli {

// Set by the chosen command while the command line is parsed, called after it.
using Action = std::function<int()>;

void AddCheck(CommandLine& line, Action& action);
void AddRun(CommandLine& line, Action& action);
void AddTest(CommandLine& line, Action& action);
void AddEval(CommandLine& line, Action& action);
void AddInspect(CommandLine& line, Action& action);
void AddBench(CommandLine& line, Action& action);
void AddBuild(CommandLine& line, Action& action);
void AddReplay(CommandLine& line, Action& action);
void AddWatch(CommandLine& line, Action& action);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_COMMANDS_H_
