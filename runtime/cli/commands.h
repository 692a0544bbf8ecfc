// The commands of `edict`. Each adds itself to the command line and says what to run; a run returns the exit code.
#ifndef EDICT_RUNTIME_CLI_COMMANDS_H_
#define EDICT_RUNTIME_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace edict::cli {

// Set by the chosen command while the command line is parsed, called after it.
using Action = std::function<int()>;

void AddCheck(CLI::App& app, Action& action);
void AddRun(CLI::App& app, Action& action);
void AddTest(CLI::App& app, Action& action);
void AddEval(CLI::App& app, Action& action);
void AddInspect(CLI::App& app, Action& action);
void AddBench(CLI::App& app, Action& action);
void AddBuild(CLI::App& app, Action& action);
void AddReplay(CLI::App& app, Action& action);
void AddWatch(CLI::App& app, Action& action);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_COMMANDS_H_
