// `edict watch` as a process: rules are edited on disk while it reads.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A child with a pipe to its standard input and one from its output and errors together.
class Watch {
 public:
  explicit Watch(std::vector<std::string> arguments) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return;
    arguments.insert(arguments.begin(), {EDICT_BINARY, "watch", "--object-cache", "off"});
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
  ~Watch() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    CloseInput();
    if (from_ >= 0) close(from_);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void Send(const std::string& text) { EXPECT_EQ(write(to_, text.data(), text.size()), static_cast<ssize_t>(text.size())); }
  void CloseInput() {
    if (to_ >= 0) close(to_);
    to_ = -1;
  }
  void Signal(int signal) const { kill(pid_, signal); }
  // What comes until this text has; fails after a minute.
  std::string Until(const std::string& wanted) {
    const Clock::time_point end = Clock::now() + std::chrono::seconds(60);
    std::string text;
    size_t at = 0;
    while ((at = text_.find(wanted)) == std::string::npos) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
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

std::string Rules(const std::string& version, const std::string& more = "") {
  return "event Event by type { A { id: string }  B {} }\nstate n: int = 0\non A { n += 1 }\n" + more +
         "rule R \"r\" { on A  deny when true  message \"" + version + " {n}\" }\n";
}
constexpr const char* kA = "{\"type\":\"A\",\"id\":\"x\"}\n";

TEST(WatchCommand, TakesUpChangedRules) {
  RuleFolder folder;
  const std::string file = folder.Write("my.rules", Rules("one"));
  Watch watch({"-r", file});
  watch.Until("judges standard input");
  watch.Send(kA);
  watch.Until("error R: one 0\n");
  folder.Write("my.rules", Rules("two", "state m: int = 1\n"));
  EXPECT_NE(watch.Until("kept: state n\n").find("takes over from 1, 1 open stream at the next event\nnew: state m\n"),
            std::string::npos);
  watch.Send(kA);
  watch.Until("error R: two 1\n");
  // What editors do.
  folder.Write("my.rules.new", Rules("three"));
  fs::rename(folder.path() + "/my.rules.new", file);
  watch.Until("kept: state n\n");
  watch.Send(kA);
  watch.Until("error R: three 2\n");
  watch.CloseInput();
  std::string rest;
  EXPECT_EQ(watch.Wait(&rest), 1);
  EXPECT_EQ(rest, "3 events in 1 stream: 3 errors, 0 warnings, 0 info\n");
}

TEST(WatchCommand, BrokenRulesChangeNothing) {
  RuleFolder folder;
  const std::string file = folder.Write("my.rules", Rules("one"));
  Watch watch({"-r", file, "--tier", "interp"});
  watch.Until("judges standard input");
  folder.Write("my.rules", Rules("two") + "rule BROKEN {");
  watch.Until("the changed rules are not taken, rule set 1 stays:\n");
  watch.Until("error[");
  watch.Send(kA);
  watch.Until("error R: one 0\n");
  folder.Write("my.rules", Rules("three"));
  watch.Until("takes over from 1");
  watch.Send(kA);
  watch.Until("error R: three 1\n");
}

TEST(WatchCommand, FollowsFoldersImportsAndWhatIsNew) {
  RuleFolder folder;
  folder.Write("set/a.rules", "package p\nimport \"../lib/b.rules\"\n" + Rules("one"));
  folder.Write("lib/b.rules", "fn limit(): int = 1\n");
  Watch watch({"-r", folder.path() + "/set", "--tier", "interp"});
  watch.Until("judges standard input");
  folder.Write("lib/b.rules", "fn limit(): int = 2\nrule L \"l\" { on A  deny when true  message \"from the import\" }\n");
  watch.Until("takes over from 1");
  watch.Send(kA);
  watch.Until("from the import\n");
  folder.Write("set/deep/c.rules", "package p\nrule C \"c\" { on A  deny when true  message \"from a new folder\" }\n");
  watch.Until("takes over from 2");
  watch.Send(kA);
  watch.Until("from a new folder\n");
}

TEST(WatchCommand, FailingTestsKeepTheRules) {
  RuleFolder folder;
  const auto test = [](const std::string& version) {
    return Rules(version) + "test \"says two\" { A { id: \"x\" } => error R message \"two 0\" }\n";
  };
  const std::string file = folder.Write("my.rules", test("two"));
  Watch watch({"-r", file, "--tests", "--tier", "interp"});
  watch.Until("judges standard input");
  folder.Write("my.rules", test("three"));
  watch.Until("the changed rules are not taken");
  watch.Until("says two");
  watch.Send(kA);
  watch.Until("error R: two 0\n");
}

TEST(WatchCommand, FollowsAFileUntilItIsTold) {
  RuleFolder folder;
  const std::string rules = folder.Write("my.rules", Rules("one"));
  const std::string input = folder.Write("live.ndjson", kA);
  Watch watch({"-r", rules, input, "--output", "ndjson", "--tier", "native"});
  watch.Until("\"message\": \"one 0\"");
  std::ofstream(input, std::ios::app) << kA << "{\"type\":\"A\"";
  watch.Until("\"message\": \"one 1\"");
  std::ofstream(input, std::ios::app) << ",\"id\":\"y\"}\n";
  watch.Until("\"message\": \"one 2\"");
  folder.Write("my.rules", Rules("two"));
  watch.Until("takes over from 1");
  // Another file in its place, and the same one cut short.
  folder.Write("other", kA);
  fs::rename(folder.path() + "/other", input);
  watch.Until("from its beginning");
  watch.Until("\"message\": \"two 3\"");
  std::ofstream(input, std::ios::trunc).close();
  watch.Until("from its beginning");
  std::ofstream(input, std::ios::app) << kA;
  watch.Until("\"message\": \"two 4\"");
  watch.Signal(SIGTERM);
  EXPECT_EQ(watch.Wait(), 1);
}

TEST(WatchCommand, WritersOfAPipeComeAndGo) {
  RuleFolder folder;
  const std::string rules = folder.Write("my.rules", Rules("one"));
  const std::string pipe = folder.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  Watch watch({"-r", rules, pipe, "--tier", "interp"});
  watch.Until("judges");
  std::ofstream(pipe) << kA;
  watch.Until("one 0");
  std::ofstream(pipe) << kA;
  watch.Until("one 1");
  watch.Signal(SIGINT);
  EXPECT_EQ(watch.Wait(), 1);
}

TEST(WatchCommand, PinnedStreamsKeepTheirRules) {
  RuleFolder folder;
  const std::string rules = folder.Write("my.rules", Rules("one"));
  Watch watch({"-r", rules, "--pin", "--key", "/id", "--tier", "interp"});
  watch.Until("judges");
  watch.Send(kA);
  watch.Until("one 0");
  folder.Write("my.rules", Rules("two"));
  watch.Until("1 open stream on others");
  watch.Send(kA);
  watch.Until("one 1");
  watch.Send("{\"type\":\"A\",\"id\":\"new\"}\n");
  watch.Until("two 0");
  watch.CloseInput();
  EXPECT_EQ(watch.Wait(), 1);
}

TEST(WatchCommand, SaysWhatItCannotDo) {
  RuleFolder folder;
  const std::string rules = folder.Write("my.rules", Rules("one"));
  const std::string broken = folder.Write("broken.rules", "rule {");
  EXPECT_EQ(Watch({"-r", broken}).Wait(), 2);
  EXPECT_EQ(Watch({"-r", rules, folder.path() + "/none"}).Wait(), 2);
  EXPECT_EQ(Watch({"-r", rules, folder.path()}).Wait(), 2);
  EXPECT_EQ(Watch({"-r", rules, "--key", "no pointer"}).Wait(), 2);
}

// Nothing to read and no change: it sleeps.
TEST(WatchCommand, WaitsWithoutWork) {
  RuleFolder folder;
  const std::string rules = folder.Write("my.rules", Rules("one"));
  const std::string input = folder.Write("live.ndjson", kA);
  Watch watch({"-r", rules, input, "--tier", "interp"});
  watch.Until("one 0");
  sleep(3);
  watch.Signal(SIGINT);
  EXPECT_EQ(watch.Wait(), 1);
  EXPECT_LT(watch.seconds(), 1.5);
}

}  // namespace
}  // namespace edict::tests
