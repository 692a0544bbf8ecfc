// Runs the program under test as a user does and gathers what it printed.
#ifndef EDICT_TESTS_SUPPORT_PROCESS_H_
#define EDICT_TESTS_SUPPORT_PROCESS_H_

#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace edict::tests {

struct ProcessResult {
  int exit_code = -1;  // 128 + signal when killed
  std::string out;     // standard output, and standard error if the command redirects it
};

// `command` is a shell command line; write "2>&1" in it to have diagnostics as well.
inline ProcessResult RunCommand(const std::string& command) {
  ProcessResult result;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  char buffer[65536];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) result.out.append(buffer, n);
  int status = pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_PROCESS_H_
