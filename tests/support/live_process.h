// The program under test as a process that is spoken to while it runs.
#ifndef EDICT_TESTS_SUPPORT_LIVE_PROCESS_H_
#define EDICT_TESTS_SUPPORT_LIVE_PROCESS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

namespace edict::tests {

// `edict` with these arguments, with a pipe to its standard input and one from its output and errors together.
class LiveProcess {
 public:
  explicit LiveProcess(std::vector<std::string> arguments) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return;
    arguments.insert(arguments.begin(), EDICT_BINARY);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      dup2(out[1], 2);
      execv(EDICT_BINARY, argv.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
  }
  ~LiveProcess() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    CloseInput();
    if (from_ >= 0) close(from_);
  }
  LiveProcess(const LiveProcess&) = delete;
  LiveProcess& operator=(const LiveProcess&) = delete;

  void Send(const std::string& text) { EXPECT_EQ(write(to_, text.data(), text.size()), static_cast<ssize_t>(text.size())); }
  void CloseInput() {
    if (to_ >= 0) close(to_);
    to_ = -1;
  }
  void Signal(int signal) const { kill(pid_, signal); }
  // What comes until this text has; fails after a minute.
  std::string Until(const std::string& wanted) {
    const std::chrono::steady_clock::time_point end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::string text;
    size_t at = 0;
    while ((at = text_.find(wanted)) == std::string::npos) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
      pollfd ready = {from_, POLLIN, 0};
      char buffer[4096];
      ssize_t n = 0;
      if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) <= 0 || (n = read(from_, buffer, sizeof buffer)) <= 0) {
        ADD_FAILURE() << "\"" << wanted << "\" does not come, but\n" << text_;
        return text_;
      }
      text_.append(buffer, static_cast<size_t>(n));
    }
    text = text_.substr(0, at + wanted.size());
    text_.erase(0, at + wanted.size());
    return text;
  }
  // All that is left, and the exit code.
  int Wait(std::string* rest = nullptr) {
    char buffer[4096];
    for (ssize_t n; (n = read(from_, buffer, sizeof buffer)) > 0;) text_.append(buffer, static_cast<size_t>(n));
    int status = 0;
    rusage usage = {};
    wait4(pid_, &status, 0, &usage);
    pid_ = -1;
    seconds_ = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    if (rest != nullptr) *rest = text_;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  // Of the processor, once it has ended.
  double seconds() const { return seconds_; }

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string text_;
  double seconds_ = 0;
};

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_LIVE_PROCESS_H_
