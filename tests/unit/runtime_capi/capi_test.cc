// The C interface: what goes wrong is a status, structs of other sizes are taken, and all that it can do is done once.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/capi/edict.h"

namespace {

constexpr std::string_view kRules = R"(
package small
event Event by type {
  A { id: string }
  B { id: string }
}
state seen: int = 0
on A { seen += 1 }
rule ONCE "A comes once" {
  on A
  require seen < 1
  message "a second A"
}
)";

class CApi : public testing::Test {
 protected:
  void SetUp() override {
    if (edict_has_compiler() == 0) GTEST_SKIP() << "rule text needs the compiler";
    load_.text = kRules.data();
    load_.text_size = kRules.size();
    ASSERT_EQ(edict_engine_load(&load_, nullptr, &engine_, &error_), EDICT_OK) << edict_error_text(error_);
  }
  void TearDown() override {
    edict_findings_free(found_);
    edict_engine_free(engine_);
    edict_error_free(error_);
  }
  std::vector<std::string> Found() {
    std::vector<std::string> lines;
    edict_findings_take(
        found_,
        [](void* user, const edict_finding* f) {
          static_cast<std::vector<std::string>*>(user)->push_back(std::string(f->stream, f->stream_size) + " " +
                                                                  std::to_string(f->index) + " " + f->code + ": " + f->message);
        },
        &lines);
    return lines;
  }

  edict_load load_ = EDICT_LOAD_INIT;
  edict_engine* engine_ = nullptr;
  edict_error* error_ = nullptr;
  edict_findings* found_ = edict_findings_new();
};

constexpr std::string_view kA = R"({"type":"A","id":"x"})";
using Lines = std::vector<std::string>;

TEST_F(CApi, OneStream) {
  edict_stream* stream = nullptr;
  ASSERT_EQ(edict_stream_open(engine_, "s", 1, &stream), EDICT_OK);
  EXPECT_EQ(edict_stream_feed(stream, kA.data(), kA.size(), 0, found_), EDICT_OK);
  EXPECT_EQ(edict_stream_feed(stream, kA.data(), kA.size(), 30, found_), EDICT_OK);
  EXPECT_EQ(edict_stream_feed_fault(stream, "cut", 3, 60, found_), EDICT_OK);
  EXPECT_EQ(edict_stream_tick(stream, 5, found_), EDICT_OK);
  EXPECT_EQ(edict_stream_use_threads(stream, 2), EDICT_OK);
  EXPECT_EQ(edict_stream_use_threads(nullptr, 2), EDICT_BAD_ARGUMENT);
  edict_stream_stats stats = EDICT_STREAM_STATS_INIT;
  EXPECT_EQ(edict_stream_get_stats(stream, &stats), EDICT_OK);
  EXPECT_EQ(stats.events, 3u);
  EXPECT_EQ(stats.findings[EDICT_ERROR], 2u);
  EXPECT_EQ(stats.generation, 1u);
  EXPECT_EQ(edict_stream_finish(stream, 0, found_), EDICT_OK);
  edict_finding first = EDICT_FINDING_INIT;
  ASSERT_EQ(edict_findings_get(found_, 0, &first), EDICT_OK);
  EXPECT_EQ(std::string(first.code), "ONCE");
  EXPECT_EQ(first.offset, 30u);
  EXPECT_EQ(edict_findings_get(found_, 2, &first), EDICT_NOT_FOUND);
  EXPECT_EQ(Found().size(), 2u);
  edict_stream_free(stream);
}

TEST_F(CApi, CancelledAndLate) {
  edict_stream* stream = nullptr;
  ASSERT_EQ(edict_stream_open(engine_, "s", 1, &stream), EDICT_OK);
  edict_cancel* cancel = edict_cancel_new();
  edict_stop stop = EDICT_STOP_INIT;
  stop.cancel = cancel;
  size_t taken = 99;
  edict_cancel_now(cancel);
  EXPECT_EQ(edict_stream_feed_lines(stream, kA.data(), kA.size(), 0, &stop, found_, &taken), EDICT_STOPPED);
  EXPECT_EQ(taken, 0u);
  edict_cancel_reset(cancel);
  EXPECT_EQ(edict_stream_feed_lines(stream, kA.data(), kA.size(), 0, &stop, found_, &taken), EDICT_OK);
  EXPECT_EQ(taken, kA.size());
  stop.cancel = nullptr;
  stop.timeout_ns = 1;
  EXPECT_EQ(edict_stream_feed_lines(stream, kA.data(), kA.size(), 0, &stop, found_, &taken), EDICT_STOPPED);
  edict_cancel_free(cancel);
  edict_stream_free(stream);
}

