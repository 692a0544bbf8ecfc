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

#include "tests/support/live_process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// `edict watch`.
class Watch : public LiveProcess {
 public:
  explicit Watch(std::vector<std::string> arguments) : LiveProcess(Arguments(std::move(arguments))) {}

 private:
  static std::vector<std::string> Arguments(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"watch", "--object-cache", "off"});
    return arguments;
  }
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
