// The signals that end a command which judges a stream, as something to be polled beside its input.
#ifndef EDICT_RUNTIME_CLI_END_SIGNALS_H_
#define EDICT_RUNTIME_CLI_END_SIGNALS_H_

#include <atomic>
#include <csignal>

namespace edict::cli {

// SIGINT and SIGTERM, unless they are ignored. They are held back from threads that begin while it lives. A second one ends the
// process as if there was no such handling.
class EndSignals {
 public:
  EndSignals();
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  // Readable when one has come.
  int fd() const { return fd_; }
  // Its number; 0: none has come. From any thread.
  int Came();
  // Waits until the file can be read, at once where it is a regular one. False: a signal has come.
  bool WaitFor(int file);
  // Within a call that waits for something else, a signal ends the process.
  template <typename Call>
  auto Uncaught(const Call& call) {
    pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    const auto result = call();
    if (came_.load(std::memory_order_relaxed) == 0) pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    return result;
  }

 private:
  sigset_t set_ = {};
  int fd_ = -1;
  std::atomic<int> came_{0};
};

// Ends the process by that signal, as who waits for it expects of one that was interrupted.
[[noreturn]] void EndBySignal(int signal);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_END_SIGNALS_H_