TEST_F(CApi, ManyStreams) {
  edict_set_options options = EDICT_SET_OPTIONS_INIT;
  options.max_streams = 2;
  edict_set* set = nullptr;
  ASSERT_EQ(edict_set_new(engine_, &options, &set), EDICT_OK);
  for (const char* key : {"a", "b", "a"}) edict_set_feed(set, key, 1, kA.data(), kA.size(), 0, found_);
  EXPECT_EQ(Found(), Lines{"a 1 ONCE: a second A"});
  EXPECT_EQ(edict_set_finish(set, "b", 1, found_), EDICT_OK);
  EXPECT_EQ(edict_set_finish(set, "b", 1, found_), EDICT_NOT_FOUND);
  for (const char* key : {"c", "d"}) edict_set_feed(set, key, 1, kA.data(), kA.size(), 0, found_);
  const Lines evicted = Found();
  ASSERT_EQ(evicted.size(), 1u);
  EXPECT_EQ(evicted[0].substr(0, 18), "a 2 EDICT_EVICTED:");
  EXPECT_EQ(edict_set_finish_all(set, found_), EDICT_OK);
  edict_set_stats stats = EDICT_SET_STATS_INIT;
  EXPECT_EQ(edict_set_get_stats(set, &stats), EDICT_OK);
  EXPECT_EQ(stats.opened, 4u);
  EXPECT_EQ(stats.ended_events, 5u);
  edict_set_free(set);
}

TEST_F(CApi, Parallel) {
  edict_set_options options = EDICT_SET_OPTIONS_INIT;
  options.threads = 2;
  options.key = "/id";
  edict_parallel* parallel = nullptr;
  ASSERT_EQ(edict_parallel_new(engine_, &options, &parallel), EDICT_OK);
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += std::string(kA) + "\n";
  size_t taken = 0;
  EXPECT_EQ(edict_parallel_take_lines(parallel, lines.data(), lines.size(), 0, nullptr, found_, &taken), EDICT_OK);
  EXPECT_GT(taken, 0u);
  EXPECT_EQ(Found().size(), taken / (kA.size() + 1) - 1);
  EXPECT_EQ(edict_parallel_add(parallel, kA.data(), kA.size(), taken), EDICT_OK);
  EXPECT_EQ(edict_parallel_add_event(parallel, "y", 1, kA.data(), kA.size(), taken), EDICT_OK);
  EXPECT_EQ(edict_parallel_add_fault(parallel, "cut", 3, taken), EDICT_OK);
  EXPECT_GT(edict_parallel_added_bytes(parallel), 0u);
  EXPECT_EQ(edict_parallel_judge(parallel, found_), EDICT_OK);
  EXPECT_EQ(Found().size(), 2u);
  EXPECT_EQ(edict_parallel_finish(parallel, "z", 1, found_), EDICT_NOT_FOUND);
  EXPECT_EQ(edict_parallel_finish(parallel, "y", 1, found_), EDICT_OK);
  EXPECT_EQ(edict_parallel_finish_all(parallel, found_), EDICT_OK);
  edict_set_stats stats = EDICT_SET_STATS_INIT;
  EXPECT_EQ(edict_parallel_get_stats(parallel, &stats), EDICT_OK);
  EXPECT_EQ(stats.opened, 3u);
  edict_parallel_free(parallel);
}

