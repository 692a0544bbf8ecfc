// The program `edict`.
#include <csignal>
#include <exception>
#include <optional>

#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"

namespace {

int Main(int argc, char** argv) {
  // A closed pipe is then a write error, told and answered with an exit code.
  std::signal(SIGPIPE, SIG_IGN);
  edict::cli::CommandLine line("edict",
                               "Edict judges streams of JSON events by declarative rules.\n\n"
                               "  edict check my.rules                          is the rule file right?\n"
                               "  edict run -r my.rules events.ndjson           which events break which rules?\n"
                               "  edict test my.rules                           do its tests pass?\n"
                               "  agent | edict run -r agui.verify -            judge a live AG-UI stream\n"
                               "  agent | edict watch -r my.rules               likewise, while the rules are being written\n"
                               "  edict eval 'size(s) > 3' --bind '{\"s\":\"abcd\"}' try a CEL expression\n\n"
                               "  edict bench -r agui.verify events.ndjson      what does judging cost here?\n"
                               "  edict build -r my.rules -o my.edict           the rules as one file, with native code\n"
                               "  edict replay old.rules new.rules e.ndjson     which verdicts would change?\n\n"
                               "Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run.",
                               "edict " EDICT_VERSION);
  edict::cli::Action action;
  edict::cli::AddCheck(line, action);
  edict::cli::AddRun(line, action);
  edict::cli::AddTest(line, action);
  edict::cli::AddEval(line, action);
  edict::cli::AddInspect(line, action);
  edict::cli::AddBench(line, action);
  edict::cli::AddBuild(line, action);
  edict::cli::AddReplay(line, action);
  edict::cli::AddWatch(line, action);
  if (const std::optional<int> code = line.Parse(argc, argv)) return *code;
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& error) {
    edict::cli::PrintError(error.what());
    return edict::cli::kCouldNotRun;
  }
}
