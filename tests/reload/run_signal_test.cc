// `edict run` that is told to stop: what was read is judged, and nothing is said of ends that did not come.
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "tests/support/live_process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr const char* kRules = R"(package stops 1.0.0
event Event by type {
  A { id: string }
  Z { id: string }
}
lifecycle item by e.id {
  bound 100 keys
  A : absent -> open
  Z : open -> absent else error NOT_OPEN "{key} is not open"
}
at end of stream require item.count(open) == 0 else error LEFT "{item.count(open)} left"
)";

void StopsOn(int signal, const std::vector<std::string>& more) {
  RuleFolder folder;
  folder.Write("stops.rules", kRules);
  std::vector<std::string> arguments = {"run", "-r", folder.path() + "/stops.rules", "-"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  LiveProcess run(arguments);
  run.Send("{\"type\":\"A\",\"id\":\"one\",\"s\":\"x\"}\n{\"type\":\"Z\",\"id\":\"two\",\"s\":\"x\"}\n");
  run.Until("two is not open");
  run.Signal(signal);
  std::string rest;
  EXPECT_EQ(run.Wait(&rest), 128 + signal);
  EXPECT_NE(rest.find("2 events in 1 stream: 1 error"), std::string::npos) << rest;
  EXPECT_NE(rest.find("stopped by a signal; of the input"), std::string::npos) << rest;
  EXPECT_EQ(rest.find("left"), std::string::npos) << rest;
}

TEST(RunSignal, StopsOneStream) { StopsOn(SIGINT, {}); }
TEST(RunSignal, StopsManyStreams) { StopsOn(SIGTERM, {"--key", "/s", "--threads", "2"}); }

// Otherwise the end is an end.
TEST(RunSignal, TheEndOfTheInputIsTheEndOfTheStream) {
  RuleFolder folder;
  folder.Write("stops.rules", kRules);
  LiveProcess run({"run", "-r", folder.path() + "/stops.rules", "-"});
  run.Send("{\"type\":\"A\",\"id\":\"one\"}\n");
  run.CloseInput();
  std::string rest;
  EXPECT_EQ(run.Wait(&rest), 1);
  EXPECT_NE(rest.find("1 left"), std::string::npos) << rest;
}

}  // namespace
}  // namespace edict::tests