TEST_F(CApi, OtherRules) {
  const std::string stricter = std::string(kRules) + "rule NEVER \"no B\" { on B require false }\n";
  edict_stream* stream = nullptr;
  ASSERT_EQ(edict_stream_open(engine_, "s", 1, &stream), EDICT_OK);
  edict_stream_feed(stream, kA.data(), kA.size(), 0, found_);
  char before[33];
  ASSERT_EQ(edict_engine_hash(engine_, before), EDICT_OK);
  edict_load load = EDICT_LOAD_INIT;
  load.text = "rule";
  load.text_size = 4;
  EXPECT_EQ(edict_engine_reload(engine_, &load, nullptr, &error_), EDICT_BAD_RULES);
  EXPECT_NE(std::string(edict_error_text(error_)), "");
  EXPECT_EQ(edict_engine_generation(engine_), 1u);
  load.text = stricter.c_str();
  load.text_size = stricter.size();
  edict_reload_report report = EDICT_RELOAD_REPORT_INIT;
  ASSERT_EQ(edict_engine_reload(engine_, &load, &report, nullptr), EDICT_OK);
  EXPECT_EQ(report.to, 2u);
  EXPECT_NE(std::string(report.text).find("kept: state seen"), std::string::npos) << report.text;
  edict_stream_feed(stream, kA.data(), kA.size(), 0, found_);
  EXPECT_EQ(Found(), Lines{"s 1 ONCE: a second A"});
  EXPECT_EQ(edict_engine_generation_count(engine_), 2u);
  edict_generation generation = EDICT_GENERATION_INIT;
  EXPECT_EQ(edict_engine_generation_at(engine_, 1, &generation), EDICT_OK);
  EXPECT_EQ(generation.streams, 1u);
  EXPECT_EQ(edict_engine_roll_back(engine_, 9, nullptr, nullptr), EDICT_NOT_FOUND);
  EXPECT_EQ(edict_engine_roll_back(engine_, 1, nullptr, nullptr), EDICT_OK);
  char after[33];
  ASSERT_EQ(edict_engine_hash(engine_, after), EDICT_OK);
  EXPECT_STREQ(after, before);
  edict_stream_free(stream);
}

// A program that was built with an older header has shorter structs; what lies behind them is not touched.
TEST_F(CApi, ShorterStructs) {
  edict_stream* stream = nullptr;
  ASSERT_EQ(edict_stream_open(engine_, "s", 1, &stream), EDICT_OK);
  edict_stream_feed(stream, kA.data(), kA.size(), 0, found_);
  edict_stream_stats stats;
  std::memset(&stats, 0x55, sizeof stats);
  stats.struct_size = offsetof(edict_stream_stats, not_validated);
  EXPECT_EQ(edict_stream_get_stats(stream, &stats), EDICT_OK);
  EXPECT_EQ(stats.events, 1u);
  EXPECT_EQ(stats.not_validated, 0x5555555555555555u);
  EXPECT_EQ(stats.struct_size, offsetof(edict_stream_stats, not_validated));
  stats.struct_size = 0;
  EXPECT_EQ(edict_stream_get_stats(stream, &stats), EDICT_BAD_ARGUMENT);
  edict_stream_free(stream);
  edict_load nothing = EDICT_LOAD_INIT;
  edict_engine* none = nullptr;
  EXPECT_EQ(edict_engine_load(&nothing, nullptr, &none, nullptr), EDICT_BAD_RULES);
  EXPECT_EQ(edict_engine_load(nullptr, nullptr, &none, nullptr), EDICT_BAD_ARGUMENT);
  EXPECT_EQ(edict_stream_feed(nullptr, "", 0, 0, found_), EDICT_BAD_ARGUMENT);
}

// Takes an argument of each type and gives it back, or says what is wrong.
void Echo(void* user, edict_host_call* call) {
  ++*static_cast<int*>(user);
  size_t size = 0;
  const char* text = edict_host_text(call, 0, &size);
  if (std::string_view(text, size) == "fail") return edict_host_fail(call, "not this one", 12);
  if (std::string_view(text, size) == "int") return edict_host_return_int(call, 1);
  if (std::string_view(text, size) == "nothing") return;
  int32_t nanos = 0;
  const int64_t seconds = edict_host_time(call, 5, &nanos);
  const std::string all = std::string(text, size) + " " + std::to_string(edict_host_bool(call, 1)) + " " +
                          std::to_string(edict_host_int(call, 2)) + " " + std::to_string(edict_host_uint(call, 3)) + " " +
                          std::to_string(edict_host_double(call, 4)) + " " + std::to_string(seconds) + "." + std::to_string(nanos) +
                          " " + std::to_string(edict_host_int(call, 0)) + std::to_string(edict_host_int(call, 99));
  edict_host_return_text(call, all.data(), all.size());
}

