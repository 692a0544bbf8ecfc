#include "runtime/cli/end_signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace edict::cli {

EndSignals::EndSignals() {
  sigemptyset(&set_);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before {};
    // What whoever started the process wants to be ignored, as a shell does for what runs in the background, stays ignored.
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) sigaddset(&set_, signal);
  }
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  fd_ = signalfd(-1, &set_, SFD_NONBLOCK | SFD_CLOEXEC);
}

EndSignals::~EndSignals() {
  if (fd_ >= 0) ::close(fd_);
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
}

int EndSignals::Came() {
  if (const int came = came_.load(std::memory_order_acquire); came != 0) return came;
  signalfd_siginfo info;
  if (::read(fd_, &info, sizeof info) != sizeof info) return 0;
  came_.store(static_cast<int>(info.ssi_signo), std::memory_order_release);
  pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
  return static_cast<int>(info.ssi_signo);
}

bool EndSignals::WaitFor(int file) {
  pollfd waiting[] = {{file, POLLIN, 0}, {fd_, POLLIN, 0}};
  do {
    if (Came() != 0) return false;
  } while (::poll(waiting, 2, -1) < 0 && errno == EINTR);
  return Came() == 0;
}

void EndBySignal(int signal) {
  std::fflush(nullptr);
  std::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  (void)std::raise(signal);
  std::_Exit(128 + signal);
}

}  // namespace edict::cli