constexpr std::string_view kHostRules = R"(
host fn echo(s: string, b: bool, i: int, u: uint, d: double, t: duration): string cost 10
event Event by type { A { id: string } }
rule SAYS "what comes back" { on A as e require false message "{echo(e.id, true, -7, 7u, 0.5, duration('1.5s'))}" }
)";

TEST_F(CApi, HostFunctions) {
  load_.text = kHostRules.data();
  load_.text_size = kHostRules.size();
  edict_engine* engine = nullptr;
  EXPECT_EQ(edict_engine_load(&load_, nullptr, &engine, &error_), EDICT_BAD_RULES);
  EXPECT_EQ(
      std::string(edict_error_text(error_)),
      "the rules call the host function echo(string, bool, int, uint, double, duration): string, which the engine is not given");
  int calls = 0;
  edict_host_function function = EDICT_HOST_FUNCTION_INIT;
  function.signature = "echo(string, bool, int, uint, double, duration): string";
  function.call = Echo;
  function.user = &calls;
  edict_engine_options options = EDICT_ENGINE_OPTIONS_INIT;
  options.host_functions = &function;
  options.host_function_count = 1;
  ASSERT_EQ(edict_engine_load(&load_, &options, &engine, nullptr), EDICT_OK);
  edict_stream* stream = nullptr;
  ASSERT_EQ(edict_stream_open(engine, "s", 1, &stream), EDICT_OK);
  for (const std::string id : {"x", "fail", "int", "nothing"}) {
    const std::string event = R"({"type":"A","id":")" + id + "\"}";
    edict_stream_feed(stream, event.data(), event.size(), 0, found_);
  }
  const Lines found = Found();
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0], "s 0 SAYS: x 1 -7 7 0.500000 1.500000000 00");
  EXPECT_NE(found[1].find("echo: not this one"), std::string::npos) << found[1];
  EXPECT_NE(found[2].find("echo: it gives a value of type int"), std::string::npos) << found[2];
  EXPECT_NE(found[3].find("echo: it gives no answer"), std::string::npos) << found[3];
  EXPECT_GE(calls, 4);
  edict_stream_free(stream);
  edict_engine_free(engine);
  function.struct_size = 3;
  EXPECT_EQ(edict_engine_load(&load_, &options, &engine, nullptr), EDICT_BAD_ARGUMENT);
}

TEST_F(CApi, MeasuresAndOrdersByCost) {
  edict_engine_options options = EDICT_ENGINE_OPTIONS_INIT;
  options.profile_share = 1;
  options.fail_fast = 1;
  options.cache = EDICT_CACHE_OFF;
  edict_engine* measured = nullptr;
  ASSERT_EQ(edict_engine_load(&load_, &options, &measured, &error_), EDICT_OK);
  edict_stream* stream = nullptr;
  ASSERT_EQ(edict_stream_open(measured, "s", 1, &stream), EDICT_OK);
  for (int i = 0; i < 3; ++i) edict_stream_feed(stream, kA.data(), kA.size(), 0, found_);
  edict_stream_free(stream);
  EXPECT_EQ(Found().size(), 2u);
  char* text = nullptr;
  size_t size = 0;
  ASSERT_EQ(edict_engine_metrics(measured, &text, &size), EDICT_OK);
  EXPECT_NE(std::string_view(text, size).find("edict_events_total 3\n"), std::string_view::npos) << text;
  edict_text_free(text);
  ASSERT_EQ(edict_engine_cost_profile(measured, &text, &size), EDICT_OK);
  EXPECT_NE(std::string_view(text, size).find("\"code\": \"ONCE\""), std::string_view::npos) << text;
  edict_load by_cost = load_;
  by_cost.order_checks = 1;
  by_cost.costs = text;
  by_cost.costs_size = size;
  EXPECT_EQ(edict_engine_reload(measured, &by_cost, nullptr, &error_), EDICT_OK);
  by_cost.costs_size = size / 2;
  EXPECT_EQ(edict_engine_reload(measured, &by_cost, nullptr, &error_), EDICT_BAD_RULES);
  EXPECT_NE(std::string_view(edict_error_text(error_)).find("cost profile"), std::string_view::npos);
  edict_text_free(text);
  edict_engine_free(measured);
  EXPECT_EQ(edict_engine_metrics(nullptr, &text, &size), EDICT_BAD_ARGUMENT);
}

}  // namespace
